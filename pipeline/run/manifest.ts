import type { ReadCounts } from '../stages/extract.js';
import type { Roots } from '../stages/discover.js';
import type { WrittenTable } from '../stages/verify.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import type { RunOptions } from './options.js';
import { softwareVersion } from './version.js';

/** Everything that manifest.json says of a run. */
export interface RunFacts {
  readonly runId: string;
  readonly started: Date;
  readonly finished: Date;
  readonly options: RunOptions;
  readonly tagSelectionId: string;
  readonly clients: number;
  /** Clients of --clients-file that no tree has. */
  readonly clientsNotFound: readonly string[];
  readonly ranges: number;
  readonly counts: ReadCounts;
  readonly tables: readonly WrittenTable[];
  readonly mismatches: MismatchCounts;
  readonly mismatchLines: PartReceipt;
}

/** The content of manifest.json. */
export function buildManifest(facts: RunFacts): unknown {
  const { options, counts, tables } = facts;
  return {
    run_id: facts.runId,
    started: facts.started.toISOString(),
    finished: facts.finished.toISOString(),
    seconds: (facts.finished.getTime() - facts.started.getTime()) / 1000,
    software: { name: 'omidb-etl', version: softwareVersion(), node: process.version },
    options: describeOptions(options, facts.tagSelectionId),
    inputs: {
      roots: options.roots satisfies Roots,
      clients: facts.clients,
      clients_listed_but_not_found: facts.clientsNotFound,
      client_ranges: facts.ranges,
      studies: rowsOf(tables, 'studies'),
      images: rowsOf(tables, 'images'),
      json_files: { files: counts.jsonFiles, bytes_read: counts.jsonBytes },
      dicom_files: {
        files: counts.dicomFiles,
        bytes_on_disk: counts.dicomBytesOnDisk,
        bytes_read: counts.dicomBytesRead,
        bytes_read_per_file:
          counts.dicomFiles === 0 ? 0 : Math.round(counts.dicomBytesRead / counts.dicomFiles),
        bytes_read_of_one_file_at_most: counts.dicomBytesReadMax,
      },
    },
    tables: Object.fromEntries(
      tables.map(({ table, parts }) => [table.name, { rows: sumRows(parts), files: parts }]),
    ),
    mismatches: { ...facts.mismatches, file: facts.mismatchLines },
  };
}

function describeOptions(options: RunOptions, tagSelectionId: string): unknown {
  return {
    workers: options.workers,
    clients_file: options.includeClients === null ? null : [...options.includeClients],
    exclude_clients_file: [...options.excludeClients],
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
