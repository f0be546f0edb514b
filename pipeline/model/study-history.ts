import type { Side } from '../nbss/blocks.js';
import { examPlaces, type ExamPlace } from '../semantics/exam/exam-order.js';
import { studyRole, type StudyRole } from '../semantics/exam/study-role.js';
import {
  breastAtStudy,
  breastHistory,
  daysToLastFollowUp,
  lastFollowUpDate,
  type BreastAtStudy,
  type BreastHistory,
} from '../semantics/time/breast-history.js';
import type { EpisodeHistory } from '../semantics/time/model.js';
import type { JoinedClient } from '../stages/join.js';
import type { StudyMeaning } from './study-meanings.js';

/** What a woman's episodes say of each breast over time. */
export interface WomanHistory {
  readonly breasts: Readonly<Record<Side, BreastHistory>>;
  /** Days since 1970-01-01. */
  readonly lastFollowUpDate: number | null;
}

/** What a study has to do with it. */
export interface StudyHistory {
  readonly role: StudyRole;
  readonly breasts: Readonly<Record<Side, BreastAtStudy>>;
  readonly daysToLastFollowUp: number | null;
  /** Among her exams. */
  readonly place: ExamPlace;
}

/** Something of each breast. */
export function bySide<T>(make: (side: Side) => T): Readonly<Record<Side, T>> {
  return { L: make('L'), R: make('R') };
}

/** @param episodes all of the woman's, in the order of the nbss file; none without one */
export function womanHistory(episodes: readonly EpisodeHistory[]): WomanHistory {
  return {
    breasts: bySide((side) => breastHistory(episodes, side)),
    lastFollowUpDate: lastFollowUpDate(episodes),
  };
}

const NO_PLACE: ExamPlace = { number: null, prior: null };

/** Of every study, by StudyInstanceUID. Exams are the studies that have an image. */
export function studyHistories(
  { studies }: JoinedClient,
  meanings: ReadonlyMap<string, StudyMeaning>,
  episodes: readonly EpisodeHistory[],
  woman: WomanHistory,
): ReadonlyMap<string, StudyHistory> {
  const roles = studies.map(({ uid, date }) =>
    studyRole(date, meanings.get(uid)?.events.distinct ?? [], episodes),
  );
  const exams = studies.flatMap(({ uid, date, images }, i) =>
    images.length === 0 ? [] : [{ studyInstanceUid: uid, role: roles[i]!, date }],
  );
  const places = examPlaces(exams);
  return new Map(
    studies.map(({ uid, date }, i) => [
      uid,
      {
        role: roles[i]!,
        breasts: bySide((side) => breastAtStudy(woman.breasts[side], date)),
        daysToLastFollowUp: daysToLastFollowUp(woman.lastFollowUpDate, date),
        place: places.get(uid) ?? NO_PLACE,
      },
    ]),
  );
}
