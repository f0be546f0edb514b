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
export type Nature = 'normal' | 'benign' | 'suspicious' | 'in_situ' | 'invasive';

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
  readonly purpose: 'screen' | 'repeat' | 'assessment' | 'specimen' | 'follow_up' | 'phantom';
  readonly sides: readonly Side[];
}

export interface Episode {
  readonly id: string;
  /** Code of list EPC. */
  readonly type: string;
  /** Code of list ACT: the final action; null in an episode without conclusion. */
  readonly action: string | null;
  readonly open: boolean;
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
  | 'interval'
  /** Known from the record of the interval cancer alone: no biopsy, no surgery. */
  | 'interval_reported'
  /** Called back and never assessed. */
  | 'recalled'
  /** The cores were suspicious (B4), and nobody operated. */
  | 'suspicious';

/** How the episodes of a client end, the last one first: the ones before it were normal. */
const LAST_KINDS: readonly Kind[] = [
  'normal', 'malignant', 'normal', 'assessed', 'normal', 'interval', 'technical', 'normal', 'benign', 'malignant_bilateral',
  'normal', 'normal', 'biopsied', 'normal', 'malignant', 'normal', 'benign_surgery', 'recalled', 'technical', 'normal',
  'suspicious', 'interval_reported', 'normal',
]; // prettier-ignore

const DAYS_PER_YEAR = 365.25;

/**
 * The screening history of the sample's `index`-th client: routine screens every three years (every year at higher
 * risk), of which the last may have led to assessment, biopsy and surgery, or was followed by an interval cancer. Some
 * women with cancer had a benign lesion in their other breast at the screen before.
 */
export function makeCourse(index: number, random: Random): Course {
  const last = LAST_KINDS[index % LAST_KINDS.length]!;
  const higherRisk = index % 31 === 15;
  const firstAge = higherRisk ? random.int(41, 48) : random.int(50, 64);
  // Screening went digital about then.
  const firstOpened = workday(dayOf(random.int(2006, 2013), random.int(1, 12), random.int(1, 28)));
  const birthDay = firstOpened - Math.round((firstAge + random.float()) * DAYS_PER_YEAR);
  let opened = firstOpened;
  const interval = isInterval(last);
  const count = interval ? random.int(2, 3) : random.pick([1, 1, 1, 2, 2, 2, 3, 3]);
  const firstId = random.int(10_000, 90_000);
  const side = random.pick<Side>(['L', 'R']);
  const benignBefore = CLASSIFICATION[last] === 'M' && random.chance(0.4);
  const episodes: Episode[] = [];
  for (let i = 0; i < count; i++) {
    const isLast = i === count - 1;
    const kind = isLast ? last : benignBefore && i === count - 2 ? 'benign' : 'normal';
    if (isInterval(kind)) opened = workday(opened - random.int(300, 700));
    const ageYears = Math.floor((opened - birthDay) / DAYS_PER_YEAR);
    episodes.push(
      makeEpisode({
        id: String(firstId + 7 * i),
        kind,
        type: isInterval(kind) ? 'CI' : episodeType(i, higherRisk, random),
        opened,
        ageYears,
        side: isLast ? side : otherSide(side),
        phantom: index % 23 === 9 && i === 0,
        random,
      }),
    );
    opened = workday(opened + (higherRisk ? 365 : 3 * 365) + random.int(-30, 60));
  }
  return { birthDay, classification: CLASSIFICATION[last], episodes };
}

const isInterval = (kind: Kind): boolean => kind === 'interval' || kind === 'interval_reported';
const otherSide = (side: Side): Side => (side === 'L' ? 'R' : 'L');

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
  interval_reported: 'CI',
  recalled: 'N',
  suspicious: 'N',
};

function episodeType(number: number, higherRisk: boolean, random: Random): string {
  if (higherRisk) return 'H';
  if (number === 0) return random.pick(['F', 'F', 'F', 'S', 'G']);
  return random.pick(['R', 'R', 'R', 'R', 'N']);
}

const ACTION: Record<Kind, string | null> = {
  normal: 'RR',
  technical: 'RR',
  assessed: 'RR',
  biopsied: 'RR',
  benign: 'RR',
  benign_surgery: 'RR',
  malignant: 'ST',
  malignant_bilateral: 'ST',
  interval: 'FP',
  interval_reported: 'FP',
  recalled: null,
  suspicious: 'EC',
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
  interval_reported: ['invasive'],
  // Nobody knows what the readers saw.
  recalled: ['normal'],
  suspicious: ['suspicious'],
};

/** What is known of an episode before anything happens in it. */
interface EpisodePlan {
  readonly id: string;
  readonly kind: Kind;
  readonly type: string;
  readonly opened: number;
  readonly ageYears: number;
  /** Breast of its lesions, the first of them where it has some in both. */
  readonly side: Side;
  /** The unit's quality control of that day was filed under this woman. */
  readonly phantom: boolean;
  readonly random: Random;
}

function makeEpisode(plan: EpisodePlan): Episode {
  const { id, kind, type, opened, ageYears, random } = plan;
  const lesions = makeLesions(plan);
  const draft: Draft = { kind, lesions, blocks: {}, visits: [], next: opened, ageYears, random };
  if (isInterval(kind)) intervalCancer(draft);
  else screen(draft);
  if (plan.phantom) draft.visits.push({ day: opened, purpose: 'phantom', sides: ['L'] });
  if (lesions.length > 0 && kind !== 'recalled') workUp(draft);
  const { visits, blocks } = draft;
  return {
    id,
    type,
    action: ACTION[kind],
    open: kind === 'recalled' || (!isInterval(kind) && Number(id) % 11 === 0),
    opened,
    closed: draft.next + random.int(5, 40),
    ageYears,
    lesions,
    visits,
    blocks,
    intervalDiagnosis: isInterval(kind) ? opened : null,
  };
}

/** What follows a recall, and the diagnosis of an interval cancer. */
function workUp(draft: Draft): void {
  const { kind, lesions, random } = draft;
  if (!isInterval(kind)) assess(draft);
  if (kind !== 'assessed' && kind !== 'interval_reported') biopsy(draft);
  if (OPERATED.has(kind)) operate(draft);
  draft.blocks['LESION'] = lesionBlock(lesions, random);
}

const OPERATED: ReadonlySet<Kind> = new Set([
  'malignant',
  'malignant_bilateral',
  'interval',
  'benign_surgery',
]);

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

function makeLesions({ kind, side: first, random }: EpisodePlan): Lesion[] {
  const natures = NATURES[kind];
  if (natures.length === 0) return [];
  const both = kind === 'malignant_bilateral';
  const sides = both ? [first, otherSide(first)] : random.chance(0.25) ? [first, first] : [first];
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
  const { lesions, visits, random } = draft;
  draft.next = workday(draft.next + random.int(14, 45));
  draft.blocks['SURGERY'] = surgeryBlock({ day: draft.next, lesions, random });
  const sides = [...new Set(lesions.map(({ side }) => side))];
  if (random.chance(0.25)) visits.push({ day: draft.next, purpose: 'specimen', sides });
  // A year later, in the same episode; NBSS has no event for it.
  if (draft.kind === 'benign_surgery' || !random.chance(0.3)) return;
  draft.next = workday(draft.next + 365 + random.int(-20, 40));
  visits.push({ day: draft.next, purpose: 'follow_up', sides: ['R', 'L'] });
}
