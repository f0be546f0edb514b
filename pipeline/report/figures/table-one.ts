import type { Count, Ledger } from '../counts.js';
import type { SnapshotTables } from '../snapshot-tables.js';
import { FACTS, NONE } from './facts.js';

/** Women, exams and images by what they are told apart by in papers. */
export interface TableOne {
  readonly all: Line;
  readonly groups: readonly Group[];
}

export interface Group {
  readonly title: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly value: string;
  /** What a code means; null where the value says it. */
  readonly meaning: string | null;
  readonly women: Count;
  readonly exams: Count;
  readonly images: Count;
}

type Unit = 'women' | 'exams' | 'images';

/** One way of telling images apart. */
interface Dimension {
  /** In ids of counts. */
  readonly name: string;
  readonly title: string;
  readonly sql: string;
  /** Code list of the values. */
  readonly codes: string | null;
  /** Units of which each is in one group only, so that the groups add up. */
  readonly adding: readonly Unit[];
}

const AGE_BANDS = `CASE WHEN age < 40 THEN 'under 40' WHEN age < 50 THEN '40 to 49' WHEN age < 60 THEN '50 to 59'
  WHEN age < 70 THEN '60 to 69' WHEN age >= 70 THEN '70 and over' END`;

/** Order of bands; other values are in their own. */
const BAND_ORDER = ['under 40', '40 to 49', '50 to 59', '60 to 69', '70 and over'];

const DIMENSIONS: readonly Dimension[] = [
  { name: 'outcome', title: 'Outcome of the episode', sql: 'outcome', codes: 'omidb:episode_outcome', adding: ['exams', 'images'] }, // prettier-ignore
  { name: 'label', title: 'Label of the breast', sql: 'label', codes: 'omidb-etl:breast_label_strict', adding: ['images'] }, // prettier-ignore
  { name: 'age', title: 'Age at the exam', sql: AGE_BANDS, codes: null, adding: ['images'] },
  { name: 'maker', title: 'Manufacturer', sql: 'maker', codes: null, adding: ['images'] },
  { name: 'site', title: 'Site', sql: 'site', codes: null, adding: ['women', 'exams', 'images'] },
  {
    name: 'year',
    title: 'Year of the exam',
    sql: 'year(study_date)',
    codes: null,
    adding: ['exams', 'images'],
  },
];

/** Values of a group that are shown; the years of a database are fewer, and sites and makers are limited before. */
const MOST_VALUES = 100;

const COUNTS = 'count(DISTINCT woman) AS women, count(DISTINCT exam) AS exams, count(*) AS images';

export async function tableOne(tables: SnapshotTables, ledger: Ledger): Promise<TableOne> {
  const [total] = await tables.rows(`SELECT ${COUNTS} FROM ${FACTS}`);
  const all = lineOf(ledger, '', 'all', null, total!);
  const groups: Group[] = [];
  for (const dimension of DIMENSIONS) groups.push(await groupOf(tables, ledger, dimension, all));
  return { all, groups };
}

async function groupOf(
  tables: SnapshotTables,
  ledger: Ledger,
  { name, title, sql, codes, adding }: Dimension,
  all: Line,
): Promise<Group> {
  const meanings = codes === null ? new Map<string, string>() : await meaningsOf(tables, codes);
  const rows = await tables.rows(
    `SELECT coalesce((${sql})::VARCHAR, '${NONE}') AS value, ${COUNTS} FROM ${FACTS} GROUP BY ALL
     ORDER BY images DESC, value LIMIT ${MOST_VALUES}`,
  );
  const lines = rows.map((row) => {
    const value = String(row['value']);
    return lineOf(ledger, `|${name}=${value}`, value, meanings.get(value) ?? null, row);
  });
  for (const unit of adding)
    if (rows.length < MOST_VALUES)
      ledger.sum(
        all[unit],
        lines.map((line) => line[unit]),
      );
  return { title, lines: name === 'age' || name === 'year' ? lines.toSorted(byBand) : lines };
}

function lineOf(
  ledger: Ledger,
  key: string,
  value: string,
  meaning: string | null,
  row: Readonly<Record<string, unknown>>,
): Line {
  const count = (unit: Unit) => ledger.count(`${unit}${key}`, Number(row[unit]));
  return { value, meaning, women: count('women'), exams: count('exams'), images: count('images') };
}

function byBand(a: Line, b: Line): number {
  const place = ({ value }: Line) => {
    if (value === NONE) return Infinity;
    return BAND_ORDER.includes(value) ? BAND_ORDER.indexOf(value) : Number(value);
  };
  return place(a) - place(b);
}

async function meaningsOf(tables: SnapshotTables, list: string): Promise<Map<string, string>> {
  if (!tables.has('codes', 'list', 'code', 'text')) return new Map();
  const rows = await tables.rows(`SELECT code, text FROM codes WHERE list = '${list}'`);
  return new Map(rows.map(({ code, text }) => [String(code), String(text)]));
}
