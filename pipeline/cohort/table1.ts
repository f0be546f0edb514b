import type { DuckDb, QueryRow } from '../engine/duckdb.js';
import { sqlName } from '../engine/sql.js';
import { COUNT_OF_UNIT } from './flow.js';
import { markdownText } from './markdown.js';
import { maskCount, maskCounts } from './mask.js';
import type { CohortSpec } from './spec.js';
import type { Unit } from './unit.js';

/** The cohort by split and label, as the first table of a paper has it. */

/** A column of the table. */
export interface Group {
  readonly split: string;
  readonly label: string;
}

/** A line: a value of a variable, or a count, which has a name and no value. */
export interface Table1Row {
  readonly variable: string;
  readonly value: string | null;
  /** By group; null: masked. */
  readonly counts: readonly (number | null)[];
}

export interface Table1 {
  readonly groups: readonly Group[];
  readonly rows: readonly Table1Row[];
  readonly minCount: number;
}

/** Of what the values are counted, rows of the unit each; a value that is missing counts too. */
const VARIABLES = ['age_band', 'manufacturer_name', 'site', 'study_year', 'cancer_mode'] as const;

/**
 * Counts the tables `cohort` and `cohort_pictures`.
 * @param splits in the order of the spec
 * @param minCount counts from 1 to below it are masked
 */
export async function makeTable1(
  db: DuckDb,
  spec: CohortSpec,
  unit: Unit,
  splits: readonly string[],
  minCount: number,
): Promise<Table1> {
  const label = sqlName(spec.label.name);
  await db.query(`CREATE VIEW described AS
SELECT cohort.split, cohort.${label} AS label, units.* FROM cohort JOIN units USING (${unit.key.join(', ')})`);
  const found = await db.rows(
    'SELECT split, label::VARCHAR AS text FROM (SELECT DISTINCT split, label FROM described) ORDER BY label',
  );
  const groups = splits.flatMap((split) =>
    found.filter((row) => row['split'] === split).map((row) => ({ split, label: String(row['text']) })),
  );
  const rows = await countRows(db, unit, groups, minCount);
  for (const variable of VARIABLES) rows.push(...(await valueRows(db, variable, groups, minCount)));
  return { groups, rows, minCount };
}

/** Women, exams, images, and what a row is. */
async function countRows(
  db: DuckDb,
  unit: Unit,
  groups: readonly Group[],
  minCount: number,
): Promise<Table1Row[]> {
  const things = new Map([
    ['women', 'count(DISTINCT client_id) AS n FROM described'],
    ['exams', 'count(DISTINCT (client_id, study_instance_uid)) AS n FROM described'],
    ['images', 'count(*) AS n FROM cohort_pictures'],
    [COUNT_OF_UNIT[unit.name], 'count(*) AS n FROM described'],
  ]);
  const rows: Table1Row[] = [];
  for (const [variable, sql] of things) {
    const found = await db.rows(`SELECT split, label::VARCHAR AS text, ${sql} GROUP BY split, label`);
    const counts = countsByGroup(found, groups).map((count) => maskCount(count, minCount));
    rows.push({ variable, value: null, counts });
  }
  return rows;
}

async function valueRows(
  db: DuckDb,
  variable: string,
  groups: readonly Group[],
  minCount: number,
): Promise<Table1Row[]> {
  const found =
    await db.rows(`SELECT split, label::VARCHAR AS text, ${variable}::VARCHAR AS value, count(*) AS n
FROM described GROUP BY split, label, ${variable} ORDER BY ${variable} NULLS LAST`);
  const values = [...new Set(found.map((row) => row['value'] as string | null))];
  const counts = values.map((value) =>
    countsByGroup(
      found.filter((row) => row['value'] === value),
      groups,
    ),
  );
  // The values of one group add up to its rows.
  const masked = groups.map((_, group) =>
    maskCounts(
      counts.map((row) => row[group]!),
      minCount,
    ),
  );
  return values.map((value, i) => ({
    variable,
    value: value ?? '(missing)',
    counts: masked.map((column) => column[i]!),
  }));
}

function countsByGroup(found: readonly QueryRow[], groups: readonly Group[]): number[] {
  return groups.map(({ split, label }) =>
    Number(found.find((row) => row['split'] === split && row['text'] === label)?.['n'] ?? 0),
  );
}

/** table1.csv: a line for each variable, value and group. A masked count is `*`, whether it is small or would tell another. */
export function table1Csv({ groups, rows }: Table1): string {
  const lines = rows.flatMap(({ variable, value, counts }) =>
    groups.map(({ split, label }, i) =>
      [variable, value ?? '', split, label, cell(counts[i]!)].map(csvField).join(','),
    ),
  );
  return ['variable,value,split,label,count', ...lines, ''].join('\r\n');
}

/** A field as RFC 4180 has it. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** table1.md: a column for each group. */
export function table1Markdown({ groups, rows, minCount }: Table1): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  const head = ['', ...groups.map(({ split, label }) => `${split}: ${label}`)];
  return [
    line(head),
    `| --- |${' ---: |'.repeat(groups.length)}`,
    ...rows.map(({ variable, value, counts }) =>
      line([value === null ? variable : `${variable}: ${value}`, ...counts.map(cell)]),
    ),
    '',
    ...(minCount > 1
      ? [`\\*: fewer than ${minCount}, or a count by which such a one could be worked out.`, '']
      : []),
  ].join('\n');
}

function cell(count: number | null): string {
  return count === null ? '*' : String(count);
}
