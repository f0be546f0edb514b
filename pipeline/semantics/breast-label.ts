import { episodeStatus, isTypeCI } from './episode.js';
import type { BreastLabels } from './breast.js';
import type { EpisodeFacts } from './facts.js';

/** Malignant, benign, neither. */
export type BreastLabel = 'M' | 'B' | 'N';

/**
 * One label for a breast in an episode: M with a malignant opinion on tissue of this breast, B with a benign one. N where
 * the episode came to a conclusion (it has a status) without either on this breast. Null where it came to none, and for
 * an interval case, whose cancer may be in either breast when no tissue tells.
 */
export function breastLabel(episode: EpisodeFacts, breast: BreastLabels): BreastLabel | null {
  if (breast.hasMalignantOpinion) return 'M';
  if (breast.hasBenignOpinion) return 'B';
  return isTypeCI(episode) || episodeStatus(episode) === null ? null : 'N';
}
