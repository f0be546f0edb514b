import { elements, type Attributes } from './attributes.js';
import type { ClientPlan, ImagePlan, StudyPlan } from './client.js';
import { dicomJson } from './dicom-json.js';
import type { FaultKind, Injection, Row, Target } from './fault.js';
import { isObject } from './nbss-json.js';
import type { JsonObject } from './values.js';

/** What a truth row is about, with the path of the file or folder, and how it was caused. */
export function row(how: string, path: string | null, study?: StudyPlan, image?: ImagePlan): Row {
  return {
    study_instance_uid: study?.study.uid ?? null,
    series_instance_uid: image?.series.uid ?? null,
    sop_instance_uid: image?.image.sop ?? null,
    path,
    how,
  };
}

/** Paths relative to the root a thing lies under, data or images. */
export const studyPath = (client: ClientPlan, study: StudyPlan): string => `${client.id}/${study.study.uid}`;
export const imagedbPath = (client: ClientPlan): string => `${client.id}/${client.imagedb.names[0]!}`;
export const nbssPath = (client: ClientPlan): string => `${client.id}/${client.nbss.names[0]!}`;
export const jsonPath = (client: ClientPlan, study: StudyPlan, image: ImagePlan): string =>
  `${studyPath(client, study)}/${image.json.names[0]!}`;
export const dicomPath = (client: ClientPlan, study: StudyPlan, image: ImagePlan): string =>
  `${studyPath(client, study)}/${image.dicom!.name}`;

/** The object below these keys, which the sample always has. */
function below(content: JsonObject, ...keys: string[]): JsonObject {
  let found = content;
  for (const key of keys) {
    const next = found[key];
    if (!isObject(next)) throw new Error(`the sample has no object ${keys.join('.')}`);
    found = next;
  }
  return found;
}

export const imagedbStudies = (client: ClientPlan): JsonObject => below(client.imagedb.content, 'STUDIES');
export const imagedbStudy = (client: ClientPlan, study: StudyPlan): JsonObject =>
  below(client.imagedb.content, 'STUDIES', study.study.uid);
export const imagedbSeries = (client: ClientPlan, study: StudyPlan, image: ImagePlan): JsonObject =>
  below(client.imagedb.content, 'STUDIES', study.study.uid, image.series.uid);
export const nbssEpisode = (client: ClientPlan, study: StudyPlan): JsonObject =>
  below(client.nbss.content, study.study.episode.id);

/** One side of the first screen of a study's episode; null where it has no screen (interval cancers). */
export function screenedSide(client: ClientPlan, study: StudyPlan): JsonObject | null {
  const screening = nbssEpisode(client, study)['SCREENING'];
  return isObject(screening) && isObject(screening['L']) ? screening['L'] : null;
}

/** Whether the study's episode keeps a sound study when this one is lost or unlinked. */
export function episodeKeepsStudy({ study, others }: Target): boolean {
  return others.some((other) => other.study.episode === study.study.episode);
}

/** An image of the study with a mark, and that mark; null where nothing was drawn. */
export function firstMark(
  client: ClientPlan,
  study: StudyPlan,
): { image: ImagePlan; mark: JsonObject } | null {
  for (const image of study.images) {
    const marks = imagedbSeries(client, study, image)[image.image.sop];
    const mark = isObject(marks) ? Object.values(marks).find(isObject) : undefined;
    if (mark !== undefined) return { image, mark };
  }
  return null;
}

/** Changes attributes in both headers of an image, DICOM and JSON. */
export function changeHeaders(image: ImagePlan, attributes: Attributes): void {
  const changed = elements(attributes);
  const tags = new Set(changed.map(({ tag }) => tag));
  const dicom = image.dicom!;
  dicom.dataset = [...dicom.dataset.filter(({ tag }) => !tags.has(tag)), ...changed];
  Object.assign(image.json.content, dicomJson(changed, ''));
}

export type OnImage = (target: Target, image: ImagePlan) => Row | null;

/** A fault of any one image of the study. */
export function onImage(kind: FaultKind, inject: OnImage): Injection {
  return {
    kind,
    scope: 'study',
    inject: (target) => inject(target, target.random.pick(target.study.images)),
  };
}
