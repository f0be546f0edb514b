import type { AnyRow, Table } from '../../../schemas/column.js';
import { assessments } from '../../../schemas/tables/assessments.js';
import { clinicalExams } from '../../../schemas/tables/clinical-exams.js';
import { fineBiopsies } from '../../../schemas/tables/fine-biopsies.js';
import { intervalCancers } from '../../../schemas/tables/interval-cancers.js';
import { surgeries } from '../../../schemas/tables/surgeries.js';
import { wideBiopsies } from '../../../schemas/tables/wide-biopsies.js';
import type { LesionEvent } from '../../nbss/blocks.js';
import type { EventBlock } from '../../nbss/episode.js';
import { RecordReader, type NbssContext } from './nbss-fields.js';

/** The table that the lesions of each procedure go to. */
export const PROCEDURE_TABLES = {
  assessment: assessments,
  clinical: clinicalExams,
  biopsy_wide: wideBiopsies,
  biopsy_fine: fineBiopsies,
  surgery: surgeries,
  interval_cancer: intervalCancers,
} as const satisfies Record<LesionEvent, Table>;

export type ProcedureTable = (typeof PROCEDURE_TABLES)[LesionEvent]['name'];

const readers = new Map(
  Object.entries(PROCEDURE_TABLES).map(([event, table]) => [event, new RecordReader(table)]),
);

/** The rows of a procedure's table for one block of an episode: L before R, then by lesion number. */
export function flattenProcedure(episodeId: string, block: EventBlock, context: NbssContext): AnyRow[] {
  const reader = readers.get(block.event)!;
  return block.items.map(({ side, lesionNumber, fields }) =>
    reader.row(fields, context, {
      keys: { client_id: context.clientId, episode_id: episodeId, side, lesion_number: lesionNumber },
      where: () => `episode ${episodeId}, side ${side}, lesion ${lesionNumber}`,
    }),
  );
}
