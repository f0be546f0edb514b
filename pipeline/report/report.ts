import type { DuckDb } from '../engine/duckdb.js';
import { Pen } from './charts/pen.js';
import { allFigures, type Figures } from './figures/index.js';
import type { ReportInput } from './input.js';
import { page } from './page/page.js';
import { Shown } from './page/shown.js';
import { SnapshotTables } from './snapshot-tables.js';

/** Name of the report in a snapshot. */
export const REPORT = 'report.html';

/**
 * The report of a snapshot: one page of HTML, complete in itself. The same tables, manifest and earlier manifests give the
 * same bytes. What is counted is counted by DuckDB, so that what is in memory does not grow with the snapshot.
 * @param db that nothing was asked of yet: it gets views of the tables
 * @throws EnvironmentFault when the snapshot cannot be read, and what DuckDB throws
 */
export async function makeReport(db: DuckDb, input: ReportInput): Promise<string> {
  const loading = Pen.load();
  // What goes wrong there is told where it is waited for.
  loading.catch(() => undefined);
  const figures = await allFigures(await SnapshotTables.open(db, input.snapshot), input);
  const shown = new Shown(figures.hidden);
  return page({ figures, shown, pen: await loading, input, makerColours: makerColours(figures) });
}

/** By the number of images. */
function makerColours({ completeness, distributions }: Figures): Map<string, number> {
  const ofImages = completeness?.makers ?? [];
  const others = distributions.flatMap(({ makers }) => makers.map(({ maker }) => maker));
  return new Map([...new Set([...ofImages, ...others])].map((maker, place) => [maker, place]));
}
