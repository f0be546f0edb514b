import type { Manifest } from '../snapshot/manifest.js';

/** What a report is made of, beside the tables of its snapshot. */
export interface ReportInput {
  /** Folder of the snapshot, finished or about to be sealed. */
  readonly snapshot: string;
  readonly manifest: Manifest;
  /** Of the earlier snapshots that are kept, oldest first. */
  readonly earlier: readonly Manifest[];
  /** Show ids of women, studies and images, and the folders that were read. */
  readonly withIds: boolean;
  /** Counts below it are hidden; 1 hides none. */
  readonly minCount: number;
}
