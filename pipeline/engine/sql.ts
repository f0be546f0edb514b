/** Text that goes into a query. Every path that DuckDB is given passes `sqlFiles`. */

/** `it's` -> `'it''s'`. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column or table name, quoted. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A list of files, for the functions of DuckDB that read some. */
export function sqlFiles(paths: readonly string[]): string {
  return `[${paths.map(sqlText).join(', ')}]`;
}

/**
 * The rows of Parquet files as a table of a query.
 * @param pathColumn name of a column that gets the file of each row; none when left out
 */
export function parquetRows(paths: readonly string[], pathColumn?: string): string {
  const filename = pathColumn === undefined ? '' : `, filename = ${sqlText(pathColumn)}`;
  return `read_parquet(${sqlFiles(paths)}${filename})`;
}
