import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { findRoots } from '../pipeline/source/roots.js';
import { DuckDb } from '../pipeline/engine/duckdb.js';
import { sqlText } from '../pipeline/engine/sql.js';
import type { OutcomeMonths } from '../pipeline/semantics/outcome.js';
import { NO_MONTHS } from './helpers/months.js';
import { NO_PROGRESS } from '../pipeline/run/progress.js';
import { run } from '../pipeline/run/run.js';
import type { Roots } from '../pipeline/source/source.js';
import type { Column } from '../schemas/column.js';
import { allTables } from '../schemas/tables/index.js';
import { dump2dcmFile, noDcmtk, scratchFolder } from './helpers/dcmtk.js';
import { runOptions } from './helpers/run-options.js';
import { flattenDatabase, shippedTags } from './helpers/flat-database.js';

/**
 * A folder below test/cases is a test case: `input/` is a database, `expected.json` what the specification says of it,
 * written by hand, `case.json` the rule that it shows:
 *
 *     { "about":     "the rule, in a sentence",
 *       "published": true to run the whole pipeline and read what it published with DuckDB; otherwise the rows are
 *                    taken before they are written
 *       "roots":     { "data", "images", "nbss" }: the trees, where they do not lie below input/ by their names
 *       "months":    the four windows of outcomes; all unset otherwise
 *       "make":      files (empty) and folders (ending in /) of names or kinds that a repository cannot hold }
 *
 * `<uid>.dcm.dump` in the input becomes `<uid>.dcm` by dcmtk's dump2dcm. What expected.json says:
 *
 *     { "tables":     { "<table>": all its rows in order, of each the columns that matter },
 *       "counts":     { "<table>": its number of rows },
 *       "mismatches": all mismatches, in any order; ids, paths and values that are not given are null }
 *
 * Dates are written as ISO text, JSON columns as the JSON they hold.
 */

type Json = unknown;
type Row = Record<string, Json>;

interface Case {
  readonly about: string;
  readonly published?: boolean;
  readonly roots?: Partial<Record<keyof Roots, string>>;
  readonly make?: readonly string[];
  readonly months?: OutcomeMonths;
}

interface Expected {
  readonly tables?: Readonly<Record<string, readonly Row[]>>;
  readonly counts?: Readonly<Record<string, number>>;
  readonly mismatches: readonly Row[];
}

interface Actual {
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly mismatches: readonly Row[];
}

const CASES = fileURLToPath(new URL('../../test/cases', import.meta.url));
const TABLES = allTables(shippedTags().tags.map(({ column }) => column));
const COMPARED = ['kind', 'client_id', 'study_instance_uid', 'sop_instance_uid', 'path', 'expected', 'found'];
const scratch = scratchFolder();

const readJson = (path: string): Json => JSON.parse(readFileSync(path, 'utf8'));

/** Copies a case's input, with the files that a repository cannot hold. */
function prepare(name: string, { make = [] }: Case): string {
  const input = join(scratch, name);
  cpSync(join(CASES, name, 'input'), input, { recursive: true });
  for (const path of make) {
    const target = join(input, path);
    mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(target, '');
  }
  for (const dump of dumpsBelow(input)) {
    dump2dcmFile(dump, dump.slice(0, -'.dump'.length));
    rmSync(dump);
  }
  return input;
}

function dumpsBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((path) => path.endsWith('.dcm.dump')).map((path) => join(folder, path));
}

function rootsOf(input: string, { roots = {} }: Case): Roots {
  const at = (tree: keyof Roots) => (roots[tree] === undefined ? undefined : join(input, roots[tree]));
  const database = roots.data === undefined ? input : undefined;
  return findRoots({ database, dataDir: at('data'), imagesDir: at('images'), nbssDir: at('nbss') });
}

/** Rows as the stages make them, in the form in which expected.json has them. */
function inMemory(roots: Roots, months: OutcomeMonths): Actual {
  const { rows, mismatches } = flattenDatabase(roots, shippedTags(), months);
  const tables = TABLES.map(({ name, columns }) => {
    const found = rows.get(name) ?? [];
    return [name, found.map((row) => plainRow(row, columns))] as const;
  });
  return { rows: new Map(tables), mismatches: mismatches.map((row) => ({ ...row })) };
}

