import type { EventName } from '../../schemas/tables/events.js';
import type { LesionEvent, Side } from '../nbss/blocks.js';

/**
 * What the rules of the semantics page of OMI-DB need to know of a client. Dates are whole days since 1970-01-01.
 */

/** Opinion on a whole breast: normal, benign, malignant, suspicious, uncertain. Any other text counts as none. */
export const SIDE_OPINIONS = ['ON', 'OB', 'OM', 'OS', 'OU'] as const;
export type SideOpinion = (typeof SIDE_OPINIONS)[number];

/** The kinds of event that the rules know, in their order; an interval-cancer block is none of them. */
export const EVENT_KINDS = [
  'screening',
  'assessment',
  'clinical',
  'biopsy_wide',
  'biopsy_fine',
  'surgery',
] as const satisfies readonly EventName[];
export type EventKind = (typeof EVENT_KINDS)[number];

export interface EventFacts<Kind extends EventName = EventKind> {
  readonly kind: Kind;
  /** 1; further screens 2, 3, … */
  readonly number: number;
  /** Distinct. */
  readonly dates: readonly number[];
  readonly opinions: Readonly<Record<Side, SideOpinion | null>>;
}

/** What the laboratory found in the tissue of one lesion; codes as they stand, null or an empty list where not given. */
export interface PathologyFacts {
  readonly invasiveComponents: readonly string[];
  readonly invasiveType: string | null;
  readonly diseaseGrade: string | null;
  readonly inSituComponents: readonly string[];
  readonly dcisGrade: string | null;
}

export interface WideBiopsyFacts extends PathologyFacts {
  readonly malignancyType: string | null;
}

export interface LesionFacts {
  readonly side: Side;
  readonly lesionNumber: number;
  /** The procedures that name it, in the order of their events. */
  readonly seenIn: readonly LesionEvent[];
  readonly wideBiopsy: WideBiopsyFacts | null;
  readonly surgery: PathologyFacts | null;
}

export interface EpisodeFacts {
  readonly episodeId: string;
  /** Code of list EPC, e.g. CI; null where none is given. */
  readonly type: string | null;
  readonly openedDate: number | null;
  /** IntervalCancerDateOfDiagnosis. */
  readonly diagnosisDate: number | null;
  /**
   * The events that the rules count: every block that is present, an empty one too, in the order of `EVENT_KINDS`.
   * Further screens (OTHERSCREENING) only beside a first one (SCREENING).
   */
  readonly events: readonly EventFacts[];
  /** What the rules do not count: interval cancer, and further screens without a first one. */
  readonly otherEvents: readonly EventFacts<EventName>[];
  /** Every lesion that the episode names. */
  readonly lesions: readonly LesionFacts[];
}

/** The side opinion that a canonical code stands for; null for none and for any other code or text. */
export function sideOpinion(code: string | null): SideOpinion | null {
  return SIDE_OPINIONS.find((opinion) => opinion === code) ?? null;
}
