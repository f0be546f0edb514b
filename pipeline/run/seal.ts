import { join } from 'node:path';
import type { Table } from '../../schemas/column.js';
import { describeSchema } from '../../schemas/describe.js';
import type { DuckDb } from '../engine/duckdb.js';
import { catalogueScript } from '../snapshot/catalogue-sql.js';
import { writeChecksums } from '../snapshot/checksums.js';
import type { GateReport, Manifest } from '../snapshot/manifest.js';
import { writeJson } from '../snapshot/publish.js';
import { snapshotCroissant } from '../snapshot/snapshot-croissant.js';
import { writeFileUnsynced } from '../storage/new-file.js';
import { entriesOf } from '../stages/write/formats.js';
import { describeRun } from './describe-run.js';
import type { Finished } from './finish.js';
import type { RunUnderWay, WrittenRanges } from './under-way.js';
import { writeReport } from './write-report.js';

/**
 * Writes the last files of the snapshot being built: schema.json, manifest.json, croissant.json, catalogue.sql, report.html,
 * and the checksums of all.
 * @param db without views
 * @throws Interrupted
 */
export async function sealSnapshot(
  db: DuckDb,
  run: RunUnderWay,
  written: WrittenRanges,
  finished: Finished,
  gate: GateReport,
): Promise<Manifest> {
  const { building } = run.output;
  const tables = [...run.plan.tables, ...finished.sides.map(({ table }) => table)];
  const manifest = describeRun(run, written, finished, gate);
  writeJson(building, 'schema.json', describeSchema(tables));
  writeJson(building, 'manifest.json', manifest);
  writeJson(building, 'croissant.json', snapshotCroissant(manifest, tables));
  const parts = (table: Table) => manifest.tables[table.name]!.files.map(({ path }) => path);
  const script = catalogueScript(tables.map((table) => ({ table, files: parts(table) })));
  writeFileUnsynced(join(building, 'catalogue.sql'), Buffer.from(script));
  await writeReport(db, run, manifest);
  await writeChecksums(building, knownHashes(written, finished));
  return manifest;
}

/** Hashes of files that were compared with the disk in this run, by path. */
function knownHashes({ ranges }: WrittenRanges, { tables, mismatches }: Finished): Map<string, string> {
  const files = [
    ...tables.flatMap((table) => entriesOf(table.files).flatMap(([, receipts]) => receipts)),
    ...ranges.map((range) => range.mismatches),
    mismatches.lines,
  ];
  return new Map(files.map(({ path, sha256 }) => [path, sha256]));
}
