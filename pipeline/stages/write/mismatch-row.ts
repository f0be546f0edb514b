import type { RowOf } from '../../../schemas/row.js';
import { MISMATCH_KINDS, type Mismatch } from '../../../schemas/mismatch-kinds.js';
import type { mismatches } from '../../../schemas/tables/mismatches.js';

export type MismatchRow = RowOf<typeof mismatches>;

/** The row of a mismatch: every column, in the table's order. */
export function mismatchRow(mismatch: Mismatch): MismatchRow {
  return {
    kind: mismatch.kind,
    severity: MISMATCH_KINDS[mismatch.kind].severity,
    client_id: mismatch.client_id ?? null,
    study_instance_uid: mismatch.study_instance_uid ?? null,
    series_instance_uid: mismatch.series_instance_uid ?? null,
    sop_instance_uid: mismatch.sop_instance_uid ?? null,
    path: mismatch.path ?? null,
    detail: mismatch.detail,
    expected: mismatch.expected ?? null,
    found: mismatch.found ?? null,
  };
}
