import { join } from 'node:path';
import type { DuckDb, QueryRow } from '../engine/duckdb.js';
import { parquetRows, sqlName, sqlText } from '../engine/sql.js';
import type { Column, Table } from '../../schemas/column.js';
import type { Manifest } from './manifest.js';
import { readTables } from './published.js';
import { mustReadManifest } from './read-manifest.js';

/** A row that differs between two snapshots. Keys and names of columns only: no value of another column. */
export interface Difference {
  readonly table: string;
  readonly change: 'new' | 'gone' | 'changed';
  readonly key: QueryRow;
  /** Columns that hold something else now; empty unless the row changed. */
  readonly columns: readonly string[];
}

/** A snapshot that is compared. */
export interface Side {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tables: readonly Table[];
}

/** @throws EnvironmentFault when the snapshot cannot be read */
export function openSide(folder: string): Side {
  return { folder, manifest: mustReadManifest(folder), tables: readTables(folder) };
}

/** Names a mismatch, which has no key: where it is, and none of the values. */
const MISMATCH_KEY = [
  'kind',
  'client_id',
  'study_instance_uid',
  'series_instance_uid',
  'sop_instance_uid',
  'path',
];

/**
 * The rows that are new, gone or changed from one snapshot to another: table by table, part file by part file. Part files
 * with the same checksum are not opened. A client's rows lie in the same part of both snapshots, so that one pair of parts
 * at a time is enough, and memory does not grow with the database; where the parts of one cover more client numbers than
 * those of the other, all parts of a table are one pair, and DuckDB spills. Mismatches have no key: equal ones count once, and one
 * in which anything changed is gone and new.
 */
export async function* compareSnapshots(db: DuckDb, before: Side, after: Side): AsyncGenerator<Difference> {
  const names = new Set([...after.tables, ...before.tables].map(({ name }) => name));
  for (const name of names) {
    const [was, is] = [before, after].map(({ tables }) => tables.find((table) => table.name === name));
    for (const { sql, columns } of comparisons(name, [before, was], [after, is])) {
      for await (const rows of db.stream(sql)) {
        for (const { change, places, ...key } of rows as (QueryRow & Found)[]) {
          yield { table: name, change, key, columns: places.map((place) => columns[Number(place) - 1]!) };
        }
      }
    }
  }
}

/** A query of the rows that differ: their keys, `change`, and as `places` which of the columns (from 1) changed. */
interface Comparison {
  readonly sql: string;
  readonly columns: readonly string[];
}

interface Found {
  readonly change: Difference['change'];
  readonly places: readonly (number | string)[];
}

type SideTable = readonly [Side, Table | undefined];

function* comparisons(name: string, before: SideTable, after: SideTable): Generator<Comparison> {
  const [was, is] = [before[1], after[1]];
  const old = partsOf(name, before);
  const now = partsOf(name, after);
  if (isOtherWidth(before[0], after[0]) && old.size + now.size > 0) mergeParts(old, now);
  const isComparable = was !== undefined && is !== undefined && was.key.join() === is.key.join();
  for (const path of new Set([...old.keys(), ...now.keys()])) {
    const [a, b] = [old.get(path), now.get(path)];
    if (a?.sha256 === b?.sha256) continue;
    if (isComparable && a !== undefined && b !== undefined) yield pair(was, is, a.files, b.files);
    else {
      if (a !== undefined) yield onesided('gone', was!, a.files);
      if (b !== undefined) yield onesided('new', is!, b.files);
    }
  }
}

/** 0.1.0 had one width, and did not say it. */
function isOtherWidth(a: Side, b: Side): boolean {
  const [width, other] = [a, b].map(({ manifest }) => manifest.inputs.client_range_width ?? 1000);
  return width !== other;
}

/** Makes one part of all, on each side. */
function mergeParts(...sides: readonly Map<string, Part>[]): void {
  for (const parts of sides) {
    const all = [...parts.values()];
    parts.clear();
    if (all.length === 0) continue;
    const sha256 = all.map((part) => part.sha256).join();
    parts.set('all', { files: all.flatMap(({ files }) => files), sha256 });
  }
}

