import type { AnyRow } from '../../../schemas/column.js';
import type { Report } from '../../../schemas/mismatch-kinds.js';
import type { TagSelection } from '../../dicom/tag-selection.js';
import { append } from '../../nbss/episode.js';
import { topLevelKeys } from '../../omi-db/json.js';
import type { LinkableEpisode } from '../../omi-db/linking.js';
import type { ClientRecord, JsonFile } from '../extract.js';
import { joinClient, type JoinedClient } from '../join.js';
import type { EpisodeFacts } from '../../semantics/model.js';
import type { OutcomeMonths } from '../../semantics/outcome.js';
import { clientRow } from './clients.js';
import { episodeFacts } from './episode-facts.js';
import { summaryRow } from './image-summary.js';
import { imageRow } from './images.js';
import { ImagedbContext } from './imagedb-context.js';
import { addBox, imageGeometry } from './mark-boxes.js';
import { addEpisodeMeaning, addLesionMeaning, studyMeanings, type StudyMeaning } from './meaning.js';
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

/** What flatten is told by the user. */
export interface FlattenOptions {
  readonly selection: TagSelection;
  readonly months: OutcomeMonths;
}

/** Flatten: one client's records to the rows of every table. */
export function flattenClient(record: ClientRecord, options: FlattenOptions, report: Report): FlatClient {
  const { clientId } = record.plan;
  const unknown = new UnknownFields(clientId, report);
  const nbss = record.nbss === null ? null : readNbss(clientId, record.nbss, report, unknown);
  const joined = joinClient(record, nbss === null ? [] : linkableEpisodes(nbss), report);
  const context = new ImagedbContext(clientId, record.imagedb?.path ?? null, report, unknown);
  const lesionSides = nbss === null ? new Map<string, LesionSides>() : sidesOfLesions(nbss);
  const facts = nbss === null ? [] : episodeFacts(nbss);
  if (nbss !== null) {
    addEpisodeMeaning(nbss.episodes, facts, options.months, (episodeId) => {
      const detail = `The rules come to no outcome for episode ${episodeId} with the months of this run.`;
      report({
        kind: 'episode_outcome_undefined',
        client_id: clientId,
        path: record.nbss!.path,
        detail,
        found: episodeId,
      });
    });
    addLesionMeaning(nbss.lesions, facts);
  }
  const client = clientRow(record, joined, nbss, facts, context);
  const episodes = new Map(
    facts.map((episode, i) => [episode.episodeId, { row: nbss!.episodes[i]!, facts: episode }]),
  );
  const sources = { client, episodes, lesionSides, meanings: studyMeanings(joined, facts) };
  const rows = {
    clients: [client],
    ...(nbss === null ? {} : nbssTables(nbss)),
    ...imagedbRows(joined, options.selection, sources, context),
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

/** What the rows of studies and images take from the client and her episodes. */
interface ImagedbSources {
  readonly client: AnyRow;
  readonly episodes: ReadonlyMap<string, { readonly row: AnyRow; readonly facts: EpisodeFacts }>;
  readonly lesionSides: ReadonlyMap<string, LesionSides>;
  readonly meanings: ReadonlyMap<string, StudyMeaning>;
}

function imagedbRows(
  joined: JoinedClient,
  selection: TagSelection,
  { client, episodes, lesionSides, meanings }: ImagedbSources,
  context: ImagedbContext,
) {
  const rows = emptyRows();
  for (const study of joined.studies) {
    const { episodeId } = study.link;
    const episode = episodeId === null ? null : (episodes.get(episodeId) ?? null);
    const sides = episodeId === null ? null : (lesionSides.get(episodeId) ?? null);
    const ofStudy = studyRow(study, meanings.get(study.uid), context);
    rows.studies.push(ofStudy);
    append(rows.series, seriesRows(study, context));
    for (const joinedImage of study.images) {
      const image = imageRow(study, joinedImage, selection, context);
      const geometry = imageGeometry(image, joinedImage.header?.values.identity ?? null);
      rows.images.push(image);
      rows.image_summary.push(summaryRow({ image, study: ofStudy, client, episode, geometry }));
      for (const mark of markRows(study, joinedImage, context)) {
        addBox(mark, image, geometry, sides);
        rows.marks.push(mark);
        append(rows.mark_lesions, markLesionRows(mark, episodeId, sides));
      }
    }
  }
  return rows;
}

function emptyRows(): Record<
  'studies' | 'series' | 'images' | 'image_summary' | 'marks' | 'mark_lesions',
  AnyRow[]
> {
  return { studies: [], series: [], images: [], image_summary: [], marks: [], mark_lesions: [] };
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
