import { compareText } from '../../base/text.js';
import type { StudyRole } from './study-role.js';

export interface DatedExam {
  readonly studyInstanceUid: string;
  readonly role: StudyRole;
  /** Days since 1970-01-01. */
  readonly date: number | null;
}

export interface PriorExam {
  readonly studyInstanceUid: string;
  readonly days: number;
}

export interface ExamPlace {
  /** 1 and the number of screening exams with an earlier date; null for other roles and without a date. */
  readonly number: number | null;
  /** The last screening exam with an earlier date, for an exam of any role; of one day the first by UID. */
  readonly prior: PriorExam | null;
}

/**
 * The place of each exam among a woman's screening exams, by StudyInstanceUID. Exams of one day are not before each other
 * and have one number. This project's own rule (views, breasts over time, exams).
 * @param exams all of the woman's, in any order
 */
export function examPlaces(exams: readonly DatedExam[]): ReadonlyMap<string, ExamPlace> {
  const screens = exams
    .flatMap(({ studyInstanceUid: uid, role, date }) =>
      role === 'screening' && date !== null ? [{ uid, date }] : [],
    )
    .sort((a, b) => a.date - b.date || compareText(b.uid, a.uid));
  return new Map(
    exams.map(({ studyInstanceUid, role, date }) => {
      if (date === null) return [studyInstanceUid, { number: null, prior: null }];
      const before = screens.filter((screen) => screen.date < date);
      const last = before.at(-1);
      return [
        studyInstanceUid,
        {
          number: role === 'screening' ? before.length + 1 : null,
          prior: last === undefined ? null : { studyInstanceUid: last.uid, days: date - last.date },
        },
      ];
    }),
  );
}
