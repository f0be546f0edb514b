import type { Table } from '../../schemas/column.js';
import { nbssColumns } from '../../schemas/nbss/column.js';
import { noValues } from '../../schemas/no-values.js';
import type { TypedRecord } from '../../schemas/row.js';
import { assessments } from '../../schemas/tables/assessments.js';
import { clinicalExams } from '../../schemas/tables/clinical-exams.js';
import { fineBiopsies } from '../../schemas/tables/fine-biopsies.js';
import { intervalCancers } from '../../schemas/tables/interval-cancers.js';
import { surgeries } from '../../schemas/tables/surgeries.js';
import { wideBiopsies } from '../../schemas/tables/wide-biopsies.js';
import type { LesionEvent, Side } from './blocks.js';
import type { Episode } from './episode.js';
import { RecordReader, type NbssContext } from './record-reader.js';

/** The table of each procedure's lesions. */
export interface ProcedureTables extends Record<LesionEvent, Table> {
  readonly assessment: typeof assessments;
  readonly clinical: typeof clinicalExams;
  readonly biopsy_wide: typeof wideBiopsies;
  readonly biopsy_fine: typeof fineBiopsies;
  readonly surgery: typeof surgeries;
  readonly interval_cancer: typeof intervalCancers;
}

/** What a procedure records of a lesion. */
export interface ProcedureLesion<T extends Table> {
  readonly side: Side;
  readonly lesionNumber: number;
  readonly record: TypedRecord<T>;
}

/** The lesions of each procedure of an episode: L before R, then by lesion number. */
export type Procedures = {
  readonly [Event in LesionEvent]: readonly ProcedureLesion<ProcedureTables[Event]>[];
};

const NO_ASSESSMENT = noValues(nbssColumns(assessments));
const NO_CLINICAL_EXAM = noValues(nbssColumns(clinicalExams));
const NO_WIDE_BIOPSY = noValues(nbssColumns(wideBiopsies));
const NO_FINE_BIOPSY = noValues(nbssColumns(fineBiopsies));
const NO_SURGERY = noValues(nbssColumns(surgeries));
const NO_INTERVAL_CANCER = noValues(nbssColumns(intervalCancers));

const READERS: { readonly [Event in LesionEvent]: RecordReader<ProcedureTables[Event]> } = {
  assessment: new RecordReader(assessments, () => ({ ...NO_ASSESSMENT })),
  clinical: new RecordReader(clinicalExams, () => ({ ...NO_CLINICAL_EXAM })),
  biopsy_wide: new RecordReader(wideBiopsies, () => ({ ...NO_WIDE_BIOPSY })),
  biopsy_fine: new RecordReader(fineBiopsies, () => ({ ...NO_FINE_BIOPSY })),
  surgery: new RecordReader(surgeries, () => ({ ...NO_SURGERY })),
  interval_cancer: new RecordReader(intervalCancers, () => ({ ...NO_INTERVAL_CANCER })),
};

/** Of an episode that was a screen and no more. */
const NO_PROCEDURES: Procedures = {
  assessment: [],
  clinical: [],
  biopsy_wide: [],
  biopsy_fine: [],
  surgery: [],
  interval_cancer: [],
};

/** Reads the lesions of every procedure of an episode, in the order of the events. */
export function readProcedures(episode: Episode, context: NbssContext): Procedures {
  if (episode.events.length === 0) return NO_PROCEDURES;
  const read = <Event extends LesionEvent>(event: Event) => readProcedure(event, episode, context);
  return {
    assessment: read('assessment'),
    clinical: read('clinical'),
    biopsy_wide: read('biopsy_wide'),
    biopsy_fine: read('biopsy_fine'),
    surgery: read('surgery'),
    interval_cancer: read('interval_cancer'),
  };
}

function readProcedure<Event extends LesionEvent>(
  event: Event,
  { episodeId, events }: Episode,
  context: NbssContext,
): ProcedureLesion<ProcedureTables[Event]>[] {
  const items = events.find((block) => block.event === event)?.items ?? [];
  return items.map(({ side, lesionNumber, fields }) => {
    const where = () => `episode ${episodeId}, side ${side}, lesion ${lesionNumber}`;
    return { side, lesionNumber, record: READERS[event].read(fields, context, { where }) };
  });
}
