import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { tableFromIPC, type Vector } from 'apache-arrow';
import { makeSample } from '../../scripts/sample/database.js';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { openDuckDb } from '../helpers/duckdb.js';
import { turnsOf } from '../helpers/extent.js';
import {
  hashesBelow,
  publishedHashes,
  readJson,
  readManifest,
  readSchema,
  sha256,
} from '../helpers/output.js';
import type { PublishedFile, SchemaColumn } from '../helpers/output.js';
import { BOUNDED } from '../helpers/processes.js';
import { findPython } from '../helpers/python.js';

const folder = temporaryFolder();
const database = join(folder, 'database');
makeSample({ out: database, clients: turnsOf(20, 13), seed: 5, faults: FAULT_KINDS, pixels: 'sparse' });

function publish(name: string, ...options: string[]): string {
  const out = join(folder, name);
  const run = runCli(['run', database, '--out', out, '--no-progress', ...options]);
  assert.equal(run.code, 0, run.stderr);
  return join(out, 'current');
}

type Tables = Record<string, { rows: number; files: PublishedFile[]; arrow_files?: PublishedFile[] }>;

const parquetOnly = publish('parquet');
const FEW_WORKERS = String(turnsOf(1, 0));
const MANY_WORKERS = String(turnsOf(4, 2));
const current = publish('arrow', '--format', 'arrow', '--workers', FEW_WORKERS);
const schema = readSchema(current);
const { tables } = readJson<{ tables: Tables }>(current, 'manifest.json');

describe('--format', () => {
  test('of another name is wrong usage, and nothing is written', () => {
    const out = join(folder, 'feather');
    const { code, stderr } = runCli(['run', database, '--out', out, '--format', 'feather']);
    assert.equal(code, 2);
    assert.match(stderr, /format.*feather.*"parquet", "arrow"/s);
    assert.equal(existsSync(out), false);
  });

  test('that is not given writes Parquet only', () => {
    assert.equal(existsSync(join(parquetOnly, 'arrow')), false);
    const manifest = readManifest(parquetOnly);
    assert.equal(manifest.options['format'], 'parquet');
    for (const table of Object.values(manifest.tables))
      assert.deepEqual(Object.keys(table), ['rows', 'files']);
  });

  test('arrow leaves Parquet files and mismatches.jsonl as they are without it', () => {
    assert.deepEqual(publishedHashes(current), publishedHashes(parquetOnly));
    assert.equal(sha256(current, 'schema.json'), sha256(parquetOnly, 'schema.json'));
    assert.equal(readManifest(current).options['format'], 'arrow');
  });

  test(`arrow gives the same bytes with ${FEW_WORKERS} workers and with ${MANY_WORKERS}`, () => {
    const many = publish('many', '--format', 'arrow', '--workers', MANY_WORKERS);
    const expected = hashesBelow(join(current, 'arrow'));
    assert.ok(Object.keys(expected).length > schema.length);
    assert.deepEqual(hashesBelow(join(many, 'arrow')), expected);
  });
});

describe('the manifest of a run with --format arrow', () => {
  test('lists every Arrow file, with the bytes and checksum that it has on the disk', () => {
    const listed = Object.values(tables).flatMap((table) => table.arrow_files!);
    const onDisk = hashesBelow(join(current, 'arrow'));
    assert.deepEqual(
      listed.map(({ path, sha256: hash }) => [path, hash]).sort(),
      Object.entries(onDisk).map(([path, hash]) => [`arrow/${path}`, hash]),
    );
    for (const { path, bytes } of listed) assert.equal(readFileSync(join(current, path)).length, bytes, path);
  });

  test('has an Arrow file for each Parquet part, of the same name and rows', () => {
    for (const [name, { rows, files, arrow_files: arrowFiles }] of Object.entries(tables)) {
      assert.deepEqual(
        arrowFiles!.map((file) => [file.path, file.rows]),
        files.map((file) => [file.path.replace(/^tables(.*)parquet$/, 'arrow$1arrow'), file.rows]),
        name,
      );
      assert.equal(
        arrowFiles!.reduce((sum, file) => sum + file.rows, 0),
        rows,
      );
    }
  });
});

/** The cells of an Arrow column as DuckDB's JSON has them. */
function cellsOf(vector: Vector, { type }: SchemaColumn): unknown[] {
  const item = /^list<(.+)>$/.exec(type)?.[1] ?? type;
  const scalar = (value: unknown): unknown => {
    if (item === 'date' && value !== null) return new Date(Number(value)).toISOString().slice(0, 10);
    return typeof value === 'bigint' ? String(value) : value;
  };
  return Array.from(vector as Iterable<unknown>, (value) =>
    type.startsWith('list<') && value !== null
      ? Array.from(value as Iterable<unknown>, scalar)
      : scalar(value),
  );
}

