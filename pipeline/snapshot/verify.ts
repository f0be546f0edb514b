import { join } from 'node:path';
import PQueue from 'p-queue';
import type { DuckDb, QueryRow } from '../engine/duckdb.js';
import { parquetRows, sqlFiles, sqlName } from '../engine/sql.js';
import type { Table } from '../../schemas/column.js';
import { VerificationError } from '../base/fault.js';
import { findStrayCode, readCodes, type CodesByList } from './verify-codes.js';
import type { PartReceipt } from '../stages/write/part-file.js';

/** A table and its Parquet files. */
export interface TableParts {
  readonly table: Table;
  readonly parts: readonly PartReceipt[];
}

/** Column that the views have beside those of the table: the part file of the row. */
const PART = '__part';

/**
 * Verify: an independent reader (DuckDB) opens every part file of a snapshot and checks that each has the rows that were
 * written, that keys are unique and never null over all parts of a table, that every child row has its parent, and that
 * coded columns hold codes of their lists, or what `mismatches` names.
 * @throws VerificationError at the first thing that does not hold.
 */
export async function verify(db: DuckDb, snapshot: string, tables: readonly TableParts[]): Promise<void> {
  const checks = tables.map((parts) => new TableCheck(db, snapshot, parts));
  const counted = await countRows(db, checks);
  for (const check of checks) check.checkCounts(counted);
  for (const check of checks) await check.createView();
  const codes = await checks.find(({ table }) => table.name === 'codes')?.read(() => readCodes(db));
  await forEachTable(checks, (check) => check.checkRows(codes ?? new Map()));
}

/** How many rows each part file has, by its path: one query, for it takes longer to ask than to count. */
async function countRows(db: DuckDb, checks: readonly TableCheck[]): Promise<ReadonlyMap<string, number>> {
  const files = sqlFiles(checks.flatMap((check) => check.files()));
  try {
    const rows = await db.rows(`SELECT file_name, num_rows FROM parquet_file_metadata(${files})`);
    return new Map(rows.map((row) => [String(row['file_name']), Number(row['num_rows'])]));
  } catch (error) {
    for (const check of checks) await check.throwUnreadable();
    throw error;
  }
}

/** So many tables are looked at at once: the queries of most are too short for several cores. */
const AT_ONCE = 2;

/** @throws the error of the first table, in order of the list, of which there is one; nothing goes on then */
async function forEachTable(
  checks: readonly TableCheck[],
  action: (check: TableCheck) => Promise<void>,
): Promise<void> {
  const queue = new PQueue({ concurrency: AT_ONCE });
  const results = await Promise.allSettled(checks.map((check) => queue.add(() => action(check))));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
}

class TableCheck {
  readonly table: Table;
  private readonly parts: readonly PartReceipt[];

  constructor(
    private readonly db: DuckDb,
    private readonly snapshot: string,
    { table, parts }: TableParts,
  ) {
    this.table = table;
    this.parts = parts;
  }

  /** The parts have the rows that were written. */
  checkCounts(counted: ReadonlyMap<string, number>): void {
    for (const { path, rows: written } of this.parts) {
      const found = counted.get(join(this.snapshot, path));
      if (found !== written) this.fail(`${path} has ${found ?? 'no'} rows, ${written} were written`);
    }
  }

  /** Makes the table a view of its name. */
  async createView(): Promise<void> {
    await this.ask(`CREATE VIEW ${this.view()} AS SELECT * FROM ${parquetRows(this.files(), PART)}`);
  }

  async checkRows(codes: CodesByList): Promise<void> {
    // Counted: a table without rows has none that is wrong.
    if (this.parts.every(({ rows }) => rows === 0)) return;
    if (this.table.key.length > 0 && (await this.hasFaultyKey())) {
      await this.checkNulls();
      await this.checkUnique();
    }
    for (const parent of this.table.parents) await this.checkParents(parent.table, parent.columns);
    const stray = await this.read(() => findStrayCode(this.db, this.table, PART, codes));
    if (stray !== null) {
      const { part, column, list, key } = stray;
      const what = `column ${column} holds what list ${list} has not, and no mismatch code_unknown names`;
      this.fail(`${this.inSnapshot(part)}: ${what}: ${JSON.stringify(key)}`);
    }
  }

