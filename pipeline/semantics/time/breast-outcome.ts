import type { Side } from '../../nbss/blocks.js';
import type { Outcome, OutcomeCode } from '../outcome.js';
import { cancers } from './cancer.js';
import type { EpisodeHistory } from './model.js';

/** `contralateral_prior`: a cancer came later, in the other breast. */
export type BreastOutcome = OutcomeCode | 'contralateral_prior';

/**
 * What an episode turned out to be for one breast: as the outcome of the episode, but the prior of a later cancer only
 * where that cancer is in this breast. Null where its breast is not known, and where the episode has no outcome. This
 * project's own rule (views, breasts over time, exams).
 * @param episodes all of the woman's, with the one that the outcome rests on
 */
export function breastOutcome(
  { outcome, laterEpisodeId }: Pick<Outcome, 'outcome' | 'laterEpisodeId'>,
  episodes: readonly EpisodeHistory[],
  side: Side,
): BreastOutcome | null {
  if (outcome !== 'CIP' && outcome !== 'MP') return outcome;
  const later = episodes.find(({ episodeId }) => episodeId === laterEpisodeId);
  if (later === undefined) return null;
  if (cancers(later, side).length > 0) return outcome;
  return cancers(later, side === 'L' ? 'R' : 'L').length > 0 ? 'contralateral_prior' : null;
}
