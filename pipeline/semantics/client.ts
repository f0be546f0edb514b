import { hasBenignOpinions, hasMalignantOpinions, isIntervalCancer, isTypeCI, sortDate } from './episode.js';
import type { EpisodeFacts } from './facts.js';

/** Interval cancer, malignant, benign, normal. */
export type ClientStatus = 'CI' | 'M' | 'B' | 'N';

/**
 * CI if any episode is of type CI (an interval cancer or not); else M if any has malignant opinions; else B if any has
 * benign; else N, without episodes too (semantics page of OMI-DB, 'Episode').
 */
export function clientStatus(episodes: readonly EpisodeFacts[]): ClientStatus {
  if (episodes.some(isTypeCI)) return 'CI';
  if (episodes.some(hasMalignantOpinions)) return 'M';
  return episodes.some(hasBenignOpinions) ? 'B' : 'N';
}

export interface ClientSummary {
  readonly status: ClientStatus;
  /** Sort dates of the first and last episode, of those that have one; null where none has. */
  readonly firstEpisodeDate: number | null;
  readonly lastEpisodeDate: number | null;
  readonly malignantEpisodeCount: number;
  readonly benignEpisodeCount: number;
  readonly intervalCancerEpisodeCount: number;
}

/** What a client's episodes amount to. An episode with malignant and benign opinions counts in both. */
export function clientSummary(episodes: readonly EpisodeFacts[]): ClientSummary {
  const dates = episodes.map(sortDate).filter((date) => date !== null);
  return {
    status: clientStatus(episodes),
    firstEpisodeDate: dates.length === 0 ? null : dates.reduce((a, b) => Math.min(a, b)),
    lastEpisodeDate: dates.length === 0 ? null : dates.reduce((a, b) => Math.max(a, b)),
    malignantEpisodeCount: episodes.filter(hasMalignantOpinions).length,
    benignEpisodeCount: episodes.filter(hasBenignOpinions).length,
    intervalCancerEpisodeCount: episodes.filter(isIntervalCancer).length,
  };
}
