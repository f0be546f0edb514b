import type { ImagePlan, StudyPlan } from './client.js';
import type { Injection, Row, Target } from './fault.js';
import { imagedbPath, imagedbSeries, nbssEpisode, nbssPath, row, screenedSide } from './faults-common.js';
import { isObject } from './nbss-json.js';
import type { JsonObject } from './values.js';

/** Blocks of an episode that hold lesions by side and number. */
const LESION_BLOCKS = [
  'LESION', 'ASSESSMENT', 'CLINICAL', 'BIOPSYWIDE', 'BIOPSYFINE', 'SURGERY', 'INTERVALCANCER',
] as const; // prettier-ignore

/** The lesions of one side of a block; null where it has none. */
function lesionsOf(episode: JsonObject, block: string, side: 'L' | 'R'): JsonObject | null {
  const content = episode[block];
  const lesions = isObject(content) ? content[side] : null;
  return isObject(lesions) && Object.keys(lesions).length > 0 ? lesions : null;
}

/** Faults of what NBSS records and of the marks that are linked to it. */
export const RECORD_INJECTIONS: readonly Injection[] = [
  { kind: 'mark_side_conflict', scope: 'study', inject: moveMark },
  { kind: 'code_respelled', scope: 'study', inject: zeroKeys },
  { kind: 'breast_label_conflict', scope: 'study', inject: invasiveButBenign },
  {
    kind: 'code_respelled',
    scope: 'study',
    inject: ({ client, study }) => {
      const side = screenedSide(client, study);
      if (typeof side?.['Opinion'] !== 'string') return null;
      side['Opinion'] = `${side['Opinion']} `;
      return row('a blank follows the left Opinion of the screen', nbssPath(client));
    },
  },
  {
    kind: 'code_unknown',
    scope: 'study',
    inject: ({ client, study }) => {
      const lesion = firstLesion(nbssEpisode(client, study), 'BIOPSYWIDE');
      if (lesion === null) return null;
      lesion['MalignancyType'] = 'd';
      return row('MalignancyType of a biopsy is no code of its list', nbssPath(client));
    },
  },
  {
    kind: 'record_unplaced',
    scope: 'study',
    inject: ({ client, study }) => {
      const episode = nbssEpisode(client, study);
      const lesions = lesionsOf(episode, 'BIOPSYWIDE', 'L') ?? lesionsOf(episode, 'BIOPSYWIDE', 'R');
      if (lesions === null) return null;
      lesions['unnumbered'] = { ...(Object.values(lesions).find(isObject) ?? {}) };
      return row('a biopsied lesion stands under a key that is no number', nbssPath(client));
    },
  },
];

const BENIGN: readonly unknown[] = ['OB', 'Benign', 'O Benign'];

/** A lesion of a breast whose only tissue is benign gets a malignancy type. */
function invasiveButBenign({ client, study }: Target): Row | null {
  const episode = nbssEpisode(client, study);
  const block = episode['BIOPSYWIDE'];
  if (!isObject(block) || isObject(episode['BIOPSYFINE']) || isObject(episode['SURGERY'])) return null;
  for (const [side, opinion] of [
    ['L', 'left_opinion'],
    ['R', 'right_opinion'],
  ] as const) {
    // prettier-ignore
    const lesion = Object.values(lesionsOf(episode, 'BIOPSYWIDE', side) ?? {}).find(isObject);
    if (lesion === undefined || !BENIGN.includes(block[opinion])) continue;
    lesion['MalignancyType'] = 'b';
    return row('a lesion of a benign breast is invasive by its MalignancyType', nbssPath(client));
  }
  return null;
}

function firstLesion(episode: JsonObject, block: string): JsonObject | null {
  const lesions = lesionsOf(episode, block, 'L') ?? lesionsOf(episode, block, 'R');
  return lesions === null ? null : (Object.values(lesions).find(isObject) ?? null);
}

/** All keys of the lesions of an episode, `01` for `1`: so they stand in the JSON of some exports. */
function zeroKeys({ client, study }: Target): Row | null {
  const episode = nbssEpisode(client, study);
  let changed = 0;
  for (const block of LESION_BLOCKS)
    for (const side of ['L', 'R'] as const) {
      const lesions = lesionsOf(episode, block, side);
      if (lesions === null) continue;
      const padded = Object.entries(lesions).map(([key, value]) => [key.padStart(2, '0'), value] as const);
      for (const key of Object.keys(lesions)) Reflect.deleteProperty(lesions, key);
      Object.assign(lesions, Object.fromEntries(padded));
      changed++;
    }
  return changed === 0 ? null : row('the lesions of an episode have keys like 01', nbssPath(client));
}

/** Moves the only mark of an image to an image of the other breast, where its lesions are not. */
function moveMark({ client, study }: Target): Row | null {
  for (const from of study.images) {
    const marks = marksOf(client, study, from);
    const [mark, second] = Object.values(marks).filter(isObject);
    if (mark === undefined || second !== undefined || !isOfOneSide(mark, study, from)) continue;
    const to = study.images.find((image) => isOpposite(image, from));
    if (to === undefined || Object.keys(marksOf(client, study, to)).length > 0) continue;
    imagedbSeries(client, study, from)[from.image.sop] = null;
    imagedbSeries(client, study, to)[to.image.sop] = marks;
    return row('a mark stands under an image of the other breast', imagedbPath(client), study, to);
  }
  return null;
}

function marksOf(client: Target['client'], study: StudyPlan, image: ImagePlan): JsonObject {
  const marks = imagedbSeries(client, study, image)[image.image.sop];
  return isObject(marks) ? marks : {};
}

/** Whether the mark names lesions, and none of their numbers is one of the other breast. */
function isOfOneSide(mark: JsonObject, { study }: StudyPlan, { image }: ImagePlan): boolean {
  const link = mark['LinkedNBSSLesionNumber'];
  if (typeof link !== 'string' || link === 'UNLINKED') return false;
  const others = study.episode.lesions.filter(({ side }) => side !== image.side);
  return !others.some(({ number }) => link.split(',').includes(String(number)));
}

function isOpposite({ image }: ImagePlan, from: ImagePlan): boolean {
  const { field, side, technique, intent } = from.image;
  const { rows, columns } = image.field.geometry;
  return (
    image.side !== side &&
    image.technique === technique &&
    image.intent === intent &&
    rows === field.geometry.rows &&
    columns === field.geometry.columns
  );
}