test('every cell that apache-arrow reads in an Arrow file is the one that DuckDB reads in its Parquet part', async () => {
  const ask = await openDuckDb();
  const seen = { nulls: 0, emptyLists: 0, values: 0, emptyParts: 0 };
  for (const { name, columns } of schema) {
    for (const [i, { path, rows }] of tables[name]!.arrow_files!.entries()) {
      const arrow = tableFromIPC(readFileSync(join(current, path)));
      const parquet = await ask(`SELECT * FROM '${join(current, tables[name]!.files[i]!.path)}'`);
      assert.deepEqual([arrow.numRows, parquet.length], [rows, rows], path);
      assert.deepEqual(arrow.schema.fields.map((field) => field.name), columns.map((column) => column.name)); // prettier-ignore
      if (rows === 0) seen.emptyParts++;
      for (const column of columns) {
        const cells = rows === 0 ? [] : cellsOf(arrow.getChild(column.name)!, column);
        assert.deepEqual(cells, parquet.map((row) => row[column.name]), `${path} ${column.name}`); // prettier-ignore
        for (const cell of cells) {
          if (cell === null) seen.nulls++;
          else if (Array.isArray(cell) && cell.length === 0) seen.emptyLists++;
          else seen.values++;
        }
      }
    }
  }
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 0, `${what} were compared`);
});

/**
 * Opens every Arrow file as a training loader does, mapped into memory, and compares it with its Parquet part as each
 * reader reads that; counts what was met.
 */
const COMPARE = `
import collections, json, os, sys
import duckdb, pandas, polars, pyarrow as pa, pyarrow.compute, pyarrow.parquet as pq

seen = collections.Counter()
snapshot = sys.argv[1]
for table, facts in json.load(open(os.path.join(snapshot, 'manifest.json')))['tables'].items():
    for arrow_file, parquet_file in zip(facts['arrow_files'], facts['files'], strict=True):
        path, part = (os.path.join(snapshot, file['path']) for file in (arrow_file, parquet_file))
        mapped = pa.memory_map(path)
        arrow = pa.ipc.open_file(mapped).read_all()
        mapped.seek(0)
        start = mapped.read_buffer().address
        arrow.validate(full=True)
        parquet = pq.read_table(part, partitioning=None)
        assert arrow.equals(parquet) and arrow.schema.equals(parquet.schema), path
        # parquetjs-lite, which writes this table's Parquet, keeps no Arrow schema.
        if table != 'mismatches': assert arrow.schema.equals(parquet.schema, check_metadata=True), path
        assert arrow.column_names == polars.read_ipc(path).columns
        assert polars.read_ipc(path, memory_map=True).equals(polars.read_parquet(part)), path
        frame = pandas.read_feather(path, dtype_backend='pyarrow')
        pandas.testing.assert_frame_equal(frame, pandas.read_parquet(part, dtype_backend='pyarrow'))
        assert pa.ipc.open_stream(open(path, 'rb').read()[8:]).read_all().equals(arrow), path
        differ = "SELECT count(*) FROM ((FROM {0} EXCEPT ALL FROM {1}) UNION ALL (FROM {1} EXCEPT ALL FROM {0}))"
        assert duckdb.sql(differ.format('arrow', 'parquet')).fetchone() == (0,), path
        for column in arrow.columns:
            seen['nulls'] += column.null_count
            if pa.types.is_list(column.type): seen['empty_lists'] += pa.compute.list_value_length(column).to_pylist().count(0)
            for buffer in (buffer for chunk in column.chunks for buffer in chunk.buffers() if buffer):
                seen['buffers'] += 1
                seen['copied'] += not start <= buffer.address <= start + arrow_file['bytes']
                seen['unaligned'] += buffer.address % 8 != 0
        seen['files'] += 1
        seen['empty_parts'] += arrow.num_rows == 0
    described = pa.ipc.open_file(path).schema
    seen['columns'] += len(described)
    seen['described'] += sum(bool(field.metadata[b'description']) for field in described)
print(json.dumps(seen))
`;

const found = findPython(join(folder, 'python'));
const skip = 'missing' in found ? `Python's readers are not there: ${found.missing}` : false;

describe('Arrow files in Python', { skip }, () => {
  let seen: Record<string, number>;
  before(() => {
    const python = 'python' in found ? found.python : '';
    const run = spawnSync(python, ['-c', COMPARE, current], { encoding: 'utf8', ...BOUNDED });
    assert.equal(run.status, 0, run.stderr);
    seen = JSON.parse(run.stdout) as Record<string, number>;
  });

  test('hold what pyarrow, pandas, Polars and DuckDB read in the Parquet parts', () => {
    assert.equal(seen['files'], Object.values(tables).flatMap((table) => table.arrow_files!).length);
    for (const what of ['nulls', 'empty_lists', 'empty_parts']) assert.ok(seen[what]! > 0, what);
  });

  test('are used where they are mapped: no buffer is copied, all are aligned', () => {
    assert.ok(seen['buffers']! > 1000);
    assert.deepEqual([seen['copied'], seen['unaligned']], [0, 0]);
  });

  test('describe every column', () => {
    assert.equal(seen['described'], schema.flatMap(({ columns }) => columns).length);
    assert.equal(seen['columns'], seen['described']);
  });
});
