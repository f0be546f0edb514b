import { join, relative } from 'node:path';
import type { ReadResult } from '../run/tasks.js';
import { readTaskReceipt } from '../snapshot/task-folder.js';
import { rangeFiles, readReceipt, type FileReceipt } from '../snapshot/receipts.js';
import { hashFile } from '../storage/read.js';

/** What a finished task says of its output; paths are relative to its folder. */
export interface TaskReceipt {
  readonly format_version: typeof TASK_VERSION;
  /** Id of the plan. */
  readonly plan: string;
  readonly task: number;
  /** Ranges that it read whole; each has a receipt of its own. */
  readonly ranges: readonly string[];
  readonly parts: readonly PartOfRange[];
}

/** Pieces of a range, read and not yet made files of. */
export interface PartOfRange {
  readonly range: string;
  /** Which pieces these are, from which on. */
  readonly first: number;
  readonly results: readonly ReadResult[];
  /** The files that they lie in. */
  readonly files: readonly FileReceipt[];
}

export const TASK_VERSION = 1;

/** The receipt of a task of a plan; null where it is not done. */
export function readReceiptOf(done: string, plan: string, task: number): TaskReceipt | null {
  const receipt = readTaskReceipt(done) as TaskReceipt | null;
  const isIts = receipt?.format_version === TASK_VERSION && receipt.plan === plan && receipt.task === task;
  return isIts ? receipt : null;
}

/** Whether every file of a finished task is as it was written. @param done its folder */
export async function isIntact(done: string, { ranges, parts }: TaskReceipt): Promise<boolean> {
  const receipts = ranges.map((range) => readReceipt(done, range));
  const ofRanges = receipts.flatMap((receipt) => (receipt === null ? [] : rangeFiles(receipt)));
  if (receipts.includes(null)) return false;
  for (const { path, sha256 } of [...ofRanges, ...parts.flatMap(({ files }) => files)]) {
    const hash = await hashFile(join(done, path)).catch(() => null);
    if (hash !== sha256) return false;
  }
  return true;
}

/** What was read, with paths from a folder on. */
export function relativeTo(folder: string, result: ReadResult): ReadResult {
  return withPaths(result, (path) => relative(folder, path));
}

/** The other way round. */
export function below(folder: string, result: ReadResult): ReadResult {
  return withPaths(result, (path) => join(folder, path));
}

function withPaths(result: ReadResult, change: (path: string) => string): ReadResult {
  const batches = Object.entries(result.batches).map(([table, places]) => [
    table,
    places.map((place) => ({ ...place, path: change(place.path) })),
  ]);
  return {
    ...result,
    batches: Object.fromEntries(batches) as ReadResult['batches'],
    mismatches: result.mismatches.map((lines) => ({ ...lines, path: change(lines.path) })),
  };
}
