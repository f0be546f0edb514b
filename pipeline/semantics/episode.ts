import { EVENT_KINDS, type EpisodeFacts, type EventKind, type SideOpinion } from './facts.js';

/** What one episode means by itself (semantics page of OMI-DB, 'Episode'). */

/** Interval cancer, malignant, benign, normal with assessment and biopsy, normal with assessment, normal. */
export type EpisodeStatus = 'CI' | 'M' | 'B' | 'NAB' | 'NA' | 'N';

/** The events whose opinions decide between malignant and benign: those with tissue or cells. */
export const TISSUE_EVENTS: readonly EventKind[] = ['surgery', 'biopsy_wide', 'biopsy_fine'];

/** Whether the episode has an event of a kind. */
export function hasEvent({ events }: EpisodeFacts, wanted: EventKind): boolean {
  for (const { kind } of events) if (kind === wanted) return true;
  return false;
}

/** Whether it has one with tissue or cells. */
function hasTissueEvent({ events }: EpisodeFacts): boolean {
  return events.some(({ kind }) => TISSUE_EVENTS.includes(kind));
}

/** Whether NBSS types the episode as an interval case. */
export function isTypeCI({ type }: EpisodeFacts): boolean {
  return type === 'CI';
}

function hasTissueOpinion({ events }: EpisodeFacts, opinion: SideOpinion): boolean {
  for (const { kind, opinions } of events)
    if ((opinions.L === opinion || opinions.R === opinion) && TISSUE_EVENTS.includes(kind)) return true;
  return false;
}

/** Surgery, wide or fine biopsy with OM on either side. */
export function hasMalignantOpinions(episode: EpisodeFacts): boolean {
  return hasTissueOpinion(episode, 'OM');
}

/** Surgery, wide or fine biopsy with OB on either side. */
export function hasBenignOpinions(episode: EpisodeFacts): boolean {
  return hasTissueOpinion(episode, 'OB');
}

/** Type CI and (malignant opinions, or none of surgery, wide and fine biopsy present). */
export function isIntervalCancer(episode: EpisodeFacts): boolean {
  return isTypeCI(episode) && (hasMalignantOpinions(episode) || !hasTissueEvent(episode));
}

/** No non-screening event without opinions on both sides; no events at all is valid here. */
export function isValid({ events }: EpisodeFacts): boolean {
  for (const { kind, opinions } of events)
    if (kind !== 'screening' && opinions.L === null && opinions.R === null) return false;
  return true;
}

/** The status by the first rule that holds; null where the rules give none. */
export function episodeStatus(episode: EpisodeFacts): EpisodeStatus | null {
  if (isIntervalCancer(episode)) return 'CI';
  if (isTypeCI(episode)) return null;
  if (hasMalignantOpinions(episode)) return 'M';
  if (hasBenignOpinions(episode)) return 'B';
  if (episode.events.length === 0 || !isValid(episode) || hasEvent(episode, 'surgery')) return null;
  if (!hasEvent(episode, 'assessment')) return 'N';
  return hasEvent(episode, 'biopsy_wide') || hasEvent(episode, 'biopsy_fine') ? 'NAB' : 'NA';
}

/** Interval cancer (by type or status) or malignant: what may not follow a normal or benign episode. */
export function isCancer(episode: EpisodeFacts): boolean {
  return isTypeCI(episode) || episodeStatus(episode) === 'M';
}

/**
 * The earliest event date; without any, IntervalCancerDateOfDiagnosis for type CI and EpisodeOpenedDate otherwise;
 * without that, null. In days since 1970-01-01.
 */
export function sortDate(episode: EpisodeFacts): number | null {
  let earliest: number | null = null;
  for (const { dates } of episode.events)
    for (const date of dates) if (earliest === null || date < earliest) earliest = date;
  if (earliest !== null) return earliest;
  return isTypeCI(episode) ? episode.diagnosisDate : episode.openedDate;
}

export interface DatedEpisode {
  readonly episode: EpisodeFacts;
  readonly date: number;
}

/**
 * A client's episodes in sort-date order, ties in file order; null if any has no sort date.
 * @param episodes in the order of the nbss file
 */
export function inSortDateOrder(episodes: readonly EpisodeFacts[]): readonly DatedEpisode[] | null {
  if (lastOrder.of !== episodes) lastOrder = { of: episodes, order: sortByDate(episodes) };
  return lastOrder.order;
}

interface Order {
  readonly of: readonly EpisodeFacts[];
  readonly order: readonly DatedEpisode[] | null;
}

/** It is asked for several times for each of a woman's episodes, woman after woman. */
let lastOrder: Order = { of: [], order: [] };

function sortByDate(episodes: readonly EpisodeFacts[]): readonly DatedEpisode[] | null {
  const dated: DatedEpisode[] = [];
  for (const episode of episodes) {
    const date = sortDate(episode);
    if (date === null) return null;
    dated.push({ episode, date });
  }
  return dated.sort((a, b) => a.date - b.date);
}

/**
 * Whether some episode earlier in sort-date order has surgery or is of type CI; null (undefined) if any episode of the
 * client has no sort date.
 * @param episodes all of the client's, in the order of the nbss file; `episode` is one of them
 */
export function isPostOp(episode: EpisodeFacts, episodes: readonly EpisodeFacts[]): boolean | null {
  const ordered = inSortDateOrder(episodes);
  if (ordered === null) return null;
  for (const { episode: earlier } of ordered) {
    if (earlier.episodeId === episode.episodeId) return false;
    if (hasEvent(earlier, 'surgery') || isTypeCI(earlier)) return true;
  }
  return false;
}

/** The kinds of event that the episode has, each once, in the order of `EVENT_KINDS`. */
export function eventKinds(episode: EpisodeFacts): EventKind[] {
  return EVENT_KINDS.filter((kind) => hasEvent(episode, kind));
}
