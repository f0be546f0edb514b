import { EnvironmentFault } from '../base/fault.js';

/**
 * Text that goes into a query. Every path that DuckDB is given passes `sqlFiles`, and means the file of that name: DuckDB
 * takes a path for a pattern, and `name=value` folders in it for columns.
 */

/** `it's` -> `'it''s'`. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column or table name, quoted. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A list of files, for the functions of DuckDB that read some.
 * @throws EnvironmentFault for a path that DuckDB cannot be given
 */
export function sqlFiles(paths: readonly string[]): string {
  return `[${paths.map((path) => sqlText(literalPattern(path))).join(', ')}]`;
}

/** The pattern that only this path matches: each character that means something else is a class of its own. */
export function literalPattern(path: string): string {
  if (!/[[*?]/.test(path)) return path;
  // In a pattern it stands between two folders, however it is written.
  if (path.includes('\\'))
    throw new EnvironmentFault(
      `${path} cannot be read by DuckDB: its name holds both a backslash and one of [ * ?: rename a folder`,
    );
  return path.replace(/[[*?]/g, '[$&]');
}

/** Folders for the setting allowed_directories: as they are, and as the patterns of their files begin. */
export function sqlFolders(folders: readonly string[]): string {
  return `[${folders.flatMap((folder) => [sqlText(folder), sqlText(literalPattern(folder))]).join(', ')}]`;
}

/** For every function that reads files: folders like `site=XXXX` give no column. */
const NO_PARTITIONS = 'hive_partitioning = false';

/**
 * The rows of Parquet files as a table of a query.
 * @param pathColumn name of a column that gets the file of each row; none when left out
 */
export function parquetRows(paths: readonly string[], pathColumn?: string): string {
  const filename = pathColumn === undefined ? '' : `, filename = ${sqlText(pathColumn)}`;
  return `read_parquet(${sqlFiles(paths)}, ${NO_PARTITIONS}${filename})`;
}

/** The lines of text files as a table of a query, each in the column `name`; the text must hold no separator or quote. */
export function textRows(paths: readonly string[], name: string): string {
  const columns = `columns = {${sqlText(name)}: 'VARCHAR'}`;
  return `read_csv(${sqlFiles(paths)}, ${NO_PARTITIONS}, auto_detect = false, header = false, ${columns})`;
}

/** Lines of JSON as a table of a query. @param columns their types, by name */
export function jsonRows(path: string, columns: Readonly<Record<string, string>>): string {
  const types = Object.entries(columns).map(([name, type]) => `${sqlText(name)}: ${sqlText(type)}`);
  return `read_json(${sqlFiles([path])}, ${NO_PARTITIONS}, format = 'newline_delimited', columns = {${types.join(', ')}})`;
}
