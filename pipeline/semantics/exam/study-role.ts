import type { EpisodeFacts, EventKind } from '../facts.js';

export const STUDY_ROLES = ['post_treatment', 'screening', 'assessment', 'unknown'] as const;
export type StudyRole = (typeof STUDY_ROLES)[number];

/**
 * What a study was made for, the first that holds: after a surgery of hers that has an earlier date; the distinct event is
 * screening alone; all distinct events are of assessment, clinical examination or tissue; else unknown. This project's
 * own rule (views, breasts over time, exams).
 * @param studyDate days since 1970-01-01; null: no surgery is known to be before
 * @param distinct  the study's events in distinct mode (`studies.event_types`)
 * @param episodes  all of the woman's
 */
export function studyRole(
  studyDate: number | null,
  distinct: readonly EventKind[],
  episodes: readonly EpisodeFacts[],
): StudyRole {
  if (studyDate !== null && hadSurgeryBefore(studyDate, episodes)) return 'post_treatment';
  if (distinct.length === 0) return 'unknown';
  if (distinct.every((kind) => kind === 'screening')) return 'screening';
  return distinct.every((kind) => kind !== 'screening') ? 'assessment' : 'unknown';
}

function hadSurgeryBefore(studyDate: number, episodes: readonly EpisodeFacts[]): boolean {
  return episodes.some(({ events }) =>
    events.some(({ kind, dates }) => kind === 'surgery' && dates.some((date) => date < studyDate)),
  );
}
