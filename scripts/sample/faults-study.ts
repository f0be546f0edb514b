import type { ClientPlan, StudyPlan } from './client.js';
import { dateText } from './dates.js';
import {
  episodeKeepsStudy,
  firstMark,
  imagedbPath,
  imagedbStudies,
  imagedbStudy,
  nbssEpisode,
  nbssPath,
  row,
  studyPath,
} from './faults-common.js';
import type { Injection, Row, Target } from './fault.js';
import type { Json } from './values.js';

/**
 * Faults of study folders and of the links between studies and episodes. Where a study is lost or unlinked its
 * episode keeps another, or the episode would be reported too; and it has no marks, or their lesions would be.
 */
export const STUDY_INJECTIONS: readonly Injection[] = [
  {
    kind: 'study_only_in_images',
    scope: 'study',
    inject: (target) => {
      const { client, study } = target;
      if (!isExpendable(target)) return null;
      study.inData = false;
      return row('the study folder was left out of data/', studyPath(client, study), study);
    },
  },
  {
    kind: 'study_not_in_imagedb',
    scope: 'study',
    inject: (target) => {
      const { client, study } = target;
      if (!isExpendable(target)) return null;
      Reflect.deleteProperty(imagedbStudies(client), study.study.uid);
      return row('the study was left out of the imagedb file', studyPath(client, study), study);
    },
  },
  {
    kind: 'study_not_on_disk',
    scope: 'study',
    inject: (target) => {
      const { client, study } = target;
      if (!isExpendable(target)) return null;
      study.inData = false;
      study.inImages = false;
      return row(
        'the study is in the imagedb file, its folders were left out',
        studyPath(client, study),
        study,
      );
    },
  },
  {
    kind: 'study_episode_unresolved',
    scope: 'study',
    inject: (target) => {
      const { client, study } = target;
      if (!isExpendable(target)) return null;
      // No event lies on a Sunday.
      const sunday = study.study.day + 7 - ((study.study.day + 4) % 7);
      Object.assign(imagedbStudy(client, study), { EpisodeID: null, StudyDate: dateText(sunday, 'dashed') });
      forgetList(client, study);
      return row('EpisodeID is null and no event has the date of the study', imagedbPath(client), study);
    },
  },
  {
    kind: 'study_date_missing',
    scope: 'study',
    inject: (target) => {
      const { client, study } = target;
      if (!isExpendable(target)) return null;
      imagedbStudy(client, study)['StudyDate'] = '';
      forgetList(client, study);
      return row('StudyDate is empty', imagedbPath(client), study);
    },
  },
  { kind: 'study_list_conflict', scope: 'study', inject: listStranger },
  { kind: 'study_list_conflict', scope: 'study', inject: omitFromList },
  { kind: 'study_list_conflict', scope: 'study', inject: moveToOtherList },
  {
    kind: 'study_episode_relinked',
    scope: 'study',
    inject: (target) => relink(target, '', 'EpisodeID is empty; an event has the date of the study'),
  },
  {
    kind: 'study_episode_relinked',
    scope: 'study',
    inject: (target) =>
      relink(target, '999999', 'EpisodeID names no episode; an event has the date of the study'),
  },
  {
    kind: 'study_only_in_data',
    scope: 'study',
    inject: ({ client, study }) => {
      study.inImages = false;
      return row('the study folder was left out of images/', studyPath(client, study), study);
    },
  },
  {
    kind: 'episode_without_study',
    scope: 'study',
    inject: ({ client, study }) => {
      const { id, opened } = study.study.episode;
      // An invitation that she did not follow, later than all her other episodes. Its list is there and empty: without
      // one, a study that lost its episode could be of this one.
      client.nbss.content[String(Number(id) + 5000)] = {
        EpisodeType: 'R',
        EpisodeIsClosed: 'Y',
        EpisodeOpenedDate: dateText(opened + 4000, 'dashed'),
        EpisodeClosedDate: dateText(opened + 4100, 'dashed'),
        StudyList: [],
      };
      return row('an episode without study or event was added: she did not attend', nbssPath(client));
    },
  },
];

function isExpendable(target: Target): boolean {
  return episodeKeepsStudy(target) && firstMark(target.client, target.study) === null;
}

/** Makes the NBSS file silent on which studies the episode has, so that it does not contradict imagedb as well. */
function forgetList(client: ClientPlan, study: StudyPlan): void {
  nbssEpisode(client, study)['StudyList'] = null;
}

function relink({ client, study }: Target, episodeId: string, how: string): Row | null {
  // The symptomatic work-up of an interval cancer is not always an event with a date, a follow-up never.
  if (study.study.episode.type === 'CI' || study.study.purpose === 'follow_up') return null;
  imagedbStudy(client, study)['EpisodeID'] = episodeId;
  forgetList(client, study);
  return row(how, imagedbPath(client), study);
}

/** The studies of a StudyList, array or text; null where there is no list. */
function listed(value: Json | undefined): string[] | null {
  if (Array.isArray(value)) return value.filter((uid) => typeof uid === 'string');
  return typeof value === 'string' ? value.split(',') : null;
}

function listStranger({ client, study, random }: Target): Row | null {
  const episode = nbssEpisode(client, study);
  const list = listed(episode['StudyList']);
  if (list === null) return null;
  const stranger = random.uid();
  episode['StudyList'] = [...list, stranger];
  return {
    ...row('StudyList names a study that imagedb lacks', nbssPath(client)),
    study_instance_uid: stranger,
  };
}

function omitFromList(target: Target): Row | null {
  const { client, study } = target;
  const episode = nbssEpisode(client, study);
  const list = listed(episode['StudyList']);
  if (list === null || list.length < 2) return null;
  episode['StudyList'] = list.filter((uid) => uid !== study.study.uid);
  return row('StudyList of the episode lacks a study that imagedb gives it', nbssPath(client), study);
}

function moveToOtherList({ client, study, others }: Target): Row | null {
  const from = nbssEpisode(client, study);
  const fromList = listed(from['StudyList']);
  const other = others.find((candidate) => candidate.study.episode !== study.study.episode);
  if (fromList === null || fromList.length < 2 || other === undefined) return null;
  const to = nbssEpisode(client, other);
  const toList = listed(to['StudyList']);
  if (toList === null) return null;
  from['StudyList'] = fromList.filter((uid) => uid !== study.study.uid);
  to['StudyList'] = [...toList, study.study.uid];
  return row('StudyList of another episode than imagedb gives holds the study', nbssPath(client), study);
}
