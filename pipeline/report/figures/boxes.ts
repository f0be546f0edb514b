import type { QueryRow } from '../../engine/duckdb.js';
import type { Count, Ledger } from '../counts.js';
import type { SnapshotTables } from '../snapshot-tables.js';

/** What experts drew: how many boxes, what tissue says of them, how large they are, and where on the breast they lie. */
export interface Boxes {
  readonly marks: Count;
  readonly boxes: Count;
  readonly usable: Count;
  readonly verdicts: readonly Verdict[];
  /** Sizes that lie in no bin, or are not known, are counted under `unsized`. */
  readonly sizeWidth: number;
  readonly places: readonly Place[];
  /** Boxes of which it is not known where the chest wall is, or that lie in other views. */
  readonly unplaced: Count;
}

/** Boxes that are malignant, benign, or of which nobody can tell. */
export interface Verdict {
  readonly name: 'malignant' | 'benign' | 'not known';
  readonly count: Count;
  /** By the longer side of the box, in steps of `sizeWidth` mm from 0. */
  readonly sizes: readonly Count[];
  readonly unsized: Count;
}

/** Centres of boxes in one view, on a grid over the image; the chest wall is at the left, whichever breast it is. */
export interface Place {
  readonly view: 'CC' | 'MLO';
  readonly total: Count;
  /** Row by row from the top: GRID_ROWS of GRID_COLUMNS. */
  readonly cells: readonly Count[];
}

export const GRID_COLUMNS = 8;
export const GRID_ROWS = 10;

const SIZE_WIDTH = 5;
const SIZE_BINS = 16;

/** Null when the snapshot has no table of boxes, as those of 0.1.0. */
export async function boxFigures(tables: SnapshotTables, ledger: Ledger): Promise<Boxes | null> {
  if (!tables.has('boxes') || !tables.has('marks')) return null;
  const [totals] = await tables.rows(
    `SELECT count(*) AS boxes, count(*) FILTER (is_usable) AS usable, (SELECT count(*) FROM marks) AS marks FROM boxes`,
  );
  const boxes = ledger.count('boxes', Number(totals!['boxes']));
  const usable = ledger.count('boxes|usable', Number(totals!['usable']));
  ledger.sum(boxes, [usable, ledger.count('boxes|not usable', boxes.n - usable.n)]);
  const places = await placesOf(tables, ledger);
  const placed = places.reduce((sum, { total }) => sum + total.n, 0);
  const unplaced = ledger.count('boxes|unplaced', boxes.n - placed);
  ledger.sum(boxes, [unplaced, ...places.map(({ total }) => total)]);
  const verdicts = await verdictsOf(tables, ledger, boxes);
  const marks = ledger.count('marks', Number(totals!['marks']));
  return { marks, boxes, usable, verdicts, sizeWidth: SIZE_WIDTH, places, unplaced };
}

async function verdictsOf(tables: SnapshotTables, ledger: Ledger, boxes: Count): Promise<Verdict[]> {
  const rows = await tables.rows(
    `SELECT CASE is_malignant WHEN true THEN 'malignant' WHEN false THEN 'benign' ELSE 'not known' END AS verdict,
       CASE WHEN size >= 0 AND size < ${SIZE_WIDTH * SIZE_BINS} THEN floor(size / ${SIZE_WIDTH})::INTEGER END AS bin,
       count(*) AS n
     FROM (SELECT is_malignant, CASE WHEN box_width_mm IS NOT NULL AND box_height_mm IS NOT NULL
       THEN greatest(box_width_mm, box_height_mm) END AS size FROM boxes) GROUP BY ALL`,
  );
  const verdicts = (['malignant', 'benign', 'not known'] as const).map((name) =>
    verdictOf(name, rows.filter((row) => row['verdict'] === name), ledger),
  ); // prettier-ignore
  ledger.sum(
    boxes,
    verdicts.map(({ count }) => count),
  );
  return verdicts;
}

function verdictOf(name: Verdict['name'], rows: readonly QueryRow[], ledger: Ledger): Verdict {
  const byBin = new Map(rows.map(({ bin, n }) => [bin as number | null, Number(n)]));
  const count = ledger.count(
    `boxes|${name}`,
    [...byBin.values()].reduce((sum, n) => sum + n, 0),
  );
  const unsized = ledger.count(`boxes|${name}|unsized`, byBin.get(null) ?? 0);
  const sizes = Array.from({ length: SIZE_BINS }, (_, bin) =>
    ledger.count(`boxes|${name}|size=${bin}`, byBin.get(bin) ?? 0),
  );
  ledger.sum(count, [unsized, ...sizes]);
  return { name, count, sizes, unsized };
}

async function placesOf(tables: SnapshotTables, ledger: Ledger): Promise<Place[]> {
  const rows = await tables.rows(
    `SELECT view, least(floor(x * ${GRID_COLUMNS}), ${GRID_COLUMNS - 1})::INTEGER AS x,
       least(floor(y * ${GRID_ROWS}), ${GRID_ROWS - 1})::INTEGER AS y, count(*) AS n
     FROM (SELECT b.view, (box_y_min_normalised + box_y_max_normalised) / 2 AS y,
         CASE chest_wall_side WHEN 'left' THEN (box_x_min_normalised + box_x_max_normalised) / 2
           WHEN 'right' THEN 1 - (box_x_min_normalised + box_x_max_normalised) / 2 END AS x
       FROM boxes b JOIN image_summary USING (client_id, study_instance_uid, sop_instance_uid))
     WHERE x BETWEEN 0 AND 1 AND y BETWEEN 0 AND 1 AND view IN ('CC', 'MLO') GROUP BY ALL`,
  );
  return (['CC', 'MLO'] as const).map((view) => {
    const own = rows.filter((row) => row['view'] === view);
    const byCell = new Map(own.map(({ x, y, n }) => [Number(y) * GRID_COLUMNS + Number(x), Number(n)]));
    const cells = Array.from({ length: GRID_COLUMNS * GRID_ROWS }, (_, cell) =>
      ledger.count(`boxes|view=${view}|cell=${cell}`, byCell.get(cell) ?? 0),
    );
    const total = ledger.count(`boxes|view=${view}`, own.reduce((sum, { n }) => sum + Number(n), 0)); // prettier-ignore
    ledger.sum(total, cells);
    return { view, total, cells };
  });
}
