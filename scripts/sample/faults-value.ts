import {
  changeHeaders,
  dicomPath,
  episodeKeepsStudy,
  firstMark,
  imagedbPath,
  imagedbStudy,
  nbssEpisode,
  nbssPath,
  row,
  screenedSide,
} from './faults-common.js';
import type { FaultKind, Injection, Row, Target } from './fault.js';
import type { ImagePlan } from './client.js';
import type { JsonObject } from './values.js';

/** A fault of a mark of the study, if there is one. */
function onMark(
  kind: FaultKind,
  how: string,
  damage: (mark: JsonObject, image: ImagePlan) => void,
): Injection {
  const inject = ({ client, study }: Target): Row | null => {
    const found = firstMark(client, study);
    if (found === null) return null;
    damage(found.mark, found.image);
    return row(how, imagedbPath(client), study, found.image);
  };
  return { kind, scope: 'study', inject };
}

/** A fault of a field of the screen of the study's episode, left side. */
function onScreen(kind: FaultKind, how: string, fields: JsonObject): Injection {
  const inject = ({ client, study }: Target): Row | null => {
    const side = screenedSide(client, study);
    if (side === null) return null;
    Object.assign(side, fields);
    return row(how, nbssPath(client));
  };
  return { kind, scope: 'study', inject };
}

/** Faults of single values: dates, numbers, codes, unknown fields, marks. */
export const VALUE_INJECTIONS: readonly Injection[] = [
  onMark('code_unknown', 'Conspicuity of a mark is no code of its list', (mark) => {
    mark['Conspicuity'] = 'Blinding';
  }),
  onMark('mark_invalid', 'X1 of a mark is null', (mark) => {
    mark['X1'] = null;
  }),
  onMark('mark_out_of_bounds', 'X2 of a mark lies right of the image', (mark, { image }) => {
    const right = image.field.geometry.columns + 400;
    Object.assign(mark, { X2: String(right), Width: String(right - Number(mark['X1'])) });
  }),
  onMark('mark_out_of_bounds', 'the box of a mark is inverted', (mark) => {
    Object.assign(mark, { X1: mark['X2'], X2: mark['X1'], Y1: mark['Y2'], Y2: mark['Y1'] });
  }),
  onMark('mark_lesion_unresolved', 'a mark names lesion 9, which its episode does not have', (mark) => {
    mark['LinkedNBSSLesionNumber'] = '9';
  }),
  {
    kind: 'date_invalid',
    scope: 'study',
    inject: ({ client, study }) => {
      nbssEpisode(client, study)['EpisodeOpenedDate'] = '2011-02-30';
      return row('EpisodeOpenedDate is the 30th of February', nbssPath(client));
    },
  },
  {
    kind: 'date_invalid',
    scope: 'study',
    inject: (target) => {
      const { client, study } = target;
      // Without a date the study is not linked: its episode needs another, and nothing may hang on the link.
      if (!episodeKeepsStudy(target) || firstMark(client, study) !== null) return null;
      imagedbStudy(client, study)['StudyDate'] = 'unknown';
      nbssEpisode(client, study)['StudyList'] = null;
      return row('StudyDate is a word', imagedbPath(client), study);
    },
  },
  {
    kind: 'date_invalid',
    scope: 'study',
    inject: ({ client, study, random }) => {
      const image = random.pick(study.images);
      changeHeaders(image, { AcquisitionDate: '20111345' });
      return row(
        'AcquisitionDate has a month 13, in both headers',
        dicomPath(client, study, image),
        study,
        image,
      );
    },
  },
  onScreen('number_invalid', 'AgeAtScreening is a word', { AgeAtScreening: 'fifty-two' }),
  onScreen('code_unknown', 'the left Opinion of the screen is no code of its list', { Opinion: 'Z9' }),
  onScreen('field_unknown', 'a key that no table has a column for', { PhaseOfTheMoon: 'waning' }),
];
