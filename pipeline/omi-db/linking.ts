/**
 * Which NBSS episode a study belongs to: the rule of the reference package `omidb` 0.13 (semantics page of OMI-DB,
 * 'Study to episode').
 */

export interface LinkableEpisode {
  readonly episodeId: string;
  /** Distinct dates of its events, in days since 1970-01-01. */
  readonly dates: ReadonlySet<number>;
}

export interface LinkableStudy {
  /** In days since 1970-01-01; null without a usable StudyDate. */
  readonly date: number | null;
  /** As imagedb names it; null when missing or empty. */
  readonly episodeId: string | null;
}

export type StudyLink =
  | { readonly how: 'imagedb' | 'date'; readonly episodeId: string }
  | { readonly how: 'unresolved'; readonly episodeId: null };

/**
 * Links a study.
 * 1. With a date, and an episode that is missing or not in nbss: the first episode one of whose events has that date.
 * 2. Without an episode after that, or without a date: unresolved.
 * @param episodes in the order of the nbss file, on which rule 1 depends
 */
export function linkStudy(study: LinkableStudy, episodes: readonly LinkableEpisode[]): StudyLink {
  const { date, episodeId } = study;
  if (date === null) return UNRESOLVED;
  if (episodeId !== null && episodes.some((episode) => episode.episodeId === episodeId)) {
    return { how: 'imagedb', episodeId };
  }
  const byDate = episodes.find((episode) => episode.dates.has(date));
  return byDate === undefined ? UNRESOLVED : { how: 'date', episodeId: byDate.episodeId };
}

const UNRESOLVED: StudyLink = { how: 'unresolved', episodeId: null };
