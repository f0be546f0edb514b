import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from '@duckdb/node-api';
import { QueryFault } from '../base/fault.js';
import { sqlFolders, sqlText } from './sql.js';

/** A row of a query, values as JSON holds them (dates as ISO text, 64-bit integers as text). */
export type QueryRow = Record<string, unknown>;

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly QueryRow[];
}

/** Some rows of a query, with DuckDB's type of each column. */
export interface QueryPage extends QueryResult {
  readonly types: readonly string[];
}

/** Loads the engine, which takes a third of a second: only where it is needed, and ahead of that where there is time. */
export async function loadDuckDb() {
  // CommonJS: bundled, it has no other export than the default one.
  return (await import('@duckdb/node-api')).default;
}

/** What json_serialize_sql answers. */
interface ParsedSql {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
}

/** No extension is fetched, nor loaded from the user's home. */
const NO_EXTENSIONS = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

/** What is read of a file is not kept, for the system keeps it: it took 25 MB, and 8 % of the CPU time of verifying 2,000 clients. */
const NO_FILE_CACHE = { enable_external_file_cache: 'false' };

/** What a small one takes at most, files that it reads apart. */
const SMALL_LIMIT = '160MB';

/** How often queries that are to end are told so. */
const INTERRUPT_MS = 5;

