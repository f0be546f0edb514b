import type { RowOf } from '../../schemas/row.js';
import {
  CLIENT_TABLE_NAMES,
  type ClientTableName,
  type ClientTableNamed,
} from '../../schemas/tables/index.js';
import type { ClientModel } from '../model/client-model.js';
import { boxRows, pairedBoxRows } from './boxes.js';
import { breastRows } from './breast-rows.js';
import { clientRows } from './clients.js';
import { episodeRows } from './episodes.js';
import { examRows } from './exams.js';
import { eventRows, screeningSideRows } from './events.js';
import { summaryRows } from './image-summary.js';
import { imageRows } from './images.js';
import { lesionRows } from './lesions.js';
import { markLesionRows, markRows } from './marks.js';
import {
  assessmentRows,
  clinicalExamRows,
  fineBiopsyRows,
  intervalCancerRows,
  surgeryRows,
  wideBiopsyRows,
} from './procedures.js';
import { seriesRows, studyRows } from './studies.js';

/** A row of a table whose rows come from clients. */
export type ClientTableRow<Name extends ClientTableName> = RowOf<ClientTableNamed<Name>>;

/** What makes a client's rows of each table: a pure function of the model. A table without one does not compile. */
const MAKERS: {
  readonly [Name in ClientTableName]: (client: ClientModel) => readonly ClientTableRow<Name>[];
} = {
  clients: clientRows,
  episodes: episodeRows,
  events: eventRows,
  screening_sides: screeningSideRows,
  assessments: assessmentRows,
  clinical_exams: clinicalExamRows,
  wide_biopsies: wideBiopsyRows,
  fine_biopsies: fineBiopsyRows,
  surgeries: surgeryRows,
  interval_cancers: intervalCancerRows,
  lesions: lesionRows,
  breasts: breastRows,
  studies: studyRows,
  series: seriesRows,
  images: imageRows,
  marks: markRows,
  mark_lesions: markLesionRows,
  boxes: boxRows,
  paired_boxes: pairedBoxRows,
  image_summary: summaryRows,
  exams: examRows,
};

/** Takes the rows of each table. */
export type RowSinks = {
  readonly [Name in ClientTableName]: { append(row: ClientTableRow<Name>): void };
};

/** Makes a client's rows of every table, table by table. @returns how many there are of each */
export function appendRows(client: ClientModel, sinks: RowSinks): Record<ClientTableName, number> {
  const counts = CLIENT_TABLE_NAMES.map((name) => [name, appendTable(name, client, sinks)] as const);
  return Object.fromEntries(counts) as Record<ClientTableName, number>;
}

function appendTable<Name extends ClientTableName>(
  name: Name,
  client: ClientModel,
  sinks: Pick<RowSinks, Name>,
): number {
  const rows = MAKERS[name](client);
  for (const row of rows) sinks[name].append(row);
  return rows.length;
}
