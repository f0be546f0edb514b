import type { Manifest } from '../snapshot/manifest.js';

/** What a gate held a new snapshot to (see the run's --max-drop and --gate). */
export interface GateLine {
  /** What was counted, e.g. `clients`. */
  readonly what: string;
  readonly before: number;
  readonly after: number;
  /** How far it might fall or rise, in words. */
  readonly allowed: string;
  readonly isOver: boolean;
}

/** What a report is made of, beside the tables of its snapshot. */
export interface ReportInput {
  /** Folder of the snapshot, finished or about to be sealed. */
  readonly snapshot: string;
  readonly manifest: Manifest;
  /** Of the earlier snapshots that are kept, oldest first. */
  readonly earlier: readonly Manifest[];
  /** Empty where no gate was asked, or it is not known any more. */
  readonly gate: readonly GateLine[];
  /** Show ids of women, studies and images, and the folders that were read. */
  readonly withIds: boolean;
  /** Counts below it are hidden; 1 hides none. */
  readonly minCount: number;
}
