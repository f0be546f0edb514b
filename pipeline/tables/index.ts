import type { RowOf } from '../../schemas/row.js';
import {
  CLIENT_TABLE_NAMES,
  type ClientTableName,
  type ClientTableNamed,
} from '../../schemas/tables/index.js';
import type { ClientModel } from '../model/client-model.js';
import { boxRows, pairedBoxRows } from './boxes.js';
import { breastRows } from './breast-rows.js';
import { examRows } from './exams.js';
import { eventRows, screeningSideRows } from './events.js';
import { summaryRows } from './image-summary.js';
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
import { sharedRows, type SharedRows } from './shared-rows.js';
import { seriesRows } from './studies.js';

/** A row of a table whose rows come from clients. */
export type ClientTableRow<Name extends ClientTableName> = RowOf<ClientTableNamed<Name>>;

/**
 * What makes a client's rows of each table: a pure function of the model and of the rows that tables share, which are made
 * of it. A table without one does not compile.
 */
const MAKERS: {
  readonly [Name in ClientTableName]: (
    client: ClientModel,
    shared: SharedRows,
  ) => readonly ClientTableRow<Name>[];
} = {
  clients: (_, { client }) => [client],
  // In the order of the nbss file.
  episodes: (_, { episodes }) => episodes.map(({ row }) => row),
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
  // By UID.
  studies: (_, { studies }) => studies.map(({ row }) => row),
  series: seriesRows,
  // Of each study by UID.
  images: (_, { studies }) => studies.flatMap(({ images }) => images),
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

/**
 * Makes a client's rows of every table, table by table.
 * @returns how many there are of each, in the order of CLIENT_TABLE_NAMES
 */
export function appendRows(client: ClientModel, sinks: RowSinks): number[] {
  const shared = sharedRows(client);
  return CLIENT_TABLE_NAMES.map((name) => appendTable(name, client, shared, sinks));
}

function appendTable<Name extends ClientTableName>(
  name: Name,
  client: ClientModel,
  shared: SharedRows,
  sinks: Pick<RowSinks, Name>,
): number {
  const rows = MAKERS[name](client, shared);
  if (rows.length === 0) return 0;
  const sink = sinks[name];
  for (const row of rows) sink.append(row);
  return rows.length;
}
