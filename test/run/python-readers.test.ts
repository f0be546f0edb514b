import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { temporaryFolder } from '../helpers/cli.js';
import { openDuckDb, type Row } from '../helpers/duckdb.js';
import { readManifest, readSchema } from '../helpers/output.js';
import { BOUNDED } from '../helpers/processes.js';
import { findPython } from '../helpers/python.js';
import { sharedRun } from '../helpers/shared-run.js';

/**
 * What each reader sees of every table, in words that they share: rows, kinds of the columns, nulls and empty lists of
 * each column, and some values of some columns, as texts.
 */
const READ = `
import datetime, glob, json, os, sys
import duckdb, pandas, polars, pyarrow, pyarrow.parquet

def kind(t):
    t = str(t).lower()
    if 'list' in t or t.endswith('[]'): return 'list'
    for name, words in {'date': ['date'], 'bool': ['bool'], 'int': ['int'], 'double': ['double', 'float'], 'string': ['string', 'str', 'varchar', 'utf8']}.items():
        if any(t.startswith(word) for word in words): return name
    return t

def text(v):
    if v is None: return None
    if isinstance(v, (datetime.date, datetime.datetime)): return v.isoformat()[:10]
    if isinstance(v, list): return [text(item) for item in v]
    return float(v) if isinstance(v, (int, float)) and not isinstance(v, bool) else v

def facts(columns, kinds, rows):
    # columns: name -> list of Python values
    return {name: {'kind': kinds[name], 'rows': rows, 'nulls': sum(v is None for v in values),
                   'empty': sum(isinstance(v, list) and len(v) == 0 for v in values),
                   'first': [text(v) for v in values[:200]]} for name, values in columns.items()}

def with_pandas(folder):
    frame = pandas.read_parquet(folder, engine='pyarrow', dtype_backend='pyarrow')
    table = pyarrow.Table.from_pandas(frame, preserve_index=False)
    return facts(table.to_pydict(), {f.name: kind(f.type) for f in table.schema}, len(frame))

def with_polars(folder):
    frame = polars.read_parquet(os.path.join(folder, '*.parquet'))
    return facts(frame.to_dict(as_series=False), {n: kind(t) for n, t in frame.schema.items()}, frame.height)

def with_duckdb(folder):
    result = duckdb.sql("SELECT * FROM read_parquet('" + os.path.join(folder, '*.parquet').replace("'", "''") + "')")
    kinds = {n: kind({'INTEGER': 'int', 'BIGINT': 'int'}.get(str(t), t)) for n, t in zip(result.columns, result.types)}
    rows = result.fetchall()
    return facts({n: [row[i] for row in rows] for i, n in enumerate(kinds)}, kinds, len(rows))

def described(folder):
    schema = pyarrow.parquet.read_schema(sorted(glob.glob(os.path.join(folder, '*.parquet')))[0])
    return {f.name: (f.metadata or {}).get(b'description', b'').decode() for f in schema}

out = {}
for name in sorted(os.listdir(sys.argv[1])):
    folder = os.path.join(sys.argv[1], name)
    out[name] = {'pandas': with_pandas(folder), 'polars': with_polars(folder), 'duckdb': with_duckdb(folder), 'descriptions': described(folder)}
json.dump(out, sys.stdout)
`;

interface ColumnFacts {
  readonly kind: string;
  readonly rows: number;
  readonly nulls: number;
  readonly empty: number;
  readonly first: readonly unknown[];
}

type Reading = Record<'pandas' | 'polars' | 'duckdb', Record<string, ColumnFacts>> & {
  readonly descriptions: Record<string, string>;
};

const KINDS: Record<string, string> = { json: 'string', long: 'int' };

const folder = temporaryFolder();
const found = findPython(join(folder, 'python'));
const skip = 'missing' in found ? `Python's readers are not there: ${found.missing}` : false;

describe('the output in Python', { skip }, () => {
  const { current } = sharedRun('faulty');
  const tables = join(current, 'tables');
  const schema = readSchema(current);
  let read: Record<string, Reading>;
  const counts = new Map<string, Row>();
  const firstRows = new Map<string, readonly Row[]>();
  before(async () => {
    const ask = await openDuckDb();
    for (const { name, columns } of schema) {
      const from = `read_parquet('${join(tables, name, '*.parquet')}')`;
      firstRows.set(name, await ask(`SELECT * FROM ${from} LIMIT 200`));
      const counted = columns.flatMap(({ name: column, type }, i) => [
        `count(*) - count("${column}") AS nulls${i}`,
        `${type.startsWith('list<') ? `count(*) FILTER (len("${column}") = 0)` : '0'} AS empty${i}`,
      ]);
      counts.set(name, (await ask(`SELECT ${counted.join(', ')} FROM ${from}`))[0]!);
    }
  });
  before(() => {
    const python = 'python' in found ? found.python : '';
    const run = spawnSync(python, ['-c', READ, tables], { encoding: 'utf8', maxBuffer: 1 << 28, ...BOUNDED });
    assert.equal(run.status, 0, run.stderr);
    read = JSON.parse(run.stdout) as Record<string, Reading>;
  });

  for (const reader of ['pandas', 'polars', 'duckdb'] as const) {
    test(`${reader} sees the rows, types, nulls, empty lists and values that DuckDB in node sees`, () => {
      const { tables: counted } = readManifest(current);
      let dates = 0;
      for (const { name, columns } of schema) {
        const rows = counted[name]!.rows;
        for (const [i, column] of columns.entries()) {
          const seen = read[name]![reader][column.name]!;
          const where = `${name}.${column.name}`;
          const isList = column.type.startsWith('list<');
          const kind = isList ? 'list' : (KINDS[column.type] ?? column.type);
          const expected = counts.get(name)!;
          assert.deepEqual(
            [seen.kind, seen.rows, seen.nulls, seen.empty],
            [kind, rows, Number(expected[`nulls${i}`]), Number(expected[`empty${i}`])],
            where,
          );
          assert.deepEqual(seen.first, valuesOf(firstRows.get(name)!, column.name, column.type), where);
          if (column.type === 'date') dates += rows - seen.nulls;
        }
      }
      assert.ok(dates > 100, 'dates were compared');
    });
  }

  test("pyarrow has the columns' descriptions in its schema", () => {
    for (const { name, columns } of schema.filter((table) => table.name !== 'mismatches')) {
      for (const column of columns)
        assert.equal(read[name]!.descriptions[column.name], column.description, `${name}.${column.name}`);
    }
  });
});

/** Values as the Python script writes them; 64-bit integers come as text from DuckDB's JSON. */
function valuesOf(rows: readonly Row[], name: string, type: string): unknown[] {
  return rows.map((row) => (type === 'long' && row[name] !== null ? Number(row[name]) : row[name]));
}
