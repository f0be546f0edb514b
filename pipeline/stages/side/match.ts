import { join } from 'node:path';
import type { Mismatch } from '../../../schemas/mismatch-kinds.js';
import { sideParent } from '../../../schemas/tables/side-table.js';
import type { DuckDb, QueryRow } from '../../engine/duckdb.js';
import { jsonRows, parquetRows, sqlName } from '../../engine/sql.js';
import { LineFile } from '../../storage/work-file.js';
import { mismatchRow } from '../write/mismatch-row.js';
import { readAgain, type SideFile } from './side-file.js';

/** Where the rows of a side table look for whom they are about. */
export interface MatchPlace {
  /** Parquet files of a table of the snapshot. */
  readonly partsOf: (table: string) => readonly string[];
  readonly work: string;
  /** Whether the run is about a client. */
  readonly isClient: (id: string) => boolean;
  /** Whether the user's lists leave a client out. */
  readonly isLeftOut: (id: string) => boolean;
}

/** Which rows of a side table are in the snapshot. */
export interface SideMatch {
  /** A bit for each line of the file: set where its row names nothing that the snapshot has. */
  readonly dropped: Uint8Array;
  /** Of clients whom the user's lists leave out: nothing is said of them. */
  readonly leftOut: number;
  readonly unmatched: number;
  /** Whether no two rows that are left have the same ids. */
  readonly isOneRowEach: boolean;
  /** Lines of JSON, as the table `mismatches` has them, in the order of the file. */
  readonly mismatches: string;
}

/**
 * Finds the rows of a side table that name no client, study or image of the snapshot, with DuckDB, which spills what does
 * not fit into memory.
 * @throws EnvironmentFault when the file is not what it was
 */
export async function matchSideTable(db: DuckDb, file: SideFile, place: MatchPlace): Promise<SideMatch> {
  const ids = file.columns.filter(({ isKey }) => isKey);
  const keyFile = join(place.work, `${file.name}-keys`);
  await writeKeys(file, ids, keyFile);
  const types = ids.map(({ name }) => [name, 'VARCHAR'] as const);
  const keys = jsonRows(keyFile, { line: 'BIGINT', ...Object.fromEntries(types) });
  const names = ids.map(({ name }) => name);
  const parent = `(SELECT ${list(names)} FROM ${parquetRows(place.partsOf(sideParent(file.columns).parent))})`;
  const dropped = new Uint8Array((file.lastLine >> 3) + 1);
  const path = join(place.work, `${file.name}-mismatches`);
  const lines = new LineFile(path);
  let leftOut = 0;
  try {
    const sql = `SELECT line, ${list(names)} FROM ${keys} ANTI JOIN ${parent} USING (${list(names)}) ORDER BY line`;
    for await (const rows of db.stream(sql)) {
      for (const row of rows) {
        setBit(dropped, Number(row['line']));
        const client = textOf(row, 'client_id');
        if (client !== null && place.isLeftOut(client)) leftOut++;
        else lines.add(JSON.stringify(mismatchRow(unmatched(file, names, row, place))));
      }
    }
    const unmatchedRows = lines.rows;
    const repeated = await findRepeated(db, keys, parent, names);
    if (repeated !== null) lines.add(JSON.stringify(mismatchRow(repeatedKey(file, names, repeated))));
    return { dropped, leftOut, unmatched: unmatchedRows, isOneRowEach: repeated === null, mismatches: path };
  } finally {
    lines.finish();
  }
}

/** Whether the row that ends on a line is not in the snapshot. */
export function isDropped(dropped: Uint8Array, line: number): boolean {
  return ((dropped[line >> 3] ?? 0) & (1 << (line & 7))) !== 0;
}

function setBit(bits: Uint8Array, line: number): void {
  bits[line >> 3]! |= 1 << (line & 7);
}

async function writeKeys(
  file: SideFile,
  ids: readonly { readonly name: string; readonly field: number }[],
  path: string,
): Promise<void> {
  const lines = new LineFile(path);
  try {
    await readAgain(file, ({ fields, line }) => {
      const row: Record<string, unknown> = { line };
      for (const { name, field } of ids) row[name] = fields[field] === '' ? null : fields[field];
      lines.add(JSON.stringify(row));
    });
  } finally {
    lines.finish();
  }
}

const list = (names: readonly string[]): string => names.map(sqlName).join(', ');

/** The first ids that more than one row of the snapshot has, with the lines of the first two; null where there are none. */
async function findRepeated(
  db: DuckDb,
  keys: string,
  parent: string,
  names: readonly string[],
): Promise<QueryRow | null> {
  const [row] = await db.rows(`
    SELECT ${list(names)}, min(line) AS first_line, min(line, 2)[2] AS second_line
    FROM ${keys} SEMI JOIN ${parent} USING (${list(names)})
    GROUP BY ${list(names)} HAVING count(*) > 1 ORDER BY first_line LIMIT 1`);
  return row ?? null;
}

function unmatched(
  { name, file }: SideFile,
  names: readonly string[],
  row: QueryRow,
  { isClient }: MatchPlace,
): Mismatch {
  const client = textOf(row, 'client_id');
  return {
    kind: 'side_row_unmatched',
    client_id: client !== null && isClient(client) ? client : null,
    path: file,
    detail: `A row of the file of ${name} names what this snapshot does not have: it is not in the table.`,
    found: idsText(names, row),
  };
}

function repeatedKey({ name, file }: SideFile, names: readonly string[], row: QueryRow): Mismatch {
  return {
    kind: 'side_key_repeated',
    path: file,
    detail: `Several rows of ${name} have the same ids: its key has the line too, and a join by the ids alone gives several rows.`,
    found: `${idsText(names, row)} on lines ${String(row['first_line'])} and ${String(row['second_line'])}`,
  };
}

function idsText(names: readonly string[], row: QueryRow): string {
  return names.map((name) => `${name}=${textOf(row, name) ?? ''}`).join(' ');
}

function textOf(row: QueryRow, name: string): string | null {
  return (row[name] ?? null) as string | null;
}
