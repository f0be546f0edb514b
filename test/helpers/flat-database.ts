import { listRunClients } from '../../pipeline/run/plan.js';
import { LocalSource } from '../../pipeline/source/local-source.js';
import type { Roots } from '../../pipeline/source/source.js';
import { discoverClient } from '../../pipeline/stages/discover.js';
import { ClientReader } from '../../pipeline/stages/extract.js';
import { flattenClient } from '../../pipeline/stages/flatten/client.js';
import { reconcile } from '../../pipeline/stages/reconcile/client.js';
import { walkClient } from '../../pipeline/stages/walk.js';
import { loadTagSelection, type TagSelection } from '../../pipeline/dicom/tag-selection.js';
import { NO_MONTHS, type OutcomeMonths } from '../../pipeline/semantics/outcome.js';
import type { AnyRow } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { RESERVED_IMAGE_COLUMNS } from '../../schemas/tables/images.js';

/** The rows of every table, and what was reported, before anything is written. */
export interface FlatDatabase {
  readonly rows: ReadonlyMap<string, readonly AnyRow[]>;
  readonly mismatches: readonly Mismatch[];
}

export function shippedTags(): TagSelection {
  return loadTagSelection(undefined, RESERVED_IMAGE_COLUMNS);
}

/** Does to a database what a worker thread does to its clients, in this thread. */
export function flattenDatabase(
  roots: Roots,
  selection: TagSelection = shippedTags(),
  months: OutcomeMonths = NO_MONTHS,
): FlatDatabase {
  const mismatches: Mismatch[] = [];
  const report = (mismatch: Mismatch) => mismatches.push(mismatch);
  const rows = new Map<string, AnyRow[]>();
  const source = new LocalSource(roots);
  const reader = new ClientReader(source, selection);
  for (const client of listRunClients(roots, { includeClients: null, excludeClients: [] }, report)) {
    const plan = discoverClient(client, walkClient(client, source, false), source, report);
    const record = reader.read(plan, true, report);
    const flat = flattenClient(record, { selection, months }, report);
    reconcile(record, flat, roots, selection, report);
    for (const [table, more] of Object.entries(flat.rows))
      rows.set(table, [...(rows.get(table) ?? []), ...more]);
  }
  return { rows, mismatches };
}
