import PQueue from 'p-queue';
import type { Table } from '../../schemas/column.js';
import type { DuckDb, QueryRow } from '../engine/duckdb.js';
import { parquetRows, sqlName } from '../engine/sql.js';
import { listTables, partFiles, readTables } from '../snapshot/published.js';

/** So many queries are answered at once: most are too short for several cores, and each takes memory. */
const AT_ONCE = 2;

/** The tables that figures ask. To make a view of every table takes as long as some figures. */
const ASKED = ['images', 'image_summary', 'exams', 'marks', 'boxes', 'mismatches', 'codes'] as const;

export type AskedTable = (typeof ASKED)[number];

/** The tables of a snapshot that figures ask, as views of their names, and which of them, and of their columns, there are. */
export class SnapshotTables {
  private readonly queue = new PQueue({ concurrency: AT_ONCE });

  private constructor(
    private readonly db: DuckDb,
    /** All of the snapshot, as its own schema.json describes them. */
    readonly tables: readonly Table[],
    private readonly columns: ReadonlyMap<string, ReadonlySet<string>>,
  ) {}

  /** @param snapshot folder, finished or about to be sealed. @throws EnvironmentFault without a readable schema.json */
  static async open(db: DuckDb, snapshot: string): Promise<SnapshotTables> {
    const tables = readTables(snapshot);
    const there = new Set(listTables(snapshot));
    const asked = new Set<string>(ASKED);
    const described = tables.filter(({ name }) => asked.has(name) && there.has(name));
    const columns = described.map(
      (table) => [table.name, new Set(table.columns.map(({ name }) => name))] as const,
    );
    const opened = new SnapshotTables(db, tables, new Map(columns));
    const views = described.map(
      ({ name }) => `CREATE VIEW ${sqlName(name)} AS FROM ${parquetRows(partFiles(snapshot, name))}`,
    );
    if (views.length > 0) await db.query(views.join('; '));
    return opened;
  }

  /** Queries that are asked at the same time may be answered by several connections, which share no temporary tables. */
  rows(sql: string): Promise<readonly QueryRow[]> {
    return this.queue.add(() => this.db.rows(sql));
  }

  /** Whether there is a table, with all of these columns. Snapshots of earlier versions lack some, and so do own selections of tags. */
  has(table: AskedTable, ...columns: readonly string[]): boolean {
    const there = this.columns.get(table);
    return there !== undefined && columns.every((name) => there.has(name));
  }

  /** The first of these columns that a table has, for a query; null when it has none. */
  column(table: AskedTable, ...names: readonly string[]): string | null {
    const found = names.find((name) => this.has(table, name));
    return found === undefined ? null : sqlName(found);
  }
}
