import { listRunClients } from '../../pipeline/run/plan.js';
import { LocalSource } from '../../pipeline/source/local-source.js';
import type { Roots } from '../../pipeline/source/source.js';
import { clientTools, processClient } from '../../pipeline/stages/process-client.js';
import { clientBuilders } from '../../pipeline/stages/write/client-builders.js';
import { appendRows } from '../../pipeline/tables/index.js';
import { Stamp } from '../../pipeline/stages/stamp.js';
import { loadTagSelection, type TagSelection } from '../../pipeline/dicom/tag-selection.js';
import type { OutcomeMonths } from '../../pipeline/semantics/outcome.js';
import { NO_MONTHS } from './months.js';
import type { AnyRow } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { RESERVED_IMAGE_COLUMNS } from '../../schemas/tables/images.js';
import { runOptions } from './run-options.js';
import { namedRows } from './rows.js';

/** The rows of every table by their columns, and what was reported, before anything is written. */
export interface FlatDatabase {
  readonly rows: ReadonlyMap<string, readonly AnyRow[]>;
  readonly mismatches: readonly Mismatch[];
}

export function shippedTags(): TagSelection {
  return loadTagSelection(undefined, RESERVED_IMAGE_COLUMNS);
}

/**
 * Does to a database what a worker thread does to its clients, in this thread.
 * @throws TypeError when a row does not fit its table, as the column builders find
 */
export function flattenDatabase(
  roots: Roots,
  selection: TagSelection = shippedTags(),
  months: OutcomeMonths = NO_MONTHS,
  followLinks = false,
): FlatDatabase {
  const mismatches: Mismatch[] = [];
  const report = (mismatch: Mismatch) => mismatches.push(mismatch);
  const rows = new Map<string, AnyRow[]>();
  const builders = clientBuilders(selection.tags.map(({ column }) => column));
  const tools = clientTools(new LocalSource(roots, followLinks), selection, months);
  const { clients } = listRunClients(
    runOptions(roots, '', { rows: { tags: selection, months, followLinks } }),
    report,
  );
  for (const client of clients) {
    const processed = processClient(client, tools, new Stamp());
    for (const mismatch of processed.mismatches) mismatches.push(mismatch);
    appendRows(processed.client, builders);
    for (const [table, more] of Object.entries(namedRows(processed.client)))
      rows.set(table, [...(rows.get(table) ?? []), ...more]);
  }
  for (const builder of Object.values(builders)) builder.finish();
  return { rows, mismatches };
}
