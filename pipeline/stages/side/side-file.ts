import { basename } from 'node:path';
import type { SideColumn, SideTableFacts } from '../../../schemas/tables/side-table.js';
import { EnvironmentFault, UsageFault } from '../../base/fault.js';
import type { Written } from '../../storage/new-file.js';
import { readUserCsv, type CsvRecord } from '../../storage/user-csv.js';
import { TypeFinder } from './cell-types.js';
import { readHeader, type HeaderColumn } from './header.js';

/** A table that the user brings along. */
export interface SideTableOption {
  /** As the user calls it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** A CSV file that was read once, whole; plain data. */
export interface SideFile extends SideTableFacts {
  readonly path: string;
  /** Keys first. */
  readonly columns: readonly SideFileColumn[];
  /** What the file was when it was read. */
  readonly state: Written;
  /** Without the header. */
  readonly rows: number;
  /** The last line of a row. */
  readonly lastLine: number;
}

export type SideFileColumn = SideColumn & Pick<HeaderColumn, 'field'>;

/** Reads each file and finds what its columns are. @throws UsageFault for a file that is no table with a key */
export async function inspectSideTables(options: readonly SideTableOption[]): Promise<SideFile[]> {
  const files: SideFile[] = [];
  for (const option of options) files.push(await inspect(option));
  return files;
}

async function inspect({ name, path }: SideTableOption): Promise<SideFile> {
  const what = whatOf(`side_${name}`);
  let header: readonly HeaderColumn[] = [];
  let finders: TypeFinder[] = [];
  let rows = 0;
  let lastLine = 1;
  const state = await readUserCsv(path, what, ({ fields, line }) => {
    if (header.length === 0) {
      header = readHeader(fields, `${what}: ${path}`);
      finders = fields.map(() => new TypeFinder());
      return;
    }
    rows++;
    lastLine = line;
    fields.forEach((text, field) => {
      finders[field]!.see(text);
    });
  });
  const columns = header.map((column) => ({
    ...column,
    type: column.isKey ? ('string' as const) : finders[column.field]!.type,
  }));
  return { name: `side_${name}`, path, file: basename(path), columns, state, rows, lastLine };
}

/**
 * Reads a file again.
 * @throws EnvironmentFault when it is not what it was
 */
export async function readAgain(
  { name, path, state }: SideFile,
  take: (record: CsvRecord) => void,
): Promise<void> {
  let isHeader = true;
  const changed = new EnvironmentFault(`${path} was changed while the run read it: run again`);
  try {
    const now = await readUserCsv(path, whatOf(name), (record) => {
      if (!isHeader) take(record);
      isHeader = false;
    });
    if (now.sha256 !== state.sha256) throw changed;
  } catch (error) {
    // It was sound before.
    throw error instanceof UsageFault ? changed : error;
  }
}

function whatOf(table: string): string {
  return `--side-table ${table.replace(/^side_/, '')}`;
}
