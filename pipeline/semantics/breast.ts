import type { EventName } from '../../schemas/tables/events.js';
import type { Side } from '../nbss/blocks.js';
import { TISSUE_EVENTS } from './episode.js';
import {
  DCIS_GRADES,
  DISEASE_GRADES,
  lesionMeaning,
  type LesionGrade,
  type LesionMeaning,
} from './lesion.js';
import type { EpisodeFacts, EventFacts, LesionFacts, SideOpinion } from './facts.js';

/**
 * Labels of one breast in one episode. Only what is recorded of that side counts: a cancer in the right breast labels no
 * left image.
 */

export interface BreastOpinion {
  readonly event: EventName;
  readonly eventNumber: number;
  readonly opinion: SideOpinion;
}

export interface BreastLabels {
  /** Opinions on this side, events in the order of table `events`; events without an opinion on it are left out. */
  readonly opinions: readonly BreastOpinion[];
  /** Surgery, wide or fine biopsy with OM on this side, and which of them. */
  readonly hasMalignantOpinion: boolean;
  readonly malignantFrom: readonly EventName[];
  /** Likewise OB. */
  readonly hasBenignOpinion: boolean;
  readonly benignFrom: readonly EventName[];
  readonly lesionCount: number;
  readonly hasLesion: boolean;
  /** Whether any lesion of this side is invasive, and whether any is in situ: both where it has several. */
  readonly invasive: boolean;
  readonly inSitu: boolean;
  /** The worst grade of this side's lesions, see `GRADES_WORST_FIRST`. */
  readonly worstGrade: LesionGrade | null;
  /** Where the labels come from, in words, e.g. `malignant opinion: surgery; lesion 1: assessment, surgery`. */
  readonly from: string | null;
}

/** Grades of invasive cancer before those of DCIS; 'not assessable' after every assessed grade, invasive first. */
export const GRADES_WORST_FIRST: readonly LesionGrade[] = [
  ...DISEASE_GRADES.filter((grade) => grade !== 'NA'),
  ...DCIS_GRADES.filter((grade) => grade !== 'NDN'),
  'NA',
  'NDN',
];

interface JudgedLesion {
  readonly lesion: LesionFacts;
  readonly meaning: LesionMeaning;
}

/** Opinions on a side, of the events that the rules count and then of the others, in the order given. */
function opinionsOn(side: Side, { events, otherEvents }: EpisodeFacts): BreastOpinion[] {
  const found: BreastOpinion[] = [];
  const add = ({ kind, number, opinions }: EventFacts<EventName>): void => {
    const opinion = opinions[side];
    if (opinion !== null) found.push({ event: kind, eventNumber: number, opinion });
  };
  events.forEach(add);
  otherEvents.forEach(add);
  return found;
}

const NONE: readonly never[] = [];

function tissueEventsWith(opinion: SideOpinion, side: Side, { events }: EpisodeFacts): readonly EventName[] {
  const found = events.filter(
    ({ kind, opinions }) => opinions[side] === opinion && TISSUE_EVENTS.includes(kind),
  );
  if (found.length === 0) return NONE;
  return TISSUE_EVENTS.filter((kind) => found.some((event) => event.kind === kind));
}

/** The lesions of a side by number, with what tissue says of them. */
function lesionsOn(side: Side, { lesions }: EpisodeFacts): readonly JudgedLesion[] {
  if (lesions.length === 0) return NONE;
  return lesions
    .filter((lesion) => lesion.side === side)
    .sort((a, b) => a.lesionNumber - b.lesionNumber)
    .map((lesion) => ({ lesion, meaning: lesionMeaning(lesion) }));
}

/** Lesions of a side with the worst grade first; among equals the lower number. */
function byGrade(lesions: readonly JudgedLesion[]): JudgedLesion[] {
  const rank = ({ meaning: { grade } }: JudgedLesion): number =>
    grade === null ? GRADES_WORST_FIRST.length : GRADES_WORST_FIRST.indexOf(grade);
  return [...lesions].sort((a, b) => rank(a) - rank(b) || a.lesion.lesionNumber - b.lesion.lesionNumber);
}

const EVENT_WORDS: Readonly<Record<EventName, string>> = {
  screening: 'screening',
  assessment: 'assessment',
  clinical: 'clinical examination',
  biopsy_wide: 'wide biopsy',
  biopsy_fine: 'fine biopsy',
  surgery: 'surgery',
  interval_cancer: 'interval cancer',
};

/** A lesion and the events that name it; without any, only the LESION block does. */
function seenWords({ lesionNumber, seenIn }: LesionFacts): readonly [string, readonly string[]] {
  const events = seenIn.map((event) => EVENT_WORDS[event]);
  return [`lesion ${lesionNumber}`, events.length > 0 ? events : ['lesion block']];
}

function lesionWords(
  lesions: readonly JudgedLesion[],
  from: (meaning: LesionMeaning) => readonly EventName[],
): string[] {
  return lesions.flatMap(({ lesion, meaning }) =>
    from(meaning).map((event) => `${EVENT_WORDS[event]} of lesion ${lesion.lesionNumber}`),
  );
}

function fromWords(parts: readonly (readonly [string, readonly string[]])[]): string | null {
  const said = parts.filter(([, sources]) => sources.length > 0);
  return said.length === 0
    ? null
    : said.map(([what, sources]) => `${what}: ${sources.join(', ')}`).join('; ');
}

function sourceWords(
  lesions: readonly JudgedLesion[],
  malignant: readonly EventName[],
  benign: readonly EventName[],
): string | null {
  if (lesions.length === 0 && malignant.length === 0 && benign.length === 0) return null;
  const worst = byGrade(lesions)[0];
  const grade = worst?.meaning.grade ?? null;
  return fromWords([
    ['malignant opinion', malignant.map((event) => EVENT_WORDS[event])],
    ['benign opinion', benign.map((event) => EVENT_WORDS[event])],
    ...lesions.map(({ lesion }) => seenWords(lesion)),
    ['invasive', lesionWords(lesions, ({ invasiveFrom }) => invasiveFrom)],
    ['in situ', lesionWords(lesions, ({ inSituFrom }) => inSituFrom)],
    [
      `worst grade ${grade ?? ''}`,
      grade === null
        ? []
        : lesionWords([worst!], ({ gradeFrom }) => (gradeFrom ? [gradeFrom.procedure] : [])),
    ],
  ]);
}

/** The labels of one breast in an episode. */
export function breastLabels(episode: EpisodeFacts, side: Side): BreastLabels {
  const malignantFrom = tissueEventsWith('OM', side, episode);
  const benignFrom = tissueEventsWith('OB', side, episode);
  const lesions = lesionsOn(side, episode);
  return {
    opinions: opinionsOn(side, episode),
    hasMalignantOpinion: malignantFrom.length > 0,
    malignantFrom,
    hasBenignOpinion: benignFrom.length > 0,
    benignFrom,
    lesionCount: lesions.length,
    hasLesion: lesions.length > 0,
    invasive: lesions.some(({ meaning }) => meaning.invasive),
    inSitu: lesions.some(({ meaning }) => meaning.inSitu),
    worstGrade: lesions.length === 0 ? null : byGrade(lesions)[0]!.meaning.grade,
    from: sourceWords(lesions, malignantFrom, benignFrom),
  };
}
