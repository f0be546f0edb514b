import { Ledger } from '../counts.js';
import type { ReportInput } from '../input.js';
import { hiddenCounts } from '../masking.js';
import type { SnapshotTables } from '../snapshot-tables.js';
import { boxFigures } from './boxes.js';
import { completeness } from './completeness.js';
import { coverage } from './coverage.js';
import { distributions } from './distributions.js';
import { makeFacts } from './facts.js';
import { flows } from './flow.js';
import { mismatchLines } from './mismatches.js';
import { overview } from './overview.js';
import { tableOne } from './table-one.js';

export type Figures = Awaited<ReturnType<typeof allFigures>>;

/** Every number of the page, and which of them must not be shown. */
export async function allFigures(tables: SnapshotTables, input: ReportInput) {
  const ledger = new Ledger();
  await makeFacts(tables);
  const figures = {
    overview: overview(input, ledger),
    tableOne: await tableOne(tables, ledger),
    flows: await flows(tables, ledger),
    mismatches: await mismatchLines(tables, ledger, input),
    coverage: await coverage(tables, ledger, input.manifest.finished),
    completeness: await completeness(tables, ledger),
    distributions: await distributions(tables, ledger),
    boxes: await boxFigures(tables, ledger),
    tables: tables.tables,
    rows: new Map(Object.entries(input.manifest.tables).map(([name, { rows }]) => [name, rows])),
  };
  return { ...figures, hidden: hiddenCounts(ledger, input.minCount) };
}
