import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderOfProcess } from '../helpers/cli.js';
import type { Ask } from '../helpers/duckdb.js';
import { openDuckDb } from '../helpers/duckdb.js';
import { hashesBelow, readJson, sha256 } from '../helpers/output.js';

const folder = folderOfProcess();

export function fresh(): string {
  return mkdtempSync(join(folder, 'case-'));
}

export interface TinyClient {
  readonly site?: string;
  readonly studies?: unknown;
  readonly nbss?: Record<string, unknown>;
}

/** Writes the imagedb and the nbss file of a client into a data-only database. */
export function writeClient(
  database: string,
  id: string,
  { site, studies = {}, nbss = {} }: TinyClient,
): void {
  const client = join(database, 'data', id);
  mkdirSync(client, { recursive: true });
  const imagedb = { ClientID: id, Site: site ?? 'abcd', STUDIES: studies };
  writeFileSync(join(client, `imagedb_${id}.json`), JSON.stringify(imagedb));
  writeFileSync(join(client, `nbss_${id}.json`), JSON.stringify({ ClientID: id, ...nbss }));
}

/** A copy of a published snapshot, to be damaged. */
export function copyOf(snapshot: string): string {
  const copy = join(realpathSync(fresh()), 'snapshot');
  cpSync(realpathSync(snapshot), copy, { recursive: true });
  return copy;
}

/** Flips bits of one byte of a file. */
export function flip(file: string, place: number, mask = 0x01): void {
  writeFileSync(file, flipped(readFileSync(file), place, mask));
}

export function flipped(content: Buffer, place: number, mask = 0x01): Buffer {
  const bytes = Buffer.from(content);
  bytes[place]! ^= mask;
  return bytes;
}

interface FileEntry {
  path: string;
  rows: number;
  bytes: number;
  sha256: string;
}

interface Listing {
  tables: Record<string, { rows: number; files: FileEntry[] }>;
}

/** Lists the files of a snapshot as they are now, as if a run had written them so: its faults are then in what it holds. */
export function reseal(snapshot: string): void {
  const manifest = readJson<Listing>(snapshot, 'manifest.json');
  for (const { files } of Object.values(manifest.tables)) {
    for (const file of files) {
      file.bytes = statSync(join(snapshot, file.path)).size;
      file.sha256 = sha256(snapshot, file.path);
    }
  }
  writeFileSync(join(snapshot, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const hashes = Object.entries(hashesBelow(snapshot)).filter(([path]) => path !== 'checksums.sha256');
  writeFileSync(
    join(snapshot, 'checksums.sha256'),
    hashes.map(([path, hash]) => `${hash}  ${path}\n`).join(''),
  );
}

let duckDb: Promise<Ask> | undefined;

/**
 * Writes a part file anew: `select` is SQL over `part`, which stands for the file as it is. The manifest is told the new
 * number of rows.
 */
export async function rewrite(snapshot: string, path: string, select: string): Promise<void> {
  const ask = await (duckDb ??= openDuckDb());
  const file = join(snapshot, path);
  await ask(`CREATE OR REPLACE TABLE part AS FROM '${file}'`);
  await ask(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
  const [count] = await ask(`SELECT count(*)::INT AS n FROM '${file}'`);
  const manifest = readJson<Listing>(snapshot, 'manifest.json');
  const table = manifest.tables[dirname(path).slice('tables/'.length)]!;
  table.files.find((entry) => entry.path === path)!.rows = Number(count!['n']);
  writeFileSync(join(snapshot, 'manifest.json'), JSON.stringify(manifest));
  reseal(snapshot);
}
