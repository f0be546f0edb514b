import {
  MANIFEST_VERSION,
  type GateReport,
  type Manifest,
  type ManifestFiles,
  type ManifestTable,
} from '../snapshot/manifest.js';
import { sumReadCounts, type ReadCounts } from '../stages/read-counts.js';
import { entriesOf } from '../stages/write/formats.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import { checkBudgets } from './budgets.js';
import { snapshotFingerprint } from './fingerprint.js';
import type { Finished, WrittenTable } from './finish.js';
import type { RunUnderWay, WrittenRanges } from './under-way.js';
import { softwareVersion } from './version.js';

/** The manifest of a run that is about to be published. */
export function describeRun(
  run: RunUnderWay,
  written: WrittenRanges,
  finished: Finished,
  gate: GateReport,
): Manifest {
  const { options, context, plan, started } = run;
  const end = context.now();
  const inputs = describeInputs(run, written, finished);
  const { counts, lines } = finished.mismatches;
  const { new: fresh, resolved, file: firstSeen } = finished.history;
  return {
    format_version: MANIFEST_VERSION,
    run_id: run.runId,
    started: started.toISOString(),
    finished: end.toISOString(),
    seconds: (end.getTime() - started.getTime()) / 1000,
    software: { name: 'omidb-etl', version: softwareVersion(), node: process.version },
    options: { ...options.echo, tag_selection: options.rows.tags.id },
    fingerprint: snapshotFingerprint(written.ranges, plan),
    inputs,
    work: { client_ranges: written.reasons, ...describeFiles(written.counts) },
    tables: Object.fromEntries(finished.tables.map((table) => [table.name, describeTable(table)])),
    mismatches: {
      ...counts,
      since: finished.since,
      new: fresh,
      resolved,
      file: lines,
      first_seen: firstSeen,
    },
    budgets: checkBudgets(options.budgets, counts.by_kind, inputs),
    gate,
    ...(run.sharedBy === null ? {} : { plan: run.sharedBy }),
  };
}

/** What the tables were made from. */
export function describeInputs(
  { options, plan }: RunUnderWay,
  { ranges }: WrittenRanges,
  { tables, sides }: Pick<Finished, 'tables' | 'sides'>,
): Manifest['inputs'] {
  const counts = sumReadCounts(ranges);
  return {
    roots: options.roots,
    clients: plan.clients.length,
    client_folders: plan.inTrees,
    clients_listed_but_not_found: plan.unknown.included,
    clients_excluded_but_not_found: plan.unknown.excluded,
    client_ranges: ranges.length,
    client_range_width: plan.width,
    studies: rowsOf(tables, 'studies'),
    images: rowsOf(tables, 'images'),
    side_tables: sides.map(({ input }) => input),
    ...describeFiles(counts),
  };
}

function describeFiles(counts: ReadCounts): ManifestFiles {
  return {
    json_files: { files: counts.jsonFiles, bytes_read: counts.jsonBytes },
    dicom_files: {
      files: counts.dicomFiles,
      bytes_on_disk: counts.dicomBytesOnDisk,
      bytes_read: counts.dicomBytesRead,
      bytes_read_per_file:
        counts.dicomFiles === 0 ? 0 : Math.round(counts.dicomBytesRead / counts.dicomFiles),
      bytes_read_of_one_file_at_most: counts.dicomBytesReadMax,
    },
  };
}

function describeTable({ files }: WrittenTable): ManifestTable {
  const beside = entriesOf(files).filter(([format]) => format !== 'parquet');
  return {
    rows: sumRows(files.parquet),
    files: files.parquet,
    ...Object.fromEntries(beside.map(([format, receipts]) => [`${format}_files`, receipts])),
  };
}

function rowsOf(tables: readonly WrittenTable[], name: string): number {
  return sumRows(tables.find((table) => table.name === name)?.files.parquet ?? []);
}

function sumRows(parts: readonly PartReceipt[]): number {
  return parts.reduce((sum, part) => sum + part.rows, 0);
}