function plainRow(row: Row, columns: readonly Column[]): Row {
  const cells = columns.map(({ name, type }) => [name, plainCell(row[name] ?? null, type)]);
  return Object.fromEntries(cells) as Row;
}

function plainCell(cell: Json, type: string): Json {
  if (cell === null) return null;
  if (Array.isArray(cell)) return cell.map((item: Json) => plainCell(item, type.slice(5, -1)));
  if (type === 'json') return JSON.parse(cell as string);
  return type === 'date' ? new Date((cell as number) * 86_400_000).toISOString().slice(0, 10) : cell;
}

/** Rows of the tables that are expected, and mismatches, as a run published them. */
async function published(roots: Roots, out: string, { tables, counts }: Expected): Promise<Actual> {
  const { snapshot } = await run(runOptions(roots, out), {
    log: pino({ level: 'silent' }),
    progress: NO_PROGRESS,
    now: () => new Date('2026-01-01T00:00:00Z'),
    signal: new AbortController().signal,
  });
  const db = await DuckDb.open();
  try {
    const rows = new Map<string, readonly Row[]>();
    const names = ['mismatches', ...Object.keys({ ...tables, ...counts })];
    for (const { name, columns } of TABLES.filter((table) => names.includes(table.name))) {
      const files = sqlText(join(snapshot, 'tables', name, '*.parquet'));
      const found = await db.rows(`SELECT * FROM read_parquet(${files})`);
      rows.set(
        name,
        found.map((row) => parsedRow(row, columns)),
      );
    }
    return { rows, mismatches: rows.get('mismatches')! };
  } finally {
    await db.close();
  }
}

function parsedRow(row: Row, columns: readonly Column[]): Row {
  const cells = columns.map(({ name, type }) => {
    const cell = row[name] ?? null;
    return [name, type === 'json' && cell !== null ? (JSON.parse(cell as string) as Json) : cell];
  });
  return Object.fromEntries(cells) as Row;
}

function check(actual: Actual, { tables = {}, counts = {}, mismatches }: Expected): void {
  for (const [name, expected] of Object.entries(tables)) {
    const rows = tableRows(actual, name);
    const columns = [...new Set(expected.flatMap((row) => Object.keys(row)))];
    const known = TABLES.find((table) => table.name === name)!.columns.map((column) => column.name);
    for (const column of columns) assert.ok(known.includes(column), `${name} has no column ${column}`);
    const picked = rows.map((row, index) => pick(row, Object.keys(expected[index] ?? expected[0] ?? {})));
    assert.deepEqual(picked, expected, `rows of ${name}`);
  }
  for (const [name, count] of Object.entries(counts))
    assert.equal(tableRows(actual, name).length, count, `number of rows of ${name}`);
  assert.deepEqual(comparable(actual.mismatches), comparable(mismatches), 'mismatches');
}

function tableRows({ rows }: Actual, name: string): readonly Row[] {
  const found = rows.get(name);
  assert.ok(found !== undefined, `there is no table ${name}`);
  return found;
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

/** Mismatches by the columns that the specification determines, sorted. */
function comparable(mismatches: readonly Row[]): string[] {
  return mismatches
    .map((row) => COMPARED.map((column) => `${column}: ${JSON.stringify(row[column] ?? null)}`).join(', '))
    .sort();
}

describe('cases', () => {
  for (const name of readdirSync(CASES).sort()) {
    const folder = join(CASES, name);
    const facts = readJson(join(folder, 'case.json')) as Case;
    const expected = readJson(join(folder, 'expected.json')) as Expected;
    const skip = dumpsBelow(join(folder, 'input')).length > 0 ? noDcmtk : false;
    test(`${name}: ${facts.about}`, { skip }, async () => {
      const input = prepare(name, facts);
      const roots = rootsOf(input, facts);
      const out = join(scratch, `${name}.out`);
      const actual =
        facts.published === true
          ? await published(roots, out, expected)
          : inMemory(roots, facts.months ?? NO_MONTHS);
      check(actual, expected);
      assert.equal(existsSync(join(out, 'current')), facts.published === true);
    });
  }
});
