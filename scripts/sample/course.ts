import {
  assessmentBlock,
  clinicalBlock,
  fineBiopsyBlock,
  intervalCancerBlock,
  lesionBlock,
  screeningBlock,
  surgeryBlock,
  wideBiopsyBlock,
} from './course-blocks.js';
import { dayOf, workday } from './dates.js';
import type { Random } from './random.js';
import type { Value } from './values.js';

export type Side = 'L' | 'R';
export type Nature = 'normal' | 'benign' | 'in_situ' | 'invasive';

/** A lesion of an episode, numbered from 1 within it. */
export interface Lesion {
  readonly side: Side;
  readonly number: number;
  readonly nature: Nature;
  /** Code of list LESDES: MA mass, CA calcification, … */
  readonly description: string;
  readonly position: string;
  readonly sizeMm: number;
}

/** Images that were taken on one day of an episode. */
export interface Visit {
  readonly day: number;
  readonly purpose: 'screen' | 'repeat' | 'assessment';
  readonly sides: readonly Side[];
}

export interface Episode {
  readonly id: string;
  /** Code of list EPC. */
  readonly type: string;
  /** Code of list ACT: the final action. */
  readonly action: string;
  readonly opened: number;
  readonly closed: number;
  readonly ageYears: number;
  readonly lesions: readonly Lesion[];
  readonly visits: readonly Visit[];
  readonly blocks: Record<string, Value>;
  /** Day of the diagnosis of an interval cancer. */
  readonly intervalDiagnosis: number | null;
}

export interface Course {
  readonly birthDay: number;
  readonly classification: 'N' | 'B' | 'M' | 'CI';
  readonly episodes: readonly Episode[];
}

/** What became of an episode. */
type Kind =
  | 'normal'
  | 'technical'
  | 'assessed'
  | 'biopsied'
  | 'benign'
  | 'benign_surgery'
  | 'malignant'
  | 'malignant_bilateral'
  | 'interval';

/** How the episodes of a client end, the last one first: the ones before it were normal. */
const LAST_KINDS: readonly Kind[] = [
  'normal', 'malignant', 'normal', 'assessed', 'normal', 'interval', 'technical', 'normal', 'benign', 'malignant_bilateral',
  'normal', 'normal', 'biopsied', 'normal', 'malignant', 'normal', 'benign_surgery', 'normal', 'technical', 'normal',
]; // prettier-ignore

const DAYS_PER_YEAR = 365.25;

/**
 * The screening history of the sample's `index`-th client: routine screens every three years (every year at higher
 * risk), of which the last may have led to assessment, biopsy and surgery, or was followed by an interval cancer.
 */
export function makeCourse(index: number, random: Random): Course {
  const last = LAST_KINDS[index % LAST_KINDS.length]!;
  const higherRisk = index % 31 === 15;
  const firstAge = higherRisk ? random.int(41, 48) : random.int(50, 64);
  // Screening went digital about then.
  const firstOpened = workday(dayOf(random.int(2006, 2013), random.int(1, 12), random.int(1, 28)));
  const birthDay = firstOpened - Math.round((firstAge + random.float()) * DAYS_PER_YEAR);
  let opened = firstOpened;
  const count = last === 'interval' ? random.int(2, 3) : random.pick([1, 1, 1, 2, 2, 2, 3, 3]);
  const firstId = random.int(10_000, 90_000);
  const episodes: Episode[] = [];
  for (let i = 0; i < count; i++) {
    const kind = i === count - 1 ? last : 'normal';
    if (kind === 'interval') opened = workday(opened - random.int(300, 700));
    const type = kind === 'interval' ? 'CI' : episodeType(i, higherRisk, random);
    const ageYears = Math.floor((opened - birthDay) / DAYS_PER_YEAR);
    episodes.push(makeEpisode(String(firstId + 7 * i), kind, type, opened, ageYears, random));
    opened = workday(opened + (higherRisk ? 365 : 3 * 365) + random.int(-30, 60));
  }
  return { birthDay, classification: CLASSIFICATION[last], episodes };
}

const CLASSIFICATION: Record<Kind, Course['classification']> = {
  normal: 'N',
  technical: 'N',
  assessed: 'N',
  biopsied: 'N',
  benign: 'B',
  benign_surgery: 'B',
  malignant: 'M',
  malignant_bilateral: 'M',
  interval: 'CI',
};

function episodeType(number: number, higherRisk: boolean, random: Random): string {
  if (higherRisk) return 'H';
  if (number === 0) return random.pick(['F', 'F', 'F', 'S', 'G']);
  return random.pick(['R', 'R', 'R', 'R', 'N']);
}

const ACTION: Record<Kind, string> = {
  normal: 'RR',
  technical: 'RR',
  assessed: 'RR',
  biopsied: 'RR',
  benign: 'RR',
  benign_surgery: 'RR',
  malignant: 'ST',
  malignant_bilateral: 'ST',
  interval: 'FP',
};

