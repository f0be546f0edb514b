import { addReadCounts, noReadCounts, type ReadCounts } from '../stages/read-counts.js';
import type { WrittenTable } from '../stages/verify.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import { checkBudgets } from './budgets.js';
import type { MismatchHistory } from './first-seen.js';
import type { RunOptions } from './options.js';
import type { RangeReceipt } from './receipts.js';
import { REASONS, type Reason } from './snapshot-writer.js';
import { softwareVersion } from './version.js';

/** Everything that manifest.json says of a run. */
export interface RunFacts {
  readonly runId: string;
  readonly started: Date;
  readonly finished: Date;
  readonly options: RunOptions;
  readonly tagSelectionId: string;
  readonly fingerprint: string;
  readonly clients: number;
  /** Clients of --clients-file that no tree has. */
  readonly clientsNotFound: readonly string[];
  readonly receipts: readonly RangeReceipt[];
  /** What was read in this run. */
  readonly counts: ReadCounts;
  readonly reasons: Partial<Record<Reason, number>>;
  readonly tables: readonly WrittenTable[];
  readonly mismatches: MismatchCounts;
  readonly mismatchLines: PartReceipt;
  /** Run id of the snapshot that the mismatches are compared with; null when there is none. */
  readonly since: string | null;
  readonly history: MismatchHistory;
}

/** The content of manifest.json. */
export type Manifest = ReturnType<typeof buildManifest>;

export function buildManifest(facts: RunFacts) {
  const { options, tables, mismatches, history } = facts;
  const inputs = describeInputs(facts);
  return {
    run_id: facts.runId,
    started: facts.started.toISOString(),
    finished: facts.finished.toISOString(),
    seconds: (facts.finished.getTime() - facts.started.getTime()) / 1000,
    software: { name: 'omidb-etl', version: softwareVersion(), node: process.version },
    options: describeOptions(options, facts.tagSelectionId),
    fingerprint: facts.fingerprint,
    inputs,
    work: describeWork(facts),
    tables: Object.fromEntries(
      tables.map(({ table, parts, arrowParts }) => [
        table.name,
        { rows: sumRows(parts), files: parts, ...(arrowParts === null ? {} : { arrow_files: arrowParts }) },
      ]),
    ),
    mismatches: {
      ...mismatches,
      since: facts.since,
      new: history.new,
      resolved: history.resolved,
      file: facts.mismatchLines,
      first_seen: history.file,
    },
    budgets: checkBudgets(options.budgets, mismatches.by_kind, inputs),
  };
}

/** What the tables were made from, whichever run read it. */
function describeInputs({ options, clients, clientsNotFound, receipts, tables }: RunFacts) {
  const counts = noReadCounts();
  for (const receipt of receipts) addReadCounts(counts, receipt.counts);
  return {
    roots: options.roots,
    clients,
    clients_listed_but_not_found: clientsNotFound,
    client_ranges: receipts.length,
    studies: rowsOf(tables, 'studies'),
    images: rowsOf(tables, 'images'),
    ...describeFiles(counts),
  };
}

/** What this run read, and what it carried over from earlier ones, and why. */
function describeWork({ counts, reasons }: RunFacts) {
  return {
    client_ranges: Object.fromEntries(
      Object.entries(reasons).map(([reason, ranges]) => [REASONS[reason as Reason], ranges]),
    ),
    ...describeFiles(counts),
  };
}

function describeFiles(counts: ReadCounts) {
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

function describeOptions(options: RunOptions, tagSelectionId: string): unknown {
  return {
    workers: options.workers,
    clients_file: options.includeClients === null ? null : [...options.includeClients],
    exclude_clients_file: [...options.excludeClients],
    full: options.full,
    keep: options.keep,
    max_mismatches: options.budgets.map(({ text }) => text),
    format: options.format,
    tags_file: options.tagsFile,
    tag_selection: tagSelectionId,
    months_ci_prior: options.months.ciPrior,
    months_cancer_prior: options.months.cancerPrior,
    months_normal_follow_up: options.months.normalFollowUp,
    months_benign_follow_up: options.months.benignFollowUp,
  };
}

/** Rows of a table over all its parts. */
export function rowsOf(tables: readonly WrittenTable[], name: string): number {
  return sumRows(tables.find(({ table }) => table.name === name)?.parts ?? []);
}

function sumRows(parts: readonly PartReceipt[]): number {
  return parts.reduce((sum, part) => sum + part.rows, 0);
}
