import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** A row of a query, values as JSON holds them (dates as ISO text, 64-bit integers as text). */
export type QueryRow = Record<string, unknown>;

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly QueryRow[];
}

/** Loads the engine, which takes a third of a second: only where it is needed, and ahead of that where there is time. */
export async function loadDuckDb() {
  // CommonJS: bundled, it has no other export than the default one.
  return (await import('@duckdb/node-api')).default;
}

/** An in-memory DuckDB. */
export class DuckDb {
  private interrupted = false;
  /** A connection does one query at a time: there are as many as queries were under way at once. */
  private readonly connections = new Set<DuckDBConnection>();
  private readonly idle: DuckDBConnection[] = [];

  private constructor(private readonly instance: DuckDBInstance) {}

  /** With all the memory and cores that DuckDB takes by itself. */
  static async open(): Promise<DuckDb> {
    return DuckDb.create({});
  }

  /**
   * Of bounded memory, for many short queries.
   * @param spill folder for what does not fit into memory
   */
  static async openSmall(spill: string): Promise<DuckDb> {
    // Several threads take longer to share out a short query than one takes to answer it.
    return DuckDb.create({ memory_limit: '256MB', temp_directory: spill, threads: '1' });
  }

  private static async create(settings: Record<string, string>): Promise<DuckDb> {
    const { DuckDBInstance } = await loadDuckDb();
    return new DuckDb(await DuckDBInstance.create(':memory:', settings));
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
      this.idle.push(connection);
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
      this.idle.push(connection);
    }
  }

  /** Makes the queries that are under way fail, and every later one. */
  interrupt(): void {
    this.interrupted = true;
    for (const connection of this.connections) connection.interrupt();
  }

  close(): void {
    for (const connection of this.connections) connection.closeSync();
    this.instance.closeSync();
  }

  private async takeConnection(): Promise<DuckDBConnection> {
    const connection = this.idle.pop() ?? (await this.instance.connect());
    this.connections.add(connection);
    if (this.interrupted) throw new Error('interrupted');
    return connection;
  }
}
