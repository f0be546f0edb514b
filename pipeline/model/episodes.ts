import type { Side } from '../nbss/blocks.js';
import type { NamedLesion, TypedEpisode } from '../nbss/typed-episode.js';
import type { LinkableEpisode } from '../omi-db/linking.js';
import { breastLabel } from '../semantics/breast-label.js';
import { breastLabels } from '../semantics/breast.js';
import {
  episodeStatus,
  hasBenignOpinions,
  hasMalignantOpinions,
  isIntervalCancer,
  isPostOp,
  isValid,
  sortDate,
} from '../semantics/episode.js';
import type { EpisodeFacts, LesionFacts } from '../semantics/facts.js';
import { lesionMeaning } from '../semantics/lesion.js';
import { tissueFindings } from '../semantics/mark/mark-lesions.js';
import { episodeOutcome, type Outcome, type OutcomeMonths } from '../semantics/outcome.js';
import { breastOutcome } from '../semantics/time/breast-outcome.js';
import { labelConflict } from '../semantics/time/label-conflict.js';
import type { EpisodeHistory } from '../semantics/time/model.js';
import { nextEpisode } from '../semantics/time/next-episode.js';
import { strictLabel } from '../semantics/time/strict-label.js';
import type {
  BreastInEpisode,
  EpisodeMeaning,
  EpisodeModel,
  LesionModel,
  LesionSides,
} from './client-model.js';
import { bySide } from './study-history.js';

/** What the linking of studies goes by: the dates of the events that the rules count. */
export function linkableEpisode({ episodeId, events }: EpisodeFacts): LinkableEpisode {
  const known = new Set<number>();
  for (const { dates } of events) for (const date of dates) known.add(date);
  return { episodeId, dates: known };
}

/**
 * A client's episodes with what they mean.
 * @param facts of the same episodes, in the same order
 */
export function interpretEpisodes(
  episodes: readonly TypedEpisode[],
  facts: readonly EpisodeHistory[],
  months: OutcomeMonths,
): EpisodeModel[] {
  return episodes.map((episode, i) => {
    const own = facts[i]!;
    const studyList = episode.record.fields.study_list;
    const meaning = episodeMeaning(own, facts, months);
    return {
      episodeId: episode.episodeId,
      record: episode.record,
      screenSides: episode.screenSides,
      procedures: episode.procedures,
      events: episode.events,
      facts: own,
      meaning,
      breasts: bySide((side) => breastInEpisode(own, meaning.outcome, facts, side)),
      lesions: episode.lesions.map((lesion, n) => lesionModel(lesion, own.lesions[n]!)),
      lesionSides: lesionSides(episode.lesions),
      studyList: studyList === null ? null : new Set(studyList),
    };
  });
}

function lesionModel(
  { side, lesionNumber, inLesionBlock, seenIn, record }: NamedLesion,
  facts: LesionFacts,
): LesionModel {
  const [meaning, tissue] = [lesionMeaning(facts), tissueFindings(facts)];
  return { side, lesionNumber, inLesionBlock, seenIn, record, meaning, tissue };
}

function episodeMeaning(
  episode: EpisodeFacts,
  episodes: readonly EpisodeFacts[],
  months: OutcomeMonths,
): EpisodeMeaning {
  return {
    sortDate: sortDate(episode),
    status: episodeStatus(episode),
    outcome: episodeOutcome(episode, episodes, months),
    next: nextEpisode(episode, episodes),
    isPostOp: isPostOp(episode, episodes),
    hasValidEvents: isValid(episode),
    hasMalignantOpinions: hasMalignantOpinions(episode),
    hasBenignOpinions: hasBenignOpinions(episode),
    isIntervalCancer: isIntervalCancer(episode),
  };
}

function breastInEpisode(
  episode: EpisodeHistory,
  outcome: Outcome,
  episodes: readonly EpisodeHistory[],
  side: Side,
): BreastInEpisode {
  const labels = breastLabels(episode, side);
  const label = breastLabel(episode, labels);
  return {
    labels,
    label,
    strict: strictLabel(episode, side),
    outcome: breastOutcome(outcome, episodes, side),
    conflict: labelConflict(label, episode, side),
  };
}

function lesionSides(lesions: readonly NamedLesion[]): LesionSides {
  const sides = new Map<number, Side[]>();
  for (const { side, lesionNumber } of lesions) {
    const known = sides.get(lesionNumber);
    if (known === undefined) sides.set(lesionNumber, [side]);
    else known.push(side);
  }
  return sides;
}