  /** Whether a key is null or stands twice: one look at the keys, where naming the row takes three. */
  private async hasFaultyKey(): Promise<boolean> {
    const key = this.table.key.map(sqlName);
    const faulty = [...key.map((name) => `${name} IS NULL`), 'count(*) > 1'].join(' OR ');
    const sql = `SELECT 1 FROM ${this.view()} GROUP BY ${key.join(', ')} HAVING ${faulty} LIMIT 1`;
    return (await this.ask(sql)).length > 0;
  }

  private async checkNulls(): Promise<void> {
    const isNull = this.table.key.map((name) => `${sqlName(name)} IS NULL`).join(' OR ');
    const [found] = await this.ask(`SELECT ${this.keyAndPart()} FROM ${this.view()} WHERE ${isNull} LIMIT 1`);
    if (found !== undefined) this.fail(`${this.place(found)}: a key is null: ${keyText(found)}`);
  }

  private async checkUnique(): Promise<void> {
    const key = this.table.key.map(sqlName).join(', ');
    const twice = `SELECT ${key} FROM ${this.view()} GROUP BY ${key} HAVING count(*) > 1 LIMIT 1`;
    const found = await this.ask(
      `SELECT DISTINCT ${this.keyAndPart()} FROM ${this.view()} SEMI JOIN (${twice}) USING (${key})`,
    );
    if (found[0] === undefined) return;
    const places = found.map((row) => this.place(row)).sort();
    this.fail(`${places.join(', ')}: a key stands twice: ${keyText(found[0])}`);
  }

  private async checkParents(parent: string, columns: readonly string[]): Promise<void> {
    const names = columns.map(sqlName).join(', ');
    const [orphan] = await this.ask(
      `SELECT ${this.keyAndPart()} FROM ${this.view()} ANTI JOIN ${sqlName(parent)} USING (${names}) LIMIT 1`,
    );
    if (orphan !== undefined)
      this.fail(`${this.place(orphan)}: a row has no parent in ${parent}: ${keyText(orphan)}`);
  }

  /** The part files. */
  files(): string[] {
    return this.parts.map(({ path }) => join(this.snapshot, path));
  }

  private view(): string {
    return sqlName(this.table.name);
  }

  private keyAndPart(): string {
    const view = this.view();
    return [...this.table.key, PART].map((name) => `${view}.${sqlName(name)}`).join(', ');
  }

  private place(row: QueryRow): string {
    return this.inSnapshot(String(row[PART]));
  }

  private inSnapshot(file: string): string {
    return file.slice(this.snapshot.length + 1);
  }

  private ask(sql: string): Promise<readonly QueryRow[]> {
    return this.read(() => this.db.rows(sql));
  }

  /** What DuckDB cannot do because of a part that it cannot read is that part's fault; else the error stays as it is. */
  async read<T>(query: () => Promise<T>): Promise<T> {
    try {
      return await query();
    } catch (error) {
      await this.throwUnreadable();
      throw error;
    }
  }

  /** @throws VerificationError of the first part that DuckDB cannot read */
  async throwUnreadable(): Promise<void> {
    for (const { path } of this.parts) {
      const why = await this.whyUnreadable(path);
      if (why !== null) this.fail(`${path} cannot be read: ${why}`);
    }
  }

  private async whyUnreadable(path: string): Promise<string | null> {
    try {
      const rows = parquetRows([join(this.snapshot, path)]);
      await this.db.rows(`SELECT count(COLUMNS(*)) FROM ${rows}`);
      return null;
    } catch (error) {
      return (error as Error).message.replace(/\s+/g, ' ');
    }
  }

  private fail(what: string): never {
    throw new VerificationError(`table ${this.table.name}: ${what}`);
  }
}

/** The key of a row as JSON. */
function keyText(row: QueryRow): string {
  return JSON.stringify(Object.fromEntries(Object.entries(row).filter(([name]) => name !== PART)));
}
