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
import { makeMakers } from './makers.js';
import { mismatchLines } from './mismatches.js';
import { overview } from './overview.js';
import { tableOne } from './table-one.js';

export type Figures = Awaited<ReturnType<typeof allFigures>>;

/** Every number of the page, and which of them must not be shown. Figures are asked for side by side. */
export async function allFigures(tables: SnapshotTables, input: ReportInput) {
  const ledgers: Ledger[] = [];
  // Each counts by itself: which answer comes first must not show in what is hidden.
  const own = () => ledgers[ledgers.push(new Ledger()) - 1]!;
  await Promise.all([makeFacts(tables), makeMakers(tables)]);
  const [ofTables, ofFlows, ofMismatches, ofTime, ofColumns, ofMeasures, ofBoxes] = await Promise.all([
    tableOne(tables, own()),
    flows(tables, own()),
    mismatchLines(tables, own(), input),
    coverage(tables, own(), input.manifest.finished),
    completeness(tables, own()),
    distributions(tables, own()),
    boxFigures(tables, own()),
  ]);
  const figures = {
    overview: overview(input, own()),
    tableOne: ofTables,
    flows: ofFlows,
    mismatches: ofMismatches,
    coverage: ofTime,
    completeness: ofColumns,
    distributions: ofMeasures,
    boxes: ofBoxes,
    tables: tables.tables,
    rows: new Map(Object.entries(input.manifest.tables).map(([name, { rows }]) => [name, rows])),
  };
  const ledger = new Ledger();
  ledger.addAll(ledgers);
  return { ...figures, hidden: hiddenCounts(ledger, input.minCount) };
}
