import {
  assessmentBlock,
  clinicalBlock,
  intervalCancerBlock,
  lesionBlock,
  screeningBlock,
} from './course-blocks.js';
import { workday } from './dates.js';
import { otherSide, type Lesion, type Nature, type Side } from './lesion.js';
import { fineBiopsyBlock, surgeryBlock, wideBiopsyBlock } from './pathology-blocks.js';
import type { Random } from './random.js';
import type { Value } from './values.js';

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

/** What became of an episode. */
export type Kind =
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

export const isInterval = (kind: Kind): boolean => kind === 'interval' || kind === 'interval_reported';

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
export interface EpisodePlan {
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

/** What happens in an episode, the studies and the NBSS blocks that it leaves behind. */
export function makeEpisode(plan: EpisodePlan): Episode {
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
