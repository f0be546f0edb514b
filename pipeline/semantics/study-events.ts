import { eventKinds } from './episode.js';
import type { EpisodeFacts, EventKind } from './facts.js';

/** Which events of its episode a study shows (semantics page of OMI-DB, 'Study to events'). */

/** A study that is linked to the episode and that the reference considers, see `isConsidered`. */
export interface EpisodeStudy {
  readonly studyInstanceUid: string;
  /** Days since 1970-01-01. */
  readonly date: number;
}

export interface StudyEvents {
  /** Distinct mode, the reference's default: one kind of event, or none where the link is not distinct. */
  readonly distinct: readonly EventKind[];
  /** Link-all mode. Two screens on the study's date stand here twice. */
  readonly all: readonly EventKind[];
  /** How `all` was found: events on the study's date; every kind that the episode has; none. */
  readonly how: 'date' | 'episode' | 'none';
}

/** Whether the reference looks at a study: imagedb lists it and it has a folder under data/. */
export function isConsidered(study: { readonly inImagedb: boolean; readonly inData: boolean }): boolean {
  return study.inImagedb && study.inData;
}

function allEvents(study: EpisodeStudy, episode: EpisodeFacts): Pick<StudyEvents, 'all' | 'how'> {
  const onDate = episode.events.filter(({ dates }) => dates.includes(study.date)).map(({ kind }) => kind);
  if (onDate.length > 0) return { all: onDate, how: 'date' };
  const all = eventKinds(episode);
  return { all, how: all.length > 0 ? 'episode' : 'none' };
}

/** The dates of all events of a kind: those of several screens are pooled. */
function datesOfKind({ events }: EpisodeFacts, kind: EventKind): ReadonlySet<number> {
  return new Set(events.filter((event) => event.kind === kind).flatMap(({ dates }) => dates));
}

interface Link {
  readonly study: EpisodeStudy;
  kind: EventKind | null;
}

/** Drops links that are not distinct for one pair of studies; what is dropped stays so for the pairs after. */
function dropIndistinct(first: Link, second: Link, episode: EpisodeFacts): void {
  if (first.study.date === second.study.date) {
    first.kind = null;
    second.kind = null;
    return;
  }
  if (first.kind === null || first.kind !== second.kind) return;
  const dates = datesOfKind(episode, first.kind);
  if (!dates.has(first.study.date)) first.kind = null;
  if (!dates.has(second.study.date)) second.kind = null;
}

/**
 * The events of every study of an episode, in both modes.
 * @param studies every considered study that is linked to the episode, in the order of the imagedb file, on which the
 *   distinct mode depends: pairs are compared one after the other. A study that is not considered goes in a call of
 *   its own, else it would take events from those that are.
 * @returns in the order of `studies`
 */
export function studyEvents(studies: readonly EpisodeStudy[], episode: EpisodeFacts): StudyEvents[] {
  const found = studies.map((study) => allEvents(study, episode));
  const links = studies.map((study, i): Link => {
    const { all } = found[i]!;
    return { study, kind: all.length === 1 ? all[0]! : null };
  });
  links.forEach((first, i) => {
    for (const second of links.slice(i + 1)) dropIndistinct(first, second, episode);
  });
  return found.map((item, i) => {
    const { kind } = links[i]!;
    return { distinct: kind === null ? [] : [kind], all: item.all, how: item.how };
  });
}
