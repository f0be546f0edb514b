import type { EpisodeModel, StudyModel } from '../../model/client-model.js';
import type { ReconcileContext } from './context.js';

/** How a study was linked to an episode, and whether NBSS and imagedb agree about it. */
export function checkStudyLinks(study: StudyModel, context: ReconcileContext): void {
  const { listed, date, rawDate, link } = study;
  if (listed === null) return;
  const path = context.imagedbPath;
  if (rawDate === null) {
    const detail = 'imagedb gives the study no StudyDate; without one it is not linked to an episode.';
    context.ofStudy('study_date_missing', study, { path, detail });
  }
  // Without nbss nothing can be linked, without a date nothing is: both were reported.
  if (date === null || context.client.nbss === null) return;
  if (link.how === 'unresolved') {
    const detail =
      'imagedb names no episode that nbss has, and no event of any episode is on the date of the study.';
    context.ofStudy('study_episode_unresolved', study, { path, detail, found: study.episodeId });
    return;
  }
  if (link.how === 'date') {
    const detail =
      'imagedb names no episode that nbss has: the episode is the first with an event on the date of the study.';
    context.ofStudy('study_episode_relinked', study, {
      path,
      detail,
      expected: study.episodeId,
      found: link.episodeId,
    });
  }
  checkListedElsewhere(study, link.episodeId, context);
}

/** A study of one episode must be in the StudyList of that episode, where it has one, and in no other. */
function checkListedElsewhere(study: StudyModel, episodeId: string, context: ReconcileContext): void {
  const { episodes } = context.client;
  const naming = episodes
    .filter(({ studyList }) => studyList?.has(study.uid) === true)
    .map((episode) => episode.episodeId);
  const ownList = episodes.find((episode) => episode.episodeId === episodeId)?.studyList ?? null;
  const agrees = naming.length === 0 ? ownList === null : naming.every((name) => name === episodeId);
  if (agrees) return;
  const detail =
    naming.length === 0
      ? 'The StudyList of the episode that imagedb gives the study does not name it.'
      : 'The StudyList of another episode than the one that imagedb gives names the study.';
  const found = naming.length === 0 ? null : naming.join(',');
  context.ofStudy('study_list_conflict', study, {
    path: context.nbssPath,
    detail,
    expected: episodeId,
    found,
  });
}

/** Episodes that nothing belongs to, and studies that only a StudyList knows. */
export function checkEpisodes(context: ReconcileContext): void {
  const { imagedb, episodes, studies } = context.client;
  if (imagedb === null) return;
  const linked = new Set(studies.map(({ link }) => link.episodeId));
  const known = new Set(studies.map(({ uid }) => uid));
  for (const episode of episodes) {
    const { episodeId } = episode;
    const unknown = [...(episode.studyList ?? [])].filter((uid) => !known.has(uid));
    for (const uid of unknown) {
      const detail = `The StudyList of episode ${episodeId} names a study that imagedb does not list.`;
      context.ofUnlistedStudy(uid, { path: context.nbssPath, detail, expected: uid });
    }
    if (linked.has(episodeId) || unknown.length > 0 || isExplained(episode, studies)) continue;
    const detail = `No study belongs to episode ${episodeId}.`;
    context.ofClient('episode_without_study', { path: context.nbssPath, detail, found: episodeId });
  }
}

/**
 * True when the episode may be that of a study that could not be linked, which was reported: the study names the episode,
 * or the episode's StudyList names the study, or there is no StudyList that would say otherwise.
 */
function isExplained({ episodeId, studyList }: EpisodeModel, studies: readonly StudyModel[]): boolean {
  return studies.some(
    ({ uid, link, episodeId: stated }) =>
      link.how === 'unresolved' && (stated === episodeId || (studyList?.has(uid) ?? true)),
  );
}
