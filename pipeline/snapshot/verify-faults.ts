import PQueue from 'p-queue';
import { VerificationError } from '../base/fault.js';
import type { DuckDb, QueryRow } from '../engine/duckdb.js';
import { sqlName } from '../engine/sql.js';
import type { Table } from '../../schemas/column.js';
import { strayCode, type CodesByList } from './verify-codes.js';

/** A table, and its rows as SQL names them. */
export interface TableRows {
  readonly table: Table;
  readonly rows: string;
  readonly isEmpty: boolean;
}

/** Names of tables in which something does not hold. Which row it is must be looked for. */
export interface Faults {
  /** A key is null or stands twice; or two keys have the same hash, which is none. */
  readonly keys: ReadonlySet<string>;
  /** A cell holds what its list of codes has not, whether a mismatch names it or not. */
  readonly codes: ReadonlySet<string>;
  /** Rows of other tables have no parent in it. */
  readonly parents: ReadonlySet<string>;
}

/** So many questions are answered at once: most are too short for several cores, and each takes memory. */
const AT_ONCE = 2;

/**
 * Finds the tables in which keys, parents or codes do not hold, in as few questions as that takes: to open the files of a
 * table takes longer than to read most of them.
 * @throws VerificationError when a parent is no table, and what DuckDB throws
 */
export async function findFaults(
  db: DuckDb,
  tables: readonly TableRows[],
  codes: CodesByList,
): Promise<Faults> {
  const queue = new PQueue({ concurrency: AT_ONCE });
  // Awaited here, so that a stack says who asked: `make bench` tells stages by it.
  const answer = async (sql: string): Promise<readonly QueryRow[]> => await db.rows(sql);
  const ask = (sql: string): Promise<readonly QueryRow[]> => queue.add(() => answer(sql));
  const keys = new Set<string>();
  const strays = new Set<string>();
  const parents = new Set<string>();
  // A table without rows has none that is wrong.
  const filled = tables.filter(({ isEmpty }) => !isEmpty);
  // Before anything is asked: what it throws must leave no question behind.
  const families = familiesOf(filled, tables);
  const ofRows = filled.map(async (each) => {
    const [found] = await ask(rowsQuestion(each, codes));
    if (found?.['faulty_key'] === true) keys.add(each.table.name);
    if (found?.['stray_code'] === true) strays.add(each.table.name);
  });
  const ofParents = families.map(async (family) => {
    if ((await ask(orphanQuestion(family))).length > 0) parents.add(family.parent.table.name);
  });
  await Promise.all([...ofRows, ...ofParents]);
  return { keys, codes: strays, parents };
}

/**
 * One row that says whether a key is null or stands twice, and whether a cell holds no code of its list. Keys are grouped by
 * their hashes: grouping 2 million images takes half the time, and fits into memory.
 */
function rowsQuestion({ table, rows }: TableRows, codes: CodesByList): string {
  const stray = strayCode(table, codes) ?? 'false';
  const key = table.key.map(sqlName);
  if (key.length === 0) return `SELECT false AS faulty_key, bool_or(${stray}) AS stray_code FROM ${rows}`;
  const isNull = key.map((name) => `${name} IS NULL`).join(' OR ');
  return `
    SELECT bool_or(faulty_key) AS faulty_key, bool_or(stray_code) AS stray_code FROM (
      SELECT count(*) > 1 OR bool_or(${isNull}) AS faulty_key, bool_or(${stray}) AS stray_code
      FROM ${rows} GROUP BY hash(${key.join(', ')}))`;
}

/** A table, and those whose rows name one of it by the same columns. */
interface Family {
  readonly parent: TableRows;
  readonly columns: readonly string[];
  readonly children: TableRows[];
}

function familiesOf(children: readonly TableRows[], tables: readonly TableRows[]): Family[] {
  const families = new Map<string, Family>();
  for (const child of children)
    for (const { table: name, columns } of child.table.parents) {
      const parent = tables.find(({ table }) => table.name === name);
      if (parent === undefined)
        throw new VerificationError(`table ${child.table.name}: its parent ${name} is no table`);
      const known = families.get([name, ...columns].join());
      if (known === undefined)
        families.set([name, ...columns].join(), { parent, columns, children: [child] });
      else known.children.push(child);
    }
  return [...families.values()];
}

/** A row when a child has no parent: one look at the parents for all their children. */
function orphanQuestion({ parent, columns, children }: Family): string {
  const names = columns.map(sqlName).join(', ');
  const rows = children.map((child) => `SELECT ${names} FROM ${child.rows}`).join(' UNION ALL ');
  return `SELECT 1 FROM (${rows}) ANTI JOIN (SELECT ${names} FROM ${parent.rows}) USING (${names}) LIMIT 1`;
}
