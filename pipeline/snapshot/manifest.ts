import type { Basis } from '../../schemas/mismatch-kind.js';
import type { MismatchKind } from '../../schemas/mismatch-kinds.js';
import type { Roots, Tree } from '../source/source.js';
import type { Written } from '../storage/new-file.js';
import type { FormatName } from '../stages/write/formats.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import type { PartReceipt } from '../stages/write/part-file.js';

/** The content of manifest.json, which other programs read: add to it, do not rename. */

/** What a run writes; read-manifest.ts reads this and the ones before. */
export const MANIFEST_VERSION = 2;

export interface Manifest {
  readonly format_version: typeof MANIFEST_VERSION;
  readonly run_id: string;
  /** ISO 8601, UTC, as all times. */
  readonly started: string;
  readonly finished: string;
  readonly seconds: number;
  readonly software: { readonly name: string; readonly version: string; readonly node: string };
  /** As the run was told, by the name of the option. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Equal ones stand for equal tables (see run/fingerprint.ts). */
  readonly fingerprint: string;
  readonly inputs: ManifestInputs;
  readonly work: ManifestWork;
  readonly tables: Readonly<Record<string, ManifestTable>>;
  readonly mismatches: ManifestMismatches;
  readonly budgets: readonly BudgetResult[];
  /** What the snapshot was held to before it was published; earlier versions had no gate. */
  readonly gate?: GateReport;
  /** Of a snapshot that several machines made (plan, run-task, merge). */
  readonly plan?: ManifestPlan;
}

/** The plan that a snapshot was made by. */
export interface ManifestPlan {
  readonly id: string;
  /** How many tasks it had. */
  readonly tasks: number;
}

/** What the tables were made from, whichever run read it. */
export interface ManifestInputs extends ManifestFiles {
  readonly roots: Roots;
  readonly clients: number;
  /** Client folders of each tree, those left out too; not in snapshots of 0.1.0. */
  readonly client_folders?: Readonly<Record<Tree, number>>;
  /** Of the list of clients to take. */
  readonly clients_listed_but_not_found: readonly string[];
  /** Of the list of clients to leave out; earlier versions did not say. */
  readonly clients_excluded_but_not_found?: readonly string[];
  readonly client_ranges: number;
  /** Client numbers of each range; 1000 in snapshots of 0.1.0, which did not say it. */
  readonly client_range_width?: number;
  readonly studies: number;
  readonly images: number;
  /** Files of the user's own tables; not in snapshots of versions that had none. */
  readonly side_tables?: readonly ManifestSideTable[];
}

/** The file of a side table. */
export interface ManifestSideTable extends Written {
  readonly table: string;
  readonly path: string;
  /** Of the file; of its table `tables` tells. */
  readonly rows: number;
  /** Of clients whom the lists of clients leave out. */
  readonly rows_left_out: number;
  /** Each of them a mismatch. */
  readonly rows_unmatched: number;
}

/** What the run itself read, and how many ranges it read, or did not, and why. */
export interface ManifestWork extends ManifestFiles {
  readonly client_ranges: Readonly<Partial<Record<RangeReason, number>>>;
}

/**
 * Why a range of clients was read: `first` no earlier snapshot has it, `full` the run was told to read all, `changed` a
 * file, an option or the program is another, `damaged` its files in the earlier snapshot are, `unread` an error of the
 * system had kept files of it from being read, `rechecked` nothing, but it was its turn (--verify-content). Or was not: `carried` nothing changed since the current snapshot, `resumed`
 * an interrupted run had finished it.
 */
export type RangeReason =
  'first' | 'full' | 'changed' | 'damaged' | 'unread' | 'rechecked' | 'carried' | 'resumed';

export interface ManifestFiles {
  readonly json_files: { readonly files: number; readonly bytes_read: number };
  readonly dicom_files: {
    readonly files: number;
    readonly bytes_on_disk: number;
    readonly bytes_read: number;
    readonly bytes_read_per_file: number;
    readonly bytes_read_of_one_file_at_most: number;
  };
}

/** A table: its Parquet files as `files`, and as `arrow_files` (…) those of each other format. */
export type ManifestTable = {
  readonly rows: number;
  readonly files: readonly PartReceipt[];
} & Readonly<Partial<Record<`${Exclude<FormatName, 'parquet'>}_files`, readonly PartReceipt[]>>>;

export interface ManifestMismatches extends MismatchCounts {
  /** Run id of the snapshot that `new` and `resolved` are against; null when there was none. */
  readonly since: string | null;
  readonly new: number;
  readonly resolved: number;
  readonly file: PartReceipt;
  readonly first_seen: PartReceipt;
}

/** A budget and what the snapshot has of its kind. */
export interface BudgetResult {
  readonly budget: string;
  readonly kind: MismatchKind;
  readonly allowed: number;
  readonly found: number;
  /** What the percentage is of; null for a number. */
  readonly of: { readonly table: Basis; readonly rows: number } | null;
  /** Mismatches over the budget; 0 when it is kept. */
  readonly over: number;
}

/** How a snapshot compares with the one that was current when it was made. */
export interface GateReport {
  /** Run id of that one; null when there was none. */
  readonly against: string | null;
  readonly results: readonly GateResult[];
}

/** A limit of the gate, and what came of it. */
export interface GateResult {
  /** `clients`, `studies`, `images`, `dicom_files` or `boxes`, which may fall; a kind of mismatch, or `error`, which may rise. */
  readonly what: string;
  readonly direction: 'fall' | 'rise';
  /** As it was given, e.g. `2%`. */
  readonly limit: string;
  /** By how much it may. */
  readonly allowed: number;
  readonly before: number;
  readonly now: number;
  /** How far over that it is; 0 when the limit is kept. */
  readonly over: number;
}
