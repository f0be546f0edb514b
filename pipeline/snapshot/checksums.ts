import { join } from 'node:path';
import { Interrupted, VerificationError } from '../base/fault.js';
import { errorName } from '../base/system-error.js';
import { compareText } from '../base/text.js';
import { tableOfPart } from '../stages/write/part-file.js';
import { entriesBelow, type EntryBelow } from '../storage/folders.js';
import { sizeOf } from '../storage/names.js';
import { writeFileUnsynced } from '../storage/new-file.js';
import { hashFile, readText } from '../storage/read.js';

/** The file that guards all others of a snapshot, in the format of `sha256sum`. */
export const CHECKSUMS = 'checksums.sha256';

/** What is wrong with a file of a published snapshot. */
export interface FileFault {
  /** Relative to the snapshot's folder. */
  readonly path: string;
  readonly fault: string;
}

/**
 * Writes the checksums of every file of a snapshot, which must be complete.
 * @param known hashes of files that were compared with the disk already, those of all tables among them, by path; the others
 * are read
 * @throws VerificationError when there is a file of a table that is not known
 */
export async function writeChecksums(snapshot: string, known: ReadonlyMap<string, string>): Promise<void> {
  const lines: string[] = [];
  for (const { path } of filesOf(snapshot)) {
    if (path === CHECKSUMS) continue;
    if (tableOfPart(path) !== null && !known.has(path))
      throw new VerificationError(`${path} is of no table of this run`);
    lines.push(`${known.get(path) ?? (await hashFile(join(snapshot, path)))}  ${path}\n`);
  }
  writeFileUnsynced(join(snapshot, CHECKSUMS), Buffer.from(lines.join('')));
}

/**
 * Compares every file of a snapshot with its checksums.
 * @returns how many files there should be, and what is missing, changed, or there without being listed; a fault of the
 * list itself is the only one
 * @throws Interrupted when `stop` is aborted
 */
export async function findFileFaults(
  snapshot: string,
  stop?: AbortSignal,
): Promise<{ files: number; faults: FileFault[] }> {
  const listed = readChecksums(snapshot);
  if (typeof listed === 'string') return { files: 0, faults: [{ path: CHECKSUMS, fault: listed }] };
  const faults: FileFault[] = [];
  const there = new Set<string>();
  for (const { path, isFile } of filesOf(snapshot)) {
    if (stop?.aborted === true) throw new Interrupted('stopped');
    there.add(path);
    const expected = listed.get(path);
    if (expected === undefined) {
      if (path !== CHECKSUMS) faults.push({ path, fault: `is not listed in ${CHECKSUMS}` });
    } else if (!isFile) faults.push({ path, fault: 'is not a plain file' });
    else if ((await hashFile(join(snapshot, path))) !== expected)
      faults.push({ path, fault: 'is not as it was published: its sha256 differs' });
  }
  for (const path of listed.keys()) if (!there.has(path)) faults.push({ path, fault: 'is missing' });
  return { files: listed.size + 1, faults };
}

/** Files up to this size are hashed by a quick look too: manifest, schema, receipts, parts of small tables. */
const SMALL_BYTES = 64 * 1024;

/**
 * Compares the files of a snapshot with its checksums as far as that costs no more than a walk: which files there are, how
 * large they are, and what the small ones hold.
 * @param sizes of files that may be large, by path; a file without one is hashed
 * @returns the first thing that is not as it was published; null when there is none
 */
export async function findQuickFault(
  snapshot: string,
  sizes: ReadonlyMap<string, number>,
): Promise<FileFault | null> {
  const listed = readChecksums(snapshot);
  if (typeof listed === 'string') return { path: CHECKSUMS, fault: listed };
  const missing = new Set(listed.keys());
  for (const { path, isFile } of filesOf(snapshot)) {
    if (path === CHECKSUMS) continue;
    const expected = listed.get(path);
    if (expected === undefined) return { path, fault: `is not listed in ${CHECKSUMS}` };
    if (!isFile) return { path, fault: 'is not a plain file' };
    missing.delete(path);
    const file = join(snapshot, path);
    const size = sizes.get(path);
    if (size !== undefined && sizeOf(file) !== size) return { path, fault: 'has another size' };
    const isSmall = size === undefined || size <= SMALL_BYTES;
    if (isSmall && (await hashFile(file)) !== expected) return { path, fault: 'is not as it was published' };
  }
  const [path] = missing;
  return path === undefined ? null : { path, fault: 'is missing' };
}

/** True when a file is there as the checksums of its snapshot say. */
export async function isAsPublished(snapshot: string, path: string): Promise<boolean> {
  const listed = readChecksums(snapshot);
  try {
    return typeof listed !== 'string' && listed.get(path) === (await hashFile(join(snapshot, path)));
  } catch {
    return false;
  }
}

/** sha256 by path; or what is wrong with the file. Strict: no other text than the one that was written passes. */
function readChecksums(snapshot: string): ReadonlyMap<string, string> | string {
  let text: string;
  try {
    text = readText(join(snapshot, CHECKSUMS));
  } catch (error) {
    const code = errorName(error);
    return code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
  }
  const lines = text.split('\n');
  if (lines.pop() !== '') return 'has a last line that is cut off';
  if (lines.length === 0) return 'is empty';
  const listed = new Map<string, string>();
  let last = '';
  for (const [index, line] of lines.entries()) {
    const [, hash, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    // In order, so none twice.
    if (hash === undefined || path === undefined || compareText(last, path) >= 0)
      return `has a line that is none of a checksum (line ${index + 1})`;
    listed.set(path, hash);
    last = path;
  }
  return listed;
}

/** Everything in a snapshot, in the order of the paths. */
function filesOf(snapshot: string): EntryBelow[] {
  return entriesBelow(snapshot).sort((a, b) => compareText(a.path, b.path));
}
