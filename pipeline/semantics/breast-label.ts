import { episodeStatus, hasMalignantOpinions, isTypeCI } from './episode.js';
import type { BreastLabels } from './breast.js';
import type { EpisodeFacts } from './facts.js';

/** Malignant, benign, neither. */
export type BreastLabel = 'M' | 'B' | 'N';

/**
 * One label for a breast in an episode: M with a malignant opinion on tissue of this breast, B with a benign one. N where
 * the episode came to a conclusion (it has a status) without either on this breast. Null where it came to none, and for
 * an interval case without malignant tissue, whose cancer may be in either breast.
 */
export function breastLabel(episode: EpisodeFacts, breast: BreastLabels): BreastLabel | null {
  if (breast.hasMalignantOpinion) return 'M';
  if (breast.hasBenignOpinion) return 'B';
  // An interval cancer that tissue of the other breast showed is not in this one.
  const mayBeHere = isTypeCI(episode) && !hasMalignantOpinions(episode);
  return mayBeHere || episodeStatus(episode) === null ? null : 'N';
}
