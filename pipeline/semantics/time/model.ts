import type { LesionEvent, Side } from '../../nbss/blocks.js';
import type { EpisodeFacts } from '../facts.js';

/** What the rules of breasts over time need to know beside `EpisodeFacts`. Dates are whole days since 1970-01-01. */

/** One lesion in one procedure: a row of assessments, clinical_exams, wide_biopsies, fine_biopsies, surgeries, interval_cancers. */
export interface ProcedureFacts {
  readonly event: LesionEvent;
  readonly side: Side;
  readonly lesionNumber: number;
  /** DatePerformed. */
  readonly date: number | null;
  /** Code of list OPINION, e.g. B5. */
  readonly opinion: string | null;
  /** Code of list MALTYPE: a in situ, b invasive, c not assessable. */
  readonly malignancyType: string | null;
}

export interface EpisodeHistory extends EpisodeFacts {
  /** In the order of the events, L before R, by lesion number. */
  readonly procedures: readonly ProcedureFacts[];
  /** EpisodeIsClosed; null where not given. */
  readonly isClosed: boolean | null;
}
