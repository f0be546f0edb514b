import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import type { Manifest } from '../../pipeline/snapshot/manifest.js';
import { describeSchema } from '../../schemas/describe.js';
import { MISMATCH_KINDS, type MismatchKind } from '../../schemas/mismatch-kinds.js';
import { allTables } from '../../schemas/tables/index.js';
import { DUCKDB_TYPES, openDuckDb, type Row } from './duckdb.js';

/** Rows by table; what a row does not name is null. */
export type MadeRows = Readonly<Record<string, readonly Row[]>>;

/**
 * A snapshot with rows of one's own, written by DuckDB rather than by the program: every table of the schema, schema.json,
 * and a manifest that counts the rows. Enough for what reads a snapshot; there are neither checksums nor receipts.
 */
export async function makeSnapshot(
  folder: string,
  rows: MadeRows,
  more: Partial<Manifest> = {},
): Promise<Manifest> {
  const ask = await openDuckDb();
  const tables = allTables(loadTagSelection().tags.map(({ column }) => column));
  for (const { name, columns } of tables) {
    mkdirSync(join(folder, 'tables', name), { recursive: true });
    const lines = join(folder, `${name}.jsonl`);
    writeFileSync(lines, (rows[name] ?? []).map((row) => `${JSON.stringify(row)}\n`).join(''));
    const types = columns.map((column) => `"${column.name}": '${DUCKDB_TYPES[column.type]!}'`);
    await ask(
      `COPY (FROM read_json('${lines}', format = 'newline_delimited', columns = {${types.join(', ')}}))
       TO '${join(folder, 'tables', name, 'made.parquet')}' (FORMAT parquet)`,
    );
  }
  const manifest = { ...manifestOf(rows, tables.map(({ name }) => name)), ...more }; // prettier-ignore
  writeFileSync(join(folder, 'schema.json'), JSON.stringify(describeSchema(tables)));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return manifest;
}

function manifestOf(rows: MadeRows, tables: readonly string[]): Manifest {
  const count = (name: string) => rows[name]?.length ?? 0;
  const kinds = (rows['mismatches'] ?? []).map(({ kind }) => kind as MismatchKind);
  const severities = kinds.map((kind) => MISMATCH_KINDS[kind].severity);
  const ofSeverity = (severity: string) => severities.filter((one) => one === severity).length;
  const files = { files: count('images'), bytes_on_disk: 0, bytes_read: 0, bytes_read_per_file: 0, bytes_read_of_one_file_at_most: 0 }; // prettier-ignore
  const inputs = { json_files: { files: 0, bytes_read: 0 }, dicom_files: files };
  const receipt = { path: '', rows: 0, bytes: 0, sha256: '' };
  return {
    format_version: 2,
    run_id: '20260102T030405.678Z-abcdef',
    started: '2026-01-02T03:04:05.678Z',
    finished: '2026-01-02T03:05:05.678Z',
    seconds: 60,
    software: { name: 'omidb-etl', version: '0.1.0', node: 'v20.0.0' },
    options: {},
    fingerprint: '',
    inputs: {
      ...inputs,
      roots: { data: '/secret/data', images: null, nbss: null },
      clients: count('clients'),
      clients_listed_but_not_found: [],
      client_ranges: 1,
      studies: count('studies'),
      images: count('images'),
    },
    work: { ...inputs, client_ranges: {} },
    tables: Object.fromEntries(tables.map((name) => [name, { rows: count(name), files: [] }])),
    mismatches: {
      total: kinds.length,
      by_severity: { error: ofSeverity('error'), warning: ofSeverity('warning'), info: ofSeverity('info') },
      by_kind: Object.fromEntries(kinds.map((kind) => [kind, kinds.filter((one) => one === kind).length])),
      since: null,
      new: 0,
      resolved: 0,
      file: receipt,
      first_seen: receipt,
    },
    budgets: [],
  };
}
