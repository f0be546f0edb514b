import type { Column, Table } from '../column.js';
import { assessments } from './assessments.js';
import { boxes, pairedBoxes } from './boxes.js';
import { breasts } from './breasts.js';
import { clients } from './clients.js';
import { clinicalExams } from './clinical-exams.js';
import { codes } from './codes.js';
import { episodes } from './episodes.js';
import { events } from './events.js';
import { exams } from './exams.js';
import { fineBiopsies } from './fine-biopsies.js';
import { imageSummary } from './image-summary.js';
import { images, imagesTable } from './images.js';
import { intervalCancers } from './interval-cancers.js';
import { lesions } from './lesions.js';
import { markLesions, marks } from './marks.js';
import { mismatches } from './mismatches.js';
import { screeningSides } from './screening-sides.js';
import { splits } from './splits.js';
import { series, studies } from './studies.js';
import { surgeries } from './surgeries.js';
import { wideBiopsies } from './wide-biopsies.js';

/**
 * The tables whose rows come from clients, in the order of the documentation; parents before children. The registry of
 * what makes their rows (`pipeline/tables/index.ts`) is typed by this list.
 */
const CLIENT_TABLES = [
  clients,
  episodes,
  events,
  screeningSides,
  assessments,
  clinicalExams,
  wideBiopsies,
  fineBiopsies,
  surgeries,
  intervalCancers,
  lesions,
  breasts,
  studies,
  series,
  images,
  marks,
  markLesions,
  boxes,
  pairedBoxes,
  imageSummary,
  exams,
] as const;

type ClientTable = (typeof CLIENT_TABLES)[number];

/** Name of a table whose rows come from clients. */
export type ClientTableName = ClientTable['name'];

/** The table of such a name. */
export type ClientTableNamed<Name extends ClientTableName> = Extract<ClientTable, { readonly name: Name }>;

export const CLIENT_TABLE_NAMES: readonly ClientTableName[] = CLIENT_TABLES.map(({ name }) => name);

/** The tables whose rows come from clients, `images` with the columns of a tag selection. */
export function clientTables(tagColumns: readonly Column[]): readonly Table[] {
  return CLIENT_TABLES.map((table) => (table === images ? imagesTable(tagColumns) : table));
}

/** Every table of a snapshot. */
export function allTables(tagColumns: readonly Column[]): readonly Table[] {
  return [...clientTables(tagColumns), splits, codes, mismatches];
}
