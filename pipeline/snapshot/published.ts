import { basename, join, resolve } from 'node:path';
import type { Table } from '../../schemas/column.js';
import { describedTables, type SchemaDescription } from '../../schemas/describe.js';
import { EnvironmentFault } from '../base/fault.js';
import { listNames, listNamesIfThere } from '../storage/folders.js';
import { exists, kindOf, realPath } from '../storage/names.js';
import { readText } from '../storage/read.js';
import type { Manifest } from './manifest.js';
import { readManifest } from './read-manifest.js';

/** Finding and reading published snapshots. */

export interface PublishedSnapshot {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Names of folders that runs made: what does not fit is not this program's. */
export const RUN_ID = /^\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}$/;

/** Run ids of the snapshots of an output, oldest first. */
export function listRunIds(out: string): string[] {
  return listNamesIfThere(join(out, 'snapshots'))
    .filter((name) => RUN_ID.test(name))
    .sort();
}

/** Folder of an output that holds the snapshot which a gate refused, under its run id, until the next run. */
export const REFUSED = 'refused';

/** Names the current snapshot where the file system has no symbolic links. */
export const POINTER_FILE = 'current.json';

/** What the file holds. @param target of the link that it stands for: `snapshots/<run id>` */
export function pointerText(target: string): string {
  return `${JSON.stringify({ snapshot: target })}\n`;
}

/** The target that the file of an output names; null when there is no such file, or none that a run wrote. */
export function readPointer(out: string): string | null {
  try {
    const { snapshot } = JSON.parse(readText(join(out, POINTER_FILE))) as { readonly snapshot: unknown };
    const isOurs = typeof snapshot === 'string' && RUN_ID.test(snapshot.replace(/^snapshots\//, ''));
    return isOurs ? snapshot : null;
  } catch {
    return null;
  }
}

/** The folder that `current` points to, or else the one that `current.json` names; null when there is none. */
export function currentFolder(out: string): string | null {
  return resolved(join(out, 'current')) ?? resolved(join(out, readPointer(out) ?? 'current'));
}

/** The run id of the snapshot that `current` is a copy of, where it is a folder and no link; else null. */
export function copiedRunId(out: string): string | null {
  const folder = join(out, 'current');
  const runId = kindOf(folder) === 'folder' ? readManifest(folder)?.run_id : undefined;
  return runId !== undefined && RUN_ID.test(runId) ? runId : null;
}

function resolved(path: string): string | null {
  try {
    return realPath(path);
  } catch {
    return null;
  }
}

/** The snapshot that `current` points to; null when there is none that can be read. */
export function readCurrent(out: string): PublishedSnapshot | null {
  const folder = currentFolder(out);
  const manifest = folder === null ? null : readManifest(folder);
  return folder === null || manifest === null ? null : { folder, manifest };
}

/**
 * The folder of a published snapshot, links resolved: whoever reads through `current` meets two snapshots when a run
 * publishes meanwhile.
 * @param name `current`, a run id, or a path
 * @throws EnvironmentFault when there is none
 */
export function findSnapshot(out: string, name: string): string {
  const places =
    name === 'current'
      ? [currentFolder(out)]
      : [join(out, 'snapshots', name), join(out, REFUSED, name), resolve(name)];
  for (const folder of places) {
    if (folder !== null && exists(join(folder, 'tables'))) return realPath(folder);
  }
  const isLost = name === 'current' && listRunIds(out).length > 0;
  if (isLost)
    throw new EnvironmentFault(
      `${join(out, 'current')} leads to no snapshot, and there are some: omidb-etl use RUN turns it to one (omidb-etl runs lists them), and so does the next run`,
    );
  throw new EnvironmentFault(
    name === 'current'
      ? `${join(out, 'current')} holds no published tables: run omidb-etl run DATABASE first, or give --out`
      : `${name} is no snapshot: it is neither a run id of ${out} (omidb-etl runs lists them) nor a folder that a run published`,
  );
}

/**
 * The run id of the snapshot before the one that `current` points to; null when that is the first.
 * @throws EnvironmentFault when there is no current one
 */
export function beforeCurrent(out: string): string | null {
  const current = copiedRunId(out) ?? basename(findSnapshot(out, 'current'));
  const earlier = listRunIds(out).filter((id) => id < current);
  return earlier.at(-1) ?? null;
}

/** The tables of a snapshot as its own schema.json describes them. @throws EnvironmentFault */
export function readTables(snapshot: string): Table[] {
  const file = join(snapshot, 'schema.json');
  try {
    return describedTables(JSON.parse(readText(file)) as SchemaDescription);
  } catch (error) {
    throw new EnvironmentFault(
      `${file} cannot be read (${(error as Error).message}): omidb-etl verify says what is damaged`,
    );
  }
}

/** Names of the tables that a snapshot has a folder of, sorted. */
export function listTables(snapshot: string): string[] {
  const names = listNames(join(snapshot, 'tables')).sort();
  // A folder that somebody made, and that holds no part, is no table.
  return names.filter((name) => partFiles(snapshot, name).length > 0);
}

/** The Parquet files of a table, whatever manifest.json says, in order. */
export function partFiles(snapshot: string, table: string): string[] {
  const folder = join(snapshot, 'tables', table);
  return listNames(folder)
    .filter((name) => name.endsWith('.parquet'))
    .sort()
    .map((name) => join(folder, name));
}
