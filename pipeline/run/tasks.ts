import type { MismatchKind } from '../../schemas/mismatch-kinds.js';
import type { TagSelection } from '../dicom/tag-selection.js';
import type { OutcomeMonths } from '../semantics/outcome.js';
import type { FileReceipt } from '../snapshot/receipts.js';
import type { AheadLimits } from '../source/ahead-memory.js';
import type { RootIds, Roots } from '../source/source.js';
import type { ClientEntry } from '../stages/discover.js';
import type { ReadCounts } from '../stages/read-counts.js';
import type { BatchPlace, BatchPlaces } from '../stages/write/batch-file.js';
import type { Formats } from '../stages/write/formats.js';
import type { PartPlace, WrittenPart } from '../stages/write/part.js';
import type { SideTablePart } from '../stages/write/side-table.js';
import type { SplitGroups } from '../stages/write/splits.js';

/** What the main thread and the worker threads say to each other. Everything here can be cloned. */

/** Every task by its name, with its result. */
export interface Tasks {
  /** Walk over some clients' folders and answer their stamp. */
  stamp: { task: ClientsTask; result: string };
  /** Walk, discover, extract, flatten and reconcile some clients. */
  read: { task: ReadTask; result: ReadResult };
  /** Discover some clients and pair what they hold, without reading image headers. */
  plan: { task: PlanTask; result: PlanResult };
  /** Compare files, of a finished range for one, with what was recorded of them; answer the path of the first damaged one, or null. */
  check: { task: CheckTask; result: string | null };
  /** Write one part of one table. */
  encode: { task: EncodeTask; result: WrittenPart };
  /** Write the table of code lists. */
  codes: { task: CodesTask; result: WrittenPart };
  /** Write the table of splits. */
  splits: { task: SplitsTask; result: WrittenPart };
  /** Write a side table. */
  side: { task: SideTask; result: WrittenPart };
}

/** What every task of a run needs. */
export interface WorkerSettings {
  readonly roots: Roots;
  readonly rootIds: RootIds;
  readonly followLinks: boolean;
  /** What this worker may hold of what it reads ahead. */
  readonly ahead: AheadLimits;
  /** Loaded once, by the main thread. */
  readonly selection: TagSelection;
  readonly months: OutcomeMonths;
}

export interface ClientsTask {
  readonly clients: readonly ClientEntry[];
}

export interface ReadTask extends ClientsTask {
  /** File that gets the rows, for the tasks that write parts of them. */
  readonly batchFile: string;
  /** File that gets a line of JSON for each mismatch, in the order of the clients. */
  readonly mismatchFile: string;
  /** Why nothing but a row and a mismatch is to be made of these clients; null where they are read. */
  readonly tooLarge: string | null;
}

/** Lines of a work file. */
export interface WorkLines {
  readonly path: string;
  readonly rows: number;
}

export interface ReadResult {
  /** Of the clients' folders, taken before anything was read (see stampClients). */
  readonly stamp: string;
  readonly batches: BatchPlaces;
  readonly rows: Readonly<Record<string, number>>;
  readonly mismatches: readonly WorkLines[];
  readonly counts: ReadCounts;
}

export interface PlanTask extends ClientsTask {
  readonly withLines: boolean;
}

export interface PlanResult {
  /** Where they are wanted: a line of JSON for each client, and for each mismatch after its client. */
  readonly lines: readonly string[];
  readonly studies: number;
  readonly images: number;
  readonly byKind: Readonly<Partial<Record<MismatchKind, number>>>;
}

export interface CheckTask {
  readonly folder: string;
  /** Paths are relative to it. */
  readonly files: readonly FileReceipt[];
}

export interface EncodeTask extends PartPlace {
  readonly table: string;
  readonly batches: readonly BatchPlace[];
  readonly rows: number;
}

export interface SplitsTask extends CodesTask, SplitGroups {}

export interface SideTask extends CodesTask, SideTablePart {}

export interface CodesTask {
  readonly snapshot: string;
  readonly formats: Formats;
}
