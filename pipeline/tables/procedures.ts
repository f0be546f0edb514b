import type { Table } from '../../schemas/column.js';
import type { FieldsOf, RowOf } from '../../schemas/row.js';
import type { surgeries } from '../../schemas/tables/surgeries.js';
import type { ProcedureLesion, Procedures } from '../nbss/procedures.js';
import type { ClientModel } from '../model/client-model.js';

/** A row of a table made by lesionTable: their own columns are the same. */
type LesionRow<T extends Table> = Omit<RowOf<typeof surgeries>, 'fields'> & { readonly fields: FieldsOf<T> };

/** The rows of one procedure's table: of each episode L before R, then by lesion number. */
function procedureRows<T extends Table>(
  { clientId, episodes }: ClientModel,
  lesionsOf: (procedures: Procedures) => readonly ProcedureLesion<T>[],
): LesionRow<T>[] {
  const rows: LesionRow<T>[] = [];
  for (const { episodeId, procedures } of episodes)
    for (const { side, lesionNumber, record } of lesionsOf(procedures))
      rows.push({
        client_id: clientId,
        episode_id: episodeId,
        side,
        lesion_number: lesionNumber,
        fields: record.fields,
        extra: record.extra,
      });
  return rows;
}

export const assessmentRows = (client: ClientModel) => procedureRows(client, (of) => of.assessment);
export const clinicalExamRows = (client: ClientModel) => procedureRows(client, (of) => of.clinical);
export const wideBiopsyRows = (client: ClientModel) => procedureRows(client, (of) => of.biopsy_wide);
export const fineBiopsyRows = (client: ClientModel) => procedureRows(client, (of) => of.biopsy_fine);
export const surgeryRows = (client: ClientModel) => procedureRows(client, (of) => of.surgery);
export const intervalCancerRows = (client: ClientModel) => procedureRows(client, (of) => of.interval_cancer);
