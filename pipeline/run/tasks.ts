import type { TagSelection } from '../dicom/tag-selection.js';
import type { Roots } from '../source/source.js';
import type { ClientEntry } from '../stages/discover.js';
import type { ReadCounts } from '../stages/read-counts.js';
import type { OutcomeMonths } from '../semantics/outcome.js';
import type { BatchPlace } from '../stages/write/batch-file.js';
import type { WrittenPart } from '../stages/write/part-file.js';
import type { PartPaths } from '../stages/write/part.js';
import type { RangeReceipt } from './receipts.js';

/** What the main thread and the worker threads say to each other. Everything here can be cloned. */

export interface WorkerSettings {
  readonly roots: Roots;
  /** Loaded once, by the main thread. */
  readonly selection: TagSelection;
  readonly months: OutcomeMonths;
}

/** Discover, extract, flatten and reconcile some clients. */
export interface ReadTask {
  readonly type: 'read';
  readonly clients: readonly ClientEntry[];
  /** File that gets the rows, for the tasks that write parts of them. */
  readonly batchFile: string;
}

export interface ReadResult {
  /** Of the clients' folders, taken before anything was read (see stampClients). */
  readonly stamp: string;
  /** For each table, where its rows lie. */
  readonly batches: Readonly<Record<string, BatchPlace>>;
  readonly rows: Readonly<Record<string, number>>;
  /** A line of JSON for each mismatch, in the order of the clients. */
  readonly mismatches: readonly string[];
  readonly counts: ReadCounts;
}

/** Discover some clients and pair what they hold, without reading image headers. */
export interface PlanTask {
  readonly type: 'plan';
  readonly clients: readonly ClientEntry[];
}

export interface PlanResult {
  /** A line of JSON for each client, and for each mismatch after its client. */
  readonly lines: readonly string[];
  readonly images: number;
}

/** Walk over some clients' folders and answer their stamp. */
export interface StampTask {
  readonly type: 'stamp';
  readonly clients: readonly ClientEntry[];
}

/** Compare the files of a finished range with its receipt and answer the path of the first damaged one, or null. */
export interface CheckTask {
  readonly type: 'check';
  readonly snapshot: string;
  readonly receipt: RangeReceipt;
}

/** Write one part of one table: the Parquet file, and the Arrow file where it is wanted. */
export interface EncodeTask extends PartPaths {
  readonly type: 'encode';
  readonly table: string;
  readonly batches: readonly BatchPlace[];
  readonly rows: number;
}

export type EncodeResult = WrittenPart;

/** Write the table of code lists. */
export interface CodesTask {
  readonly type: 'codes';
  readonly snapshot: string;
  readonly arrow: boolean;
}

export type Task = ReadTask | PlanTask | StampTask | CheckTask | EncodeTask | CodesTask;

/** A stamp and the path of a damaged file are texts; null where no file is damaged. */
export type TaskResult = ReadResult | PlanResult | EncodeResult | string | null;
