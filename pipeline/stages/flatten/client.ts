import type { AnyRow } from '../../../schemas/column.js';
import type { Report } from '../../../schemas/mismatch-kinds.js';
import type { TagSelection } from '../../dicom/tag-selection.js';
import { topLevelKeys } from '../../omi-db/json.js';
import type { LinkableEpisode } from '../../omi-db/linking.js';
import type { ClientRecord, JsonFile } from '../extract.js';
import { joinClient, type JoinedClient } from '../join.js';
import { clientRow } from './clients.js';
import { imageRow } from './images.js';
import { ImagedbContext } from './imagedb-context.js';
import { markLesionRows, markRows, type LesionSides } from './marks.js';
import { episodeEvents, lesionNumbers } from './nbss-links.js';
import { flattenNbss, type NbssRows } from './nbss.js';
import { seriesRows, studyRow } from './studies.js';
import { UnknownFields } from './unknown-fields.js';

/** One client's rows by table, and what they were made from, for reconcile. */
export interface FlatClient {
  readonly rows: Readonly<Record<string, readonly AnyRow[]>>;
  readonly joined: JoinedClient;
  /** Null when there is no readable nbss file. */
  readonly nbss: NbssRows | null;
  /** By episode id. */
  readonly lesionSides: ReadonlyMap<string, LesionSides>;
}

/** Flatten: one client's records to the rows of every table. */
export function flattenClient(record: ClientRecord, selection: TagSelection, report: Report): FlatClient {
  const { clientId } = record.plan;
  const unknown = new UnknownFields(clientId, report);
  const nbss = record.nbss === null ? null : readNbss(clientId, record.nbss, report, unknown);
  const joined = joinClient(record, nbss === null ? [] : linkableEpisodes(nbss), report);
  const context = new ImagedbContext(clientId, record.imagedb?.path ?? null, report, unknown);
  const lesionSides = nbss === null ? new Map<string, LesionSides>() : sidesOfLesions(nbss);
  const rows = {
    clients: [clientRow(record, joined, nbss, context)],
    ...(nbss === null ? {} : nbssTables(nbss)),
    ...imagedbRows(joined, selection, lesionSides, context),
  };
  return { rows, joined, nbss, lesionSides };
}

function nbssTables({
  fileClientId,
  classification,
  clientExtra,
  ...tables
}: NbssRows): Record<string, AnyRow[]> {
  return tables;
}

function imagedbRows(
  joined: JoinedClient,
  selection: TagSelection,
  lesionSides: ReadonlyMap<string, LesionSides>,
  context: ImagedbContext,
) {
  const studies: AnyRow[] = [];
  const series: AnyRow[] = [];
  const images: AnyRow[] = [];
  const marks: AnyRow[] = [];
  const markLesions: AnyRow[] = [];
  for (const study of joined.studies) {
    const { episodeId } = study.link;
    const sides = episodeId === null ? null : (lesionSides.get(episodeId) ?? null);
    studies.push(studyRow(study, context));
    series.push(...seriesRows(study, context));
    for (const image of study.images) {
      images.push(imageRow(study, image, selection, context));
      for (const mark of markRows(study, image, context)) {
        marks.push(mark);
        markLesions.push(...markLesionRows(mark, episodeId, sides));
      }
    }
  }
  return { studies, series, images, marks, mark_lesions: markLesions };
}

function readNbss(clientId: string, file: JsonFile, report: Report, unknown: UnknownFields): NbssRows {
  const keyOrder = topLevelKeys(file.text, Object.keys(file.object));
  return flattenNbss({ clientId, path: file.path, nbss: file.object, keyOrder }, report, unknown);
}

/** Episodes in the order of the file, with the dates of the events that a study can be linked to. */
function linkableEpisodes(nbss: NbssRows): LinkableEpisode[] {
  return [...episodeEvents(nbss)].map(([episodeId, events]) => ({
    episodeId,
    dates: new Set(events.filter(({ linkable }) => linkable).flatMap(({ dates }) => dates)),
  }));
}

function sidesOfLesions(nbss: NbssRows): Map<string, LesionSides> {
  const byEpisode = new Map<string, LesionSides>();
  for (const [episodeId, lesions] of lesionNumbers(nbss)) {
    const sides = new Map<number, string[]>();
    for (const { side, lesionNumber } of lesions)
      sides.set(lesionNumber, [...(sides.get(lesionNumber) ?? []), side]);
    byEpisode.set(episodeId, sides);
  }
  return byEpisode;
}
