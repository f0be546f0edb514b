import { join } from 'node:path';
import type { DuckDb, QueryRow } from '../engine/duckdb.js';
import { parquetRows, sqlFiles, sqlName } from '../engine/sql.js';
import type { Table } from '../../schemas/column.js';
import { VerificationError } from '../base/fault.js';
import { findStrayCode, readCodes } from './verify-codes.js';
import { findFaults, type Faults, type TableRows } from './verify-faults.js';
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
 * @param db without views of the tables' names, and left without
 * @throws VerificationError at the first thing that does not hold.
 */
export async function verify(db: DuckDb, snapshot: string, tables: readonly TableParts[]): Promise<void> {
  const checks = tables.map((parts) => new TableCheck(db, snapshot, parts));
  try {
    await verifyAll(db, checks);
  } catch (error) {
    if (error instanceof VerificationError) throw error;
    // What DuckDB cannot do because of a part that it cannot read is that part's fault; else the error stays as it is.
    for (const check of checks) await check.throwUnreadable();
    throw error;
  }
}

async function verifyAll(db: DuckDb, checks: readonly TableCheck[]): Promise<void> {
  const counted = await countRows(db, checks);
  for (const check of checks) check.checkCounts(counted);
  const listed = checks.find(({ table }) => table.name === 'codes');
  const codes = listed === undefined ? new Map() : await readCodes(db, listed.rows);
  const faults = await findFaults(db, checks, codes);
  if (faults.keys.size + faults.parents.size + faults.codes.size === 0) return;
  await db.rows(checks.map((check) => check.createView()).join('; '));
  for (const check of checks) await check.throwFault(faults);
  await db.rows(checks.map((check) => check.dropView()).join('; '));
}

/** How many rows each part file has, by its path: one query, for it takes longer to ask than to count. */
async function countRows(db: DuckDb, checks: readonly TableCheck[]): Promise<ReadonlyMap<string, number>> {
  const files = sqlFiles(checks.flatMap((check) => check.files()));
  const rows = await db.rows(`SELECT file_name, num_rows FROM parquet_file_metadata(${files})`);
  return new Map(rows.map((row) => [String(row['file_name']), Number(row['num_rows'])]));
}

class TableCheck implements TableRows {
  readonly table: Table;
  readonly rows: string;
  readonly isEmpty: boolean;
  private readonly parts: readonly PartReceipt[];

  constructor(
    private readonly db: DuckDb,
    private readonly snapshot: string,
    { table, parts }: TableParts,
  ) {
    this.table = table;
    this.parts = parts;
    this.rows = parquetRows(this.files());
    // As `checkCounts` counts them.
    this.isEmpty = parts.every(({ rows }) => rows === 0);
  }

  /** The parts have the rows that were written. */
  checkCounts(counted: ReadonlyMap<string, number>): void {
    for (const { path, rows: written } of this.parts) {
      const found = counted.get(join(this.snapshot, path));
      if (found !== written) this.fail(`${path} has ${found ?? 'no'} rows, ${written} were written`);
    }
  }

  /** SQL that makes the table a view of its name, with a column for the part. */
  createView(): string {
    return `CREATE VIEW ${this.view()} AS SELECT * FROM ${parquetRows(this.files(), PART)}`;
  }

  dropView(): string {
    return `DROP VIEW ${this.view()}`;
  }

  /** @throws VerificationError that names the row, where one of the faults is of this table */
  async throwFault({ keys, parents, codes }: Faults): Promise<void> {
    if (keys.has(this.table.name)) {
      await this.checkNulls();
      await this.checkUnique();
    }
    for (const { table, columns } of this.table.parents)
      if (parents.has(table)) await this.checkParents(table, columns);
    if (codes.has(this.table.name)) await this.checkCodes();
  }

  private async checkNulls(): Promise<void> {
    const isNull = this.table.key.map((name) => `${sqlName(name)} IS NULL`).join(' OR ');
    const [found] = await this.db.rows(
      `SELECT ${this.keyAndPart()} FROM ${this.view()} WHERE ${isNull} LIMIT 1`,
    );
    if (found !== undefined) this.fail(`${this.place(found)}: a key is null: ${keyText(found)}`);
  }

  private async checkUnique(): Promise<void> {
    const key = this.table.key.map(sqlName).join(', ');
    const twice = `SELECT ${key} FROM ${this.view()} GROUP BY ${key} HAVING count(*) > 1 LIMIT 1`;
    const found = await this.db.rows(
      `SELECT DISTINCT ${this.keyAndPart()} FROM ${this.view()} SEMI JOIN (${twice}) USING (${key})`,
    );
    if (found[0] === undefined) return;
    const places = found.map((row) => this.place(row)).sort();
    this.fail(`${places.join(', ')}: a key stands twice: ${keyText(found[0])}`);
  }

  private async checkParents(parent: string, columns: readonly string[]): Promise<void> {
    const names = columns.map(sqlName).join(', ');
    const [orphan] = await this.db.rows(
      `SELECT ${this.keyAndPart()} FROM ${this.view()} ANTI JOIN ${sqlName(parent)} USING (${names}) LIMIT 1`,
    );
    if (orphan !== undefined)
      this.fail(`${this.place(orphan)}: a row has no parent in ${parent}: ${keyText(orphan)}`);
  }

  private async checkCodes(): Promise<void> {
    const stray = await findStrayCode(this.db, this.table, PART);
    if (stray === null) return;
    const { part, column, list, key } = stray;
    const what = `column ${column} holds what list ${list} has not, and no mismatch code_unknown names`;
    this.fail(`${this.inSnapshot(part)}: ${what}: ${JSON.stringify(key)}`);
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
