import type { QueryRow } from '../../engine/duckdb.js';
import { sqlName } from '../../engine/sql.js';
import { rowOrder } from '../cohort-table.js';
import { shares } from '../spec.js';
import { writeText } from '../write-cohort.js';
import type { ExportPlace, ExportReport } from './export.js';
import { countReasons } from './reasons.js';

/** A box as COCO has it: x and y of its upper left corner, width and height. */
interface Annotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly [number, number, number, number];
  readonly area: number;
  readonly iscrowd: 0;
}

interface CocoImage {
  readonly id: number;
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
}

interface Category {
  readonly id: number;
  readonly name: string;
}

/**
 * coco-<split>.json, boxes in pixels of the stored image (cocodataset.org/#format-data): 0 is the outer edge of the first
 * pixel, as in table boxes. A category is a value of the label; all splits have the same. Paths start at the images root.
 */
export async function writeCoco(place: ExportPlace): Promise<ExportReport> {
  const { db, checked, folder } = place;
  const { spec, unit } = checked;
  const label = sqlName(spec.label.name);
  await db.query(`CREATE TABLE coco AS
SELECT ${unit.key.join(', ')}, cohort.split, cohort.${label}::VARCHAR AS label, cohort.dicom_path, units.rows, units.columns,
  units.box_x_min, units.box_y_min, units.box_x_max, units.box_y_max,
  CASE WHEN cohort.dicom_path IS NULL THEN 'without a DICOM file'
    WHEN units.box_in_bounds IS NULL THEN 'without a place or a size of the image'
    WHEN NOT units.box_in_bounds THEN 'out of bounds'
    WHEN units.box_x_max <= units.box_x_min OR units.box_y_max <= units.box_y_min THEN 'without an area' END AS reason
FROM cohort JOIN units USING (${unit.key.join(', ')})`);
  const found = await db.rows(`SELECT DISTINCT ${label} AS value, ${label}::VARCHAR AS label FROM cohort ORDER BY value`); // prettier-ignore
  const categories = found.map((row, i) => ({ id: i + 1, name: categoryName(spec.label.name, row) }));
  const idOf = new Map(found.map((row, i) => [row['label'] as string, i + 1]));
  const files: string[] = [];
  for (const { split } of shares(spec)) {
    const name = `coco-${split}.json`;
    writeText(folder, name, await splitText(place, split, categories, idOf));
    files.push(name);
  }
  return { name: 'coco', files, ...(await countReasons(db, 'coco')) };
}

/** True and false are not names of things. */
function categoryName(label: string, { value, label: text }: QueryRow): string {
  if (typeof value !== 'boolean') return String(text);
  return value ? label : `not ${label}`;
}

async function splitText(
  { db, checked }: ExportPlace,
  split: string,
  categories: readonly Category[],
  idOf: ReadonlyMap<string, number>,
): Promise<string> {
  const images: CocoImage[] = [];
  const annotations: Annotation[] = [];
  const rows = `SELECT * FROM coco WHERE reason IS NULL AND split = '${split}' ORDER BY ${rowOrder(checked.unit.key)}`;
  let image = '';
  for await (const page of db.stream(rows)) {
    for (const row of page) {
      // Rows of one image come one after the other.
      const key = `${String(row['client_id'])} ${String(row['study_instance_uid'])} ${String(row['sop_instance_uid'])}`;
      if (key !== image) images.push(cocoImage(row, images.length + 1));
      image = key;
      annotations.push(annotation(row, annotations.length + 1, images.length, idOf));
    }
  }
  return `${JSON.stringify({ info: { description: `${checked.spec.name}, ${split}` }, images, annotations, categories })}\n`;
}

function cocoImage(row: QueryRow, id: number): CocoImage {
  return {
    id,
    file_name: String(row['dicom_path']),
    width: Number(row['columns']),
    height: Number(row['rows']),
  };
}

function annotation(row: QueryRow, id: number, image: number, idOf: ReadonlyMap<string, number>): Annotation {
  const [left, top, right, bottom] = ['box_x_min', 'box_y_min', 'box_x_max', 'box_y_max'].map((name) =>
    Number(row[name]),
  ) as [number, number, number, number];
  const [width, height] = [right - left, bottom - top];
  return {
    id,
    image_id: image,
    category_id: idOf.get(row['label'] as string)!,
    bbox: [left, top, width, height],
    area: width * height,
    iscrowd: 0,
  };
}
