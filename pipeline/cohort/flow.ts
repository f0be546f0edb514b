import type { DuckDb } from '../engine/duckdb.js';
import { sqlName } from '../engine/sql.js';
import type { FlowLine } from './lines.js';
import type { CohortSpec, UnitName } from './spec.js';
import type { Unit } from './unit.js';

/** What is counted of the rows; a breast is one at an exam. */
export const COUNTED = ['women', 'exams', 'breasts', 'images', 'boxes'] as const;
export type Counted = (typeof COUNTED)[number];
export type Counts = Readonly<Record<Counted, number>>;

/** Which of the counts is the number of rows. */
export const COUNT_OF_UNIT: Readonly<Record<UnitName, Counted>> = {
  exam: 'exams',
  breast: 'breasts',
  image: 'images',
  box: 'boxes',
};

/** A line with what it did: before = dropped + unknown + left, for each thing that is counted. */
export interface CountedLine {
  readonly number: number;
  readonly name: string;
  readonly kind: FlowLine['kind'];
  readonly condition: string;
  readonly before: Counts;
  readonly dropped: Counts;
  readonly unknown: Counts;
  readonly left: Counts;
}

/** The content of flow.json. */
export interface Flow {
  readonly unit: UnitName;
  readonly start: Counts;
  readonly steps: readonly CountedLine[];
  readonly cohort: Counts;
  /** The cohort by label; a woman with rows of two labels counts under both. */
  readonly labels: readonly LabelCounts[];
}

export interface LabelCounts {
  readonly label: string;
  readonly counts: Counts;
}

/** Counts what the lines did, from `lost`, and the labels of `cohort`; makes `cohort_pictures`, the images of its rows. */
export async function countFlow(
  db: DuckDb,
  spec: CohortSpec,
  unit: Unit,
  lines: readonly FlowLine[],
): Promise<Flow> {
  const end = 2 * lines.length + 2;
  await db.query(placesSql(unit, end));
  await db.query(pictureSql(unit));
  const byPlace = await countByPlace(db, unit);
  const between = (from: number, to: number) => countsOf((thing) => sumOf(byPlace[thing], from, to));
  return {
    unit: unit.name,
    start: between(0, end),
    steps: lines.map(({ number, name, kind, condition }) => ({
      number,
      name,
      kind,
      condition,
      before: between(2 * number, end),
      dropped: between(2 * number + 1, 2 * number + 1),
      unknown: between(2 * number, 2 * number),
      left: between(2 * number + 2, end),
    })),
    cohort: between(end, end),
    labels: await countLabels(db, spec, unit),
  };
}

function countsOf(count: (thing: Counted) => number): Counts {
  return Object.fromEntries(COUNTED.map((thing) => [thing, count(thing)])) as Counts;
}

function sumOf(counts: ReadonlyMap<number, number>, from: number, to: number): number {
  let sum = 0;
  for (const [place, count] of counts) if (place >= from && place <= to) sum += count;
  return sum;
}

/**
 * The place of each row: of line n, 2n where it is unknown and 2n + 1 where it is dropped; `end` for what is in the cohort.
 * A thing that several rows are of (a woman with two exams) has the greatest place of them: it is lost with the last of
 * its rows, as dropped when any of those was, else as unknown. So the counts of all things add up.
 */
function placesSql({ key }: Unit, end: number): string {
  return `CREATE TABLE places AS
SELECT ${key.join(', ')}, coalesce(2 * lost.step + (NOT lost.is_unknown)::INTEGER, ${end}) AS place
FROM units LEFT JOIN lost USING (${key.join(', ')})`;
}

function pictureSql({ key, images }: Unit): string {
  return `CREATE TABLE pictures AS
SELECT client_id, study_instance_uid, sop_instance_uid, max(side) AS side, max(place) AS place
FROM (${images}) JOIN places USING (${key.join(', ')})
GROUP BY client_id, study_instance_uid, sop_instance_uid`;
}

const OF_PICTURES = 'client_id, study_instance_uid, sop_instance_uid';

/** How many of each thing have a place. */
async function countByPlace(
  db: DuckDb,
  { name }: Unit,
): Promise<Record<Counted, ReadonlyMap<number, number>>> {
  const rows = 'SELECT place FROM places';
  const things: Record<Counted, string> = {
    women: 'SELECT max(place) AS place FROM places GROUP BY client_id',
    exams: 'SELECT max(place) AS place FROM places GROUP BY client_id, study_instance_uid',
    breasts:
      name === 'breast'
        ? rows
        : `SELECT max(place) AS place FROM pictures WHERE side IN ('L', 'R') GROUP BY client_id, study_instance_uid, side`,
    images: 'SELECT place FROM pictures',
    boxes: name === 'box' ? rows : `SELECT place FROM boxes JOIN pictures USING (${OF_PICTURES})`,
  };
  const found: Partial<Record<Counted, ReadonlyMap<number, number>>> = {};
  for (const thing of COUNTED) {
    const counts = await db.rows(`SELECT place, count(*) AS n FROM (${things[thing]}) GROUP BY place`);
    found[thing] = new Map(counts.map((row) => [Number(row['place']), Number(row['n'])]));
  }
  return found as Record<Counted, ReadonlyMap<number, number>>;
}

async function countLabels(db: DuckDb, { label }: CohortSpec, unit: Unit): Promise<LabelCounts[]> {
  const name = sqlName(label.name);
  await db.query(`CREATE TABLE cohort_pictures AS
SELECT DISTINCT split, ${name} AS label, ${OF_PICTURES}, pictures.side AS shown
FROM cohort JOIN (${unit.images}) AS pictures USING (${unit.key.join(', ')})`);
  const rows = await db.rows(`SELECT label::VARCHAR AS text, *
FROM (SELECT ${name} AS label, count(*) AS units, count(DISTINCT client_id) AS women,
    count(DISTINCT (client_id, study_instance_uid)) AS exams FROM cohort GROUP BY ALL)
  LEFT JOIN (SELECT label, count(*) AS images, count(DISTINCT (client_id, study_instance_uid, shown))
    FILTER (shown IN ('L', 'R')) AS breasts FROM cohort_pictures GROUP BY ALL) USING (label)
  LEFT JOIN (SELECT label, count(*) AS boxes FROM cohort_pictures JOIN boxes USING (${OF_PICTURES}) GROUP BY ALL)
    USING (label)
ORDER BY label`);
  return rows.map((row) => ({
    label: String(row['text']),
    counts: countsOf((thing) => Number(row[thing === COUNT_OF_UNIT[unit.name] ? 'units' : thing] ?? 0)),
  }));
}
