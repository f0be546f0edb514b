import type { EventName } from '../../../schemas/tables/events.js';
import type { Side } from '../../nbss/blocks.js';
import { hasEvent, isTypeCI } from '../episode.js';
import { cancers, invasiveDate, type Cancer } from './cancer.js';
import { dateOnSide, earliest, isOnSide, latest } from './events-of-side.js';
import type { EventFacts, EventKind } from '../facts.js';
import type { EpisodeHistory } from './model.js';

/** One breast over all episodes of a woman. This project's own rules (views, breasts over time, exams). */

export type CancerMode = 'interval' | 'screen' | 'other';

export interface FirstCancer extends Cancer {
  readonly episodeId: string;
  readonly mode: CancerMode;
}

/** A procedure that was, or (null) may have been, on the breast. */
interface Procedure {
  readonly onSide: boolean | null;
  readonly date: number | null;
}

export interface BreastHistory {
  /** Null: no cancer of the breast is recorded. Its date is null where no recorded cancer of it has one. */
  readonly firstCancer: FirstCancer | null;
  /** Episodes that record a cancer of the breast but no date: an earlier one may be among them. */
  readonly undatedCancerEpisodes: readonly string[];
  readonly firstInvasiveDate: number | null;
  readonly firstSurgeryDate: number | null;
  /** Wide or fine. */
  readonly firstBiopsyDate: number | null;
  readonly surgeries: readonly Procedure[];
  readonly biopsies: readonly Procedure[];
}

/** F first call, R routine recall, N non-routine recall (list EPC). */
const SCREENING_TYPES: readonly (string | null)[] = ['F', 'R', 'N'];

/** How a cancer came to light, by its episode: between screens, at a screen, otherwise. */
function cancerMode(episode: EpisodeHistory): CancerMode {
  if (isTypeCI(episode)) return 'interval';
  return SCREENING_TYPES.includes(episode.type) && hasEvent(episode, 'screening') ? 'screen' : 'other';
}

/** The earliest cancer; of one day the first in the order given. Those without a date count where none has one. */
function firstOf(found: readonly FirstCancer[]): FirstCancer | null {
  const date = earliest(found.map((cancer) => cancer.date));
  return found.find((cancer) => cancer.date === date) ?? null;
}

const SURGERY: readonly EventKind[] = ['surgery'];
const BIOPSIES: readonly EventKind[] = ['biopsy_wide', 'biopsy_fine'];

function proceduresOn(
  episodes: readonly EpisodeHistory[],
  side: Side,
  kinds: readonly EventKind[],
): Procedure[] {
  const found: Procedure[] = [];
  for (const episode of episodes) {
    for (const event of episode.events) {
      if (!kinds.includes(event.kind)) continue;
      const onSide = isOnSide(episode, event, side);
      if (onSide === false) continue;
      const dates = episode.procedures.filter((item) => item.event === event.kind && item.side === side);
      // Each lesion's own day: an operation a year later is one after the study, too.
      for (const { date } of dates) if (date !== null) found.push({ onSide, date });
      if (dates.every(({ date }) => date === null))
        found.push({ onSide, date: dateOnSide(episode, event, side) });
    }
  }
  return found;
}

const firstDate = (procedures: readonly Procedure[]): number | null =>
  earliest(procedures.filter(({ onSide }) => onSide === true).map(({ date }) => date));

/**
 * What became of a breast over all episodes.
 * @param episodes all of the woman's, in the order of the nbss file
 */
export function breastHistory(episodes: readonly EpisodeHistory[], side: Side): BreastHistory {
  const found: FirstCancer[] = [];
  for (const episode of episodes)
    for (const { source, date, from } of cancers(episode, side))
      found.push({ source, date, from, episodeId: episode.episodeId, mode: cancerMode(episode) });
  const undated = found.filter(({ date }) => date === null).map(({ episodeId }) => episodeId);
  const surgeries = proceduresOn(episodes, side, SURGERY);
  const biopsies = proceduresOn(episodes, side, BIOPSIES);
  return {
    firstCancer: firstOf(found),
    undatedCancerEpisodes: [...new Set(undated)],
    firstInvasiveDate: earliest(episodes.map((episode) => invasiveDate(episode, side))),
    firstSurgeryDate: firstDate(surgeries),
    firstBiopsyDate: firstDate(biopsies),
    surgeries,
    biopsies,
  };
}

/** The last day on which a woman is known to have been screened or assessed; null where there is none. */
export function lastFollowUpDate(episodes: readonly EpisodeHistory[]): number | null {
  let last: number | null = null;
  const look = ({ kind, dates }: EventFacts<EventName>): void => {
    if (kind !== 'screening' && kind !== 'assessment') return;
    for (const date of dates) if (last === null || date > last) last = date;
  };
  for (const { events, otherEvents } of episodes) {
    events.forEach(look);
    otherEvents.forEach(look);
  }
  return last;
}

/**
 * Whether any of the procedures was on the breast before the day; null where one of them has no date, or one before it
 * does not tell its breast.
 */
function wasBefore(procedures: readonly Procedure[], day: number): boolean | null {
  if (procedures.length === 0) return false;
  const before = procedures.filter(({ date }) => date === null || date < day);
  if (before.some(({ onSide, date }) => onSide === true && date !== null)) return true;
  return before.length > 0 ? null : false;
}

/** What an image shows of the history of its breast. */
export interface BreastAtStudy {
  /** Days from the study to the first cancer; below 0 after it; null where no cancer with a date is recorded. */
  readonly daysToCancer: number | null;
  readonly isPostOp: boolean | null;
  /** Since the last operation before the study. */
  readonly daysSinceSurgery: number | null;
  readonly isPostBiopsy: boolean | null;
}

const UNDATED: BreastAtStudy = {
  daysToCancer: null,
  isPostOp: null,
  daysSinceSurgery: null,
  isPostBiopsy: null,
};

/** @param studyDate days since 1970-01-01; without it nothing can be told */
export function breastAtStudy(history: BreastHistory, studyDate: number | null): BreastAtStudy {
  if (studyDate === null) return UNDATED;
  const cancerDate = history.firstCancer?.date ?? null;
  const isPostOp = wasBefore(history.surgeries, studyDate);
  const before = history.surgeries.filter(
    ({ onSide, date }) => onSide === true && (date ?? studyDate) < studyDate,
  );
  const last = latest(before.map(({ date }) => date));
  // A surgery without a date may be the last one.
  const isSure = history.surgeries.every(({ date }) => date !== null);
  return {
    daysToCancer: cancerDate === null ? null : cancerDate - studyDate,
    isPostOp,
    daysSinceSurgery: last === null || !isSure ? null : studyDate - last,
    isPostBiopsy: wasBefore(history.biopsies, studyDate),
  };
}

/** Days from a study to her last screening or assessment; below 0 where that was before; null where a date is missing. */
export function daysToLastFollowUp(followUp: number | null, studyDate: number | null): number | null {
  return followUp === null || studyDate === null ? null : followUp - studyDate;
}