function pair(was: Table, is: Table, old: readonly string[], now: readonly string[]): Comparison {
  const columns = common(was, is);
  return is.key.length === 0 ? unkeyed(columns, old, now) : keyed(is.key, columns, old, now);
}

interface Part {
  readonly files: readonly string[];
  readonly sha256: string;
}

/** The Parquet files of a table by their path in the snapshot; none of a table that schema.json has not. */
function partsOf(name: string, [{ folder, manifest }, table]: SideTable): Map<string, Part> {
  const files = table === undefined ? [] : (manifest.tables[name]?.files ?? []);
  return new Map(
    files
      .filter(({ path }) => path.endsWith('.parquet'))
      .map(({ path, sha256 }) => [path, { files: [join(folder, path)], sha256 }]),
  );
}

/** Columns of both, with whether they are of one type. */
function common(was: Table, is: Table): { column: Column; sameType: boolean }[] {
  const types = new Map(was.columns.map(({ name, type }) => [name, type]));
  return is.columns
    .filter(({ name }) => types.has(name))
    .map((column) => ({ column, sameType: types.get(column.name) === column.type }));
}

const list = (names: readonly string[]): string => names.map(sqlName).join(', ');
const rowsOf = (files: readonly string[]): string => parquetRows(files);
const identity = ({ key }: Table): readonly string[] => (key.length > 0 ? key : MISMATCH_KEY);

function onesided(change: 'new' | 'gone', table: Table, file: readonly string[]): Comparison {
  const key = list(identity(table));
  const sql = `SELECT ${key}, ${sqlText(change)} AS change, [] AS places FROM ${rowsOf(file)} ORDER BY ${key}`;
  return { sql, columns: [] };
}

function keyed(
  key: readonly string[],
  columns: readonly { column: Column; sameType: boolean }[],
  old: readonly string[],
  now: readonly string[],
): Comparison {
  const values = columns.filter(({ column }) => !key.includes(column.name));
  // Cells are compared by their hashes, so that a join of wide rows holds little.
  const cells = values.map(({ column: { name }, sameType }) =>
    sameType ? `hash(${sqlName(name)})` : `hash(${sqlName(name)}::VARCHAR)`,
  );
  const source = (file: readonly string[]) =>
    `(SELECT ${list(key)}, [${cells.join(', ')}] AS cells FROM ${rowsOf(file)})`;
  const places = `range(1, ${values.length + 1})`;
  const sql = `
    SELECT ${list(key)},
      CASE WHEN a.cells IS NULL THEN 'new' WHEN b.cells IS NULL THEN 'gone' ELSE 'changed' END AS change,
      CASE WHEN a.cells IS NULL OR b.cells IS NULL THEN []
        ELSE list_filter(${places}, lambda i: a.cells[i] != b.cells[i]) END AS places
    FROM ${source(old)} a FULL JOIN ${source(now)} b USING (${list(key)})
    WHERE a.cells IS DISTINCT FROM b.cells ORDER BY ${list(key)}`;
  return { sql, columns: values.map(({ column }) => column.name) };
}

function unkeyed(
  columns: readonly { column: Column }[],
  old: readonly string[],
  now: readonly string[],
): Comparison {
  const names = list(columns.map(({ column }) => column.name));
  const source = (file: readonly string[], isNow: boolean) =>
    `SELECT ${names}, ${isNow} AS is_now FROM ${rowsOf(file)}`;
  const key = list(MISMATCH_KEY);
  const sql = `
    SELECT ${key}, CASE WHEN bool_and(is_now) THEN 'new' ELSE 'gone' END AS change, [] AS places
    FROM (${source(old, false)} UNION ALL ${source(now, true)})
    GROUP BY ${names} HAVING bool_and(is_now) = bool_or(is_now) ORDER BY ${key}, ${names}`;
  return { sql, columns: [] };
}
