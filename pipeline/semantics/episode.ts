import { EVENT_KINDS, type EpisodeFacts, type EventKind, type SideOpinion } from './facts.js';

/** What one episode means by itself (semantics page of OMI-DB, 'Episode'). */

/** Interval cancer, malignant, benign, normal with assessment and biopsy, normal with assessment, normal. */
export type EpisodeStatus = 'CI' | 'M' | 'B' | 'NAB' | 'NA' | 'N';

/** The events whose opinions decide between malignant and benign: those with tissue or cells. */
export const TISSUE_EVENTS: readonly EventKind[] = ['surgery', 'biopsy_wide', 'biopsy_fine'];

/** Whether the episode has an event of one of these kinds. */
export function hasEvent({ events }: EpisodeFacts, ...kinds: readonly EventKind[]): boolean {
  return events.some(({ kind }) => kinds.includes(kind));
}

/** Whether NBSS types the episode as an interval case. */
export function isTypeCI({ type }: EpisodeFacts): boolean {
  return type === 'CI';
}

function hasTissueOpinion({ events }: EpisodeFacts, opinion: SideOpinion): boolean {
  return events.some(
    ({ kind, opinions }) =>
      TISSUE_EVENTS.includes(kind) && (opinions.L === opinion || opinions.R === opinion),
  );
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
  return isTypeCI(episode) && (hasMalignantOpinions(episode) || !hasEvent(episode, ...TISSUE_EVENTS));
}

/** No non-screening event without opinions on both sides; no events at all is valid here. */
export function isValid({ events }: EpisodeFacts): boolean {
  return events.every(
    ({ kind, opinions }) => kind === 'screening' || opinions.L !== null || opinions.R !== null,
  );
}

/** The status by the first rule that holds; null where the rules give none. */
export function episodeStatus(episode: EpisodeFacts): EpisodeStatus | null {
  if (isIntervalCancer(episode)) return 'CI';
  if (isTypeCI(episode)) return null;
  if (hasMalignantOpinions(episode)) return 'M';
  if (hasBenignOpinions(episode)) return 'B';
  if (episode.events.length === 0 || !isValid(episode) || hasEvent(episode, 'surgery')) return null;
  if (!hasEvent(episode, 'assessment')) return 'N';
  return hasEvent(episode, 'biopsy_wide', 'biopsy_fine') ? 'NAB' : 'NA';
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
  const dates = episode.events.flatMap((event) => event.dates);
  if (dates.length > 0) return dates.reduce((earliest, date) => Math.min(earliest, date));
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
  // Asked for once for each of the episodes.
  let order = orders.get(episodes);
  if (order === undefined) {
    order = sortByDate(episodes);
    orders.set(episodes, order);
  }
  return order;
}

const orders = new WeakMap<readonly EpisodeFacts[], readonly DatedEpisode[] | null>();

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
  const place = ordered.findIndex(({ episode: { episodeId } }) => episodeId === episode.episodeId);
  return ordered
    .slice(0, Math.max(place, 0))
    .some(({ episode: earlier }) => hasEvent(earlier, 'surgery') || isTypeCI(earlier));
}

/** The kinds of event that the episode has, each once, in the order of `EVENT_KINDS`. */
export function eventKinds(episode: EpisodeFacts): EventKind[] {
  return EVENT_KINDS.filter((kind) => hasEvent(episode, kind));
}