const NATURES: Record<Kind, readonly Nature[]> = {
  normal: [],
  technical: [],
  assessed: ['normal'],
  biopsied: ['normal'],
  benign: ['benign'],
  benign_surgery: ['benign'],
  malignant: ['invasive', 'in_situ'],
  malignant_bilateral: ['invasive'],
  interval: ['invasive'],
};

function makeEpisode(
  id: string,
  kind: Kind,
  type: string,
  opened: number,
  ageYears: number,
  random: Random,
): Episode {
  const lesions = makeLesions(kind, random);
  const draft: Draft = { kind, lesions, blocks: {}, visits: [], next: opened, ageYears, random };
  const intervalDiagnosis = kind === 'interval' ? opened : null;
  if (kind === 'interval') intervalCancer(draft);
  else screen(draft);
  if (lesions.length > 0) {
    if (kind !== 'interval') assess(draft);
    if (kind !== 'assessed') biopsy(draft);
    if (ACTION[kind] !== 'RR' || kind === 'benign_surgery') operate(draft);
    draft.blocks['LESION'] = lesionBlock(lesions, random);
  }
  const closed = draft.next + random.int(5, 40);
  const { visits, blocks } = draft;
  return {
    id,
    type,
    action: ACTION[kind],
    opened,
    closed,
    ageYears,
    lesions,
    visits,
    blocks,
    intervalDiagnosis,
  };
}

/** An episode while its steps are added one after the other. */
interface Draft {
  readonly kind: Kind;
  readonly lesions: readonly Lesion[];
  readonly blocks: Record<string, Value>;
  readonly visits: Visit[];
  /** Day of the last step. */
  next: number;
  readonly ageYears: number;
  readonly random: Random;
}

function makeLesions(kind: Kind, random: Random): Lesion[] {
  const natures = NATURES[kind];
  if (natures.length === 0) return [];
  const first = random.pick<Side>(['L', 'R']);
  const other: Side = first === 'L' ? 'R' : 'L';
  const sides =
    kind === 'malignant_bilateral' ? [first, other] : random.chance(0.25) ? [first, first] : [first];
  const seen = { L: 0, R: 0 };
  return sides.map((side) => ({
    side,
    number: ++seen[side],
    nature: random.pick(natures),
    description: random.pick(['MA', 'MA', 'CA', 'MC', 'DS', 'AS']),
    position: side + random.pick(['B1', 'B2', 'B3', 'C2', 'C3', 'D2', 'D3']),
    sizeMm: random.int(5, 42),
  }));
}

function screen(draft: Draft): void {
  const { kind, lesions, ageYears, random } = draft;
  const found = lesions.length > 0;
  draft.blocks['SCREENING'] = screeningBlock({ day: draft.next, lesions, ageYears, random, reason: 'S1' });
  draft.visits.push({ day: draft.next, purpose: 'screen', sides: ['R', 'L'] });
  if (kind !== 'technical' && !(found && random.chance(0.05))) return;
  draft.next = workday(draft.next + random.int(5, 21));
  const repeat = screeningBlock({ day: draft.next, lesions, ageYears, random, reason: 'TP' });
  draft.blocks['OTHERSCREENING'] = { '1': repeat };
  draft.visits.push({ day: draft.next, purpose: 'repeat', sides: [random.pick<Side>(['R', 'L'])] });
}

function assess(draft: Draft): void {
  const { lesions, blocks, random } = draft;
  draft.next = workday(draft.next + random.int(7, 24));
  blocks['ASSESSMENT'] = assessmentBlock({ day: draft.next, lesions, random });
  blocks['CLINICAL'] = random.chance(0.8)
    ? clinicalBlock({ day: draft.next, lesions, random })
    : random.pick<Value>([null, {}]);
  const sides = [...new Set(lesions.map(({ side }) => side))];
  draft.visits.push({ day: draft.next, purpose: 'assessment', sides });
}

function intervalCancer(draft: Draft): void {
  const { lesions, blocks, random } = draft;
  blocks['INTERVALCANCER'] = intervalCancerBlock({ day: draft.next, lesions, random });
  if (random.chance(0.6)) blocks['ASSESSMENT'] = assessmentBlock({ day: draft.next, lesions, random });
  draft.visits.push({ day: draft.next, purpose: 'assessment', sides: ['R', 'L'] });
}

function biopsy(draft: Draft): void {
  const { lesions, blocks, random } = draft;
  // A needle is often used on the day of the assessment.
  if (random.chance(0.5)) draft.next = workday(draft.next + random.int(1, 10));
  const step = { day: draft.next, lesions, random };
  if (random.chance(0.2)) blocks['BIOPSYFINE'] = fineBiopsyBlock(step);
  blocks['BIOPSYWIDE'] = wideBiopsyBlock(step);
}

function operate(draft: Draft): void {
  draft.next = workday(draft.next + draft.random.int(14, 45));
  draft.blocks['SURGERY'] = surgeryBlock({ day: draft.next, lesions: draft.lesions, random: draft.random });
}