/** An in-memory DuckDB. */
export class DuckDb {
  private interrupted = false;
  /** A connection does one query at a time: there are as many as queries were under way at once. */
  private readonly connections = new Set<DuckDBConnection>();
  private readonly idle: DuckDBConnection[] = [];
  private underWay = 0;
  /** The next time that queries are told to end. */
  private again: NodeJS.Timeout | null = null;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly stop: AbortSignal | null,
  ) {
    if (stop?.aborted === true) this.interrupt();
    stop?.addEventListener('abort', this.interrupt);
  }

  /**
   * With all the memory and cores that DuckDB takes by itself.
   * @param spill folder for what does not fit into memory; without one, DuckDB makes one in the current folder
   */
  static async open(spill?: string): Promise<DuckDb> {
    return DuckDb.create(spill === undefined ? {} : { temp_directory: spill }, null);
  }

  /**
   * Of bounded memory, for many short queries.
   * @param spill folder for what does not fit into memory
   * @param stop interrupts it when it is aborted
   */
  static async openSmall(spill: string, stop: AbortSignal | null = null): Promise<DuckDb> {
    // Several threads take longer to share out a short query than one takes to answer it.
    const settings = { memory_limit: SMALL_LIMIT, temp_directory: spill, threads: '1', ...NO_FILE_CACHE };
    return DuckDb.create(settings, stop);
  }

  /**
   * Gives memory back to the system that any thread of the process freed and the C library keeps, where that is glibc: it
   * keeps some for each thread. DuckDB is the one library here that can ask it to (malloc_trim), and does so whenever its
   * limit is set. Takes some milliseconds. For one that was opened with `openSmall`.
   */
  async giveBackFreed(): Promise<void> {
    await this.query(`SET memory_limit = '${SMALL_LIMIT}'`);
  }

  private static async create(settings: Record<string, string>, stop: AbortSignal | null): Promise<DuckDb> {
    const { DuckDBInstance } = await loadDuckDb();
    return new DuckDb(await DuckDBInstance.create(':memory:', { ...NO_EXTENSIONS, ...settings }), stop);
  }

  /** From now on files of these folders can be read, and no others; it cannot be undone. See `ask`. */
  async confine(...folders: readonly string[]): Promise<void> {
    const settings = [
      `allowed_directories = ${sqlFolders(folders)}`,
      'enable_external_access = false',
      'lock_configuration = true',
    ];
    for (const setting of settings) await this.query(`SET ${setting}`);
  }

  /**
   * The result of the last of some statements, some thousand rows at a time; without a row its columns come once.
   * @param readOnly whether statements that could write a file or change a setting are refused: DuckDB lets those write
   *   that it lets read
   * @throws QueryFault for what DuckDB does not answer, or is refused
   */
  async *ask(sql: string, readOnly: boolean): AsyncGenerator<QueryPage> {
    if (readOnly) await this.refuseUnlessQuestion(sql);
    const connection = await this.takeConnection();
    try {
      const statements = await connection.extractStatements(sql);
      for (let i = 0; i < statements.count; i++) {
        const statement = await statements.prepare(i);
        if (i < statements.count - 1) await statement.run();
        else yield* pagesOf(statement);
      }
    } catch (error) {
      throw error instanceof QueryFault ? error : new QueryFault((error as Error).message);
    } finally {
      this.giveBack(connection);
    }
  }

  /**
   * Looks at the statements before DuckDB prepares them, for to prepare EXPORT is to make its folder. Only SELECT and what
   * is like it (FROM, SHOW, DESCRIBE, SUMMARIZE) can be written as JSON; EXPLAIN runs nothing where it explains one.
   */
  private async refuseUnlessQuestion(sql: string): Promise<void> {
    const statements = sql.replace(/^\s*explain\s/i, '');
    const [row] = await this.rows(`SELECT json_serialize_sql(${sqlText(statements)}) AS parsed`);
    const parsed = JSON.parse(String(row!['parsed'])) as ParsedSql;
    if (!parsed.error) return;
    throw new QueryFault(
      parsed.error_type === 'parser'
        ? `Parser Error: ${parsed.error_message ?? ''}`
        : 'a query may read the tables only, and this is a statement of another kind than SELECT: give --unsafe if you mean it',
    );
  }

  async query(sql: string): Promise<QueryResult> {
    const connection = await this.takeConnection();
    try {
      const reader = await connection.runAndReadAll(sql);
      return {
        columns: reader.columnNames(),
        rows: reader.getRowObjectsJson(),
      };
    } finally {
      this.giveBack(connection);
    }
  }

  async rows(sql: string): Promise<readonly QueryRow[]> {
    return (await this.query(sql)).rows;
  }

  /** The rows of a query a few thousand at a time: what is in memory does not grow with their number. */
  async *stream(sql: string): AsyncGenerator<readonly QueryRow[]> {
    const connection = await this.takeConnection();
    try {
      yield* (await connection.stream(sql)).yieldRowObjectJson();
    } finally {
      this.giveBack(connection);
    }
  }

  /**
   * Makes the queries that are under way fail, and every later one. A query that has only begun does not notice: it is told
   * again until none is under way.
   */
  readonly interrupt = (): void => {
    this.interrupted = true;
    for (const connection of this.connections) connection.interrupt();
    if (this.underWay > 0)
      this.again ??= setTimeout(() => {
        this.again = null;
        this.interrupt();
      }, INTERRUPT_MS);
  };

  /**
   * Ends the queries that are under way, then closes: DuckDB can stand still for ever when a connection is closed under its
   * query. Whoever asks for several at once leaves some of them behind when one fails.
   */
  async close(): Promise<void> {
    this.stop?.removeEventListener('abort', this.interrupt);
    this.interrupt();
    while (this.underWay > 0) await sleep(INTERRUPT_MS);
    if (this.again !== null) clearTimeout(this.again);
    for (const connection of this.connections) connection.closeSync();
    this.instance.closeSync();
  }

  private async takeConnection(): Promise<DuckDBConnection> {
    this.throwIfInterrupted();
    this.underWay++;
    try {
      const connection = this.idle.pop() ?? (await this.instance.connect());
      this.connections.add(connection);
      this.throwIfInterrupted();
      return connection;
    } catch (error) {
      this.underWay--;
      throw error;
    }
  }

  private throwIfInterrupted(): void {
    if (this.interrupted) throw new Error('interrupted');
  }

  private giveBack(connection: DuckDBConnection): void {
    this.underWay--;
    this.idle.push(connection);
  }
}

async function* pagesOf(statement: DuckDBPreparedStatement): AsyncGenerator<QueryPage> {
  const result = await statement.stream();
  const columns = result.deduplicatedColumnNames();
  const types = result.columnTypes().map(String);
  let isEmpty = true;
  for await (const rows of result.yieldRowObjectJson()) {
    isEmpty = false;
    yield { columns, types, rows };
  }
  if (isEmpty) yield { columns, types, rows: [] };
}
