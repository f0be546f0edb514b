import type { DuckDb } from '../engine/duckdb.js';
import { withScratchDb } from '../engine/scratch-db.js';
import { assertNoLeaks, certificate, splitBalance } from './certificate.js';
import { chooseRows, type Choice, type Chosen } from './choose.js';
import { openUnits, parseExpressions, type CheckedSpec, type Explained } from './cohort-db.js';
import { cohortCroissant } from './cohort-croissant.js';
import { cohortColumns } from './cohort-table.js';
import { cohortFile, type CohortFile } from './cohort-file.js';
import { dataCard } from './data-card.js';
import { describeColumns } from './describe-columns.js';
import { explainChoice } from './explain.js';
import { writeExports } from './export/exports.js';
import type { ExportReport } from './export/export.js';
import { flowMarkdown } from './figure/flow-markdown.js';
import { flowSvg } from './figure/flow-svg.js';
import { flowText } from './figure/flow-text.js';
import { countFlow, type Flow } from './flow.js';
import { assertRowsAreSingle, assertSomeLeft } from './row-checks.js';
import { assertSameTables, hashTables, type SourceSnapshot } from './source-tables.js';
import { shares, type CohortSpec } from './spec.js';
import { makeTable1, table1Csv, table1Markdown } from './table1.js';
import { withTarget } from './target.js';
import { hashSpec, writeExcluded, writeJson, writeRows, writeText } from './write-cohort.js';

/** What a cohort is made of: equal requests give equal bytes. */
export interface CohortRequest extends Choice {
  readonly spec: CohortSpec;
  readonly source: SourceSnapshot;
  /** Of the tables that an earlier cohort was made from, when it is to be made again; null: any will do. */
  readonly tables: Readonly<Record<string, string>> | null;
  readonly minCount: number;
  readonly exports: readonly string[];
  readonly software: CohortFile['software'];
}

/** What was written. */
export interface MadeCohort {
  readonly file: CohortFile;
  readonly flow: Flow;
  readonly exports: readonly ExportReport[];
}

/**
 * Makes a cohort and writes it to a folder, all of it or nothing. Of the snapshot only the tables that it needs are read.
 * @param folder where it is put; a cohort that is there is replaced
 * @throws UsageFault for a spec that cannot be done, VerificationError where a woman or an image would be in two splits,
 *   EnvironmentFault for tables that are missing, damaged or not those of the request, Interrupted
 */
export function makeCohort(request: CohortRequest, folder: string, stop?: AbortSignal): Promise<MadeCohort> {
  return withTarget(folder, (building) =>
    withScratchDb(async (db) => {
      const checked = await openChecked(db, request, building);
      const tables = await hashTables(request.source, checked.tables);
      if (request.tables !== null) assertSameTables(request.tables, tables, request.source.runId);
      await assertRowsAreSingle(db, checked);
      const chosen = await chooseRows(db, checked, request);
      return writeAll(db, request, checked, chosen, tables, building);
    }, stop),
  );
}

/** The statements that choose the rows, each with what it is for; nothing is written. @throws as makeCohort, for the spec */
export function explainCohort(request: CohortRequest, stop?: AbortSignal): Promise<Explained[]> {
  return withScratchDb(async (db) => explainChoice(await openChecked(db, request, null), request), stop);
}

/** Views of the tables; then nothing else can be read, and only the cohort be written. */
async function openChecked(
  db: DuckDb,
  { spec, source }: CohortRequest,
  building: string | null,
): Promise<CheckedSpec> {
  const names = await parseExpressions(db, spec);
  await db.query(`SET TimeZone = 'UTC'`);
  await db.confine(source.folder, ...(building === null ? [] : [building]));
  return openUnits(db, source, spec, names);
}

async function writeAll(
  db: DuckDb,
  request: CohortRequest,
  checked: CheckedSpec,
  { lines, match }: Chosen,
  tables: CohortFile['snapshot']['tables'],
  folder: string,
): Promise<MadeCohort> {
  const { spec, unit } = checked;
  const { minCount, exports, source } = request;
  const leaks = await assertNoLeaks(db);
  const flow = await countFlow(db, spec, unit, lines);
  assertSomeLeft(flow);
  const splits = shares(spec).map(({ split }) => split);
  const balance = await splitBalance(db, spec.label.name, splits);
  const table1 = await makeTable1(db, spec, unit, splits, minCount);
  const file = fileOf(request, checked, tables, flow);
  const text = flowText(flow, spec.label.name);
  await writeRows(db, folder, file, unit);
  await writeExcluded(db, folder, unit, lines);
  writeJson(folder, 'flow.json', flow);
  writeText(folder, 'flow.svg', flowSvg(`Flow of cohort ${spec.name}`, text));
  writeText(folder, 'flow.md', flowMarkdown(`Flow of cohort ${spec.name}`, text, flow));
  writeText(folder, 'table1.csv', table1Csv(table1));
  writeText(folder, 'table1.md', table1Markdown(table1));
  const [version] = await db.rows('SELECT version() AS v');
  const reports = await writeExports({ db, checked, roots: file.roots, folder }, exports);
  writeJson(
    folder,
    'certificate.json',
    certificate(file, leaks, balance, match, reports, String(version!['v'])),
  );
  writeText(folder, 'README.md', dataCard({ file, flow, balance, match, table1, exports: reports }));
  writeJson(folder, 'cohort.json', file);
  // Last, for it names all the others.
  writeJson(folder, 'croissant.json', await cohortCroissant(folder, file, source.manifest.finished));
  return { file, flow, exports: reports };
}

/** The content of cohort.json. */
function fileOf(
  { seed, earlier, minCount, exports, source, software }: CohortRequest,
  checked: CheckedSpec,
  tables: CohortFile['snapshot']['tables'],
  flow: Flow,
): CohortFile {
  const { spec, unit } = checked;
  return cohortFile({
    name: spec.name,
    software,
    snapshot: { run_id: source.runId, tables },
    roots: source.manifest.inputs.roots,
    seed,
    min_count: minCount,
    exports,
    spec,
    spec_sha256: hashSpec(spec),
    columns: describeColumns(source, checked, cohortColumns(spec, unit)),
    cohort: flow.cohort,
    labels: flow.labels,
    earlier_splits: earlier,
  });
}
