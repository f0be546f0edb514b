import { inSortDateOrder } from '../episode.js';
import type { EpisodeFacts } from '../facts.js';

export interface NextEpisode {
  readonly episodeId: string;
  /** Months of 365/12 days, as the rules of outcome count them: days between the sort dates x 12 / 365, not rounded. */
  readonly months: number;
}

/**
 * The episode after one in sort-date order, ties in the order of the file; null for the last, and where an episode of
 * the woman has no sort date: then no order is known (semantics page of OMI-DB, 'Outcome', step 2).
 */
export function nextEpisode(episode: EpisodeFacts, episodes: readonly EpisodeFacts[]): NextEpisode | null {
  const ordered = inSortDateOrder(episodes);
  if (ordered === null) return null;
  const place = ordered.findIndex((item) => item.episode.episodeId === episode.episodeId);
  const [current, next] = [ordered[place], ordered[place + 1]];
  if (current === undefined || next === undefined) return null;
  return { episodeId: next.episode.episodeId, months: ((next.date - current.date) * 12) / 365 };
}
