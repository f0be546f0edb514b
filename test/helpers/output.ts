import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Json = Record<string, unknown>;

// The caller says what the file holds.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function readJson<T = Json>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}

/** The objects of a file with one JSON object a line. */
export function readJsonLines<T = Json>(...path: string[]): T[] {
  return parseJsonLines(readFileSync(join(...path), 'utf8'));
}

export function parseJsonLines<T = Json>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

export function sha256(...path: string[]): string {
  return createHash('sha256')
    .update(readFileSync(join(...path)))
    .digest('hex');
}

/** Hash of every file below a folder, by its path there. */
export function hashesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Object.fromEntries(names.sort().map((name) => [name, sha256(folder, name)]));
}

/** What must be the same for the same input: the hash of each table file and of the manifest of mismatches. */
export function publishedHashes(snapshot: string): Record<string, string> {
  return {
    ...hashesBelow(join(snapshot, 'tables')),
    'mismatches.jsonl': sha256(snapshot, 'mismatches.jsonl'),
  };
}

export interface SchemaColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly source: string;
  readonly unit: string | null;
  readonly nullable: boolean;
}

export interface SchemaTable {
  readonly name: string;
  readonly description: string;
  readonly key: readonly string[];
  readonly parents: readonly { readonly table: string; readonly columns: readonly string[] }[];
  readonly columns: readonly SchemaColumn[];
}

export function readSchema(snapshot: string): readonly SchemaTable[] {
  return readJson<{ tables: SchemaTable[] }>(snapshot, 'schema.json').tables;
}

export interface PublishedFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly run_id: string;
  readonly options: Json;
  readonly inputs: {
    readonly clients: number;
    readonly clients_listed_but_not_found: readonly string[];
    readonly clients_excluded_but_not_found: readonly string[];
    readonly images: number;
    readonly dicom_files: {
      readonly files: number;
      readonly bytes_on_disk: number;
      readonly bytes_read: number;
      readonly bytes_read_of_one_file_at_most: number;
    };
  };
  readonly tables: Readonly<
    Record<string, { readonly rows: number; readonly files: readonly PublishedFile[] }>
  >;
  readonly mismatches: {
    readonly total: number;
    readonly by_kind: Readonly<Record<string, number>>;
    readonly by_severity: Readonly<Record<string, number>>;
    readonly file: PublishedFile;
  };
}

export function readManifest(snapshot: string): Manifest {
  return readJson<Manifest>(snapshot, 'manifest.json');
}
