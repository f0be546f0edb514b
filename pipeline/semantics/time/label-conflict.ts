import type { Side } from '../../nbss/blocks.js';
import type { BreastLabel } from '../breast-label.js';
import { cancers, findingsSayCancer } from './cancer.js';
import { isTissueEvent } from './events-of-side.js';
import { isBenignOpinion } from './lesion-opinions.js';
import type { EpisodeHistory } from './model.js';

/** What opinions and pathology say of a breast, where they disagree. */
export interface LabelConflict {
  readonly label: BreastLabel;
  readonly pathology: 'cancer' | 'benign';
}

function pathologyIsBenign(episode: EpisodeHistory, side: Side): boolean {
  const opinions = episode.procedures
    .filter((item) => item.side === side && isTissueEvent(item.event) && item.opinion !== null)
    .map(({ opinion }) => opinion);
  return opinions.length > 0 && opinions.every(isBenignOpinion);
}

/**
 * Whether a breast's label by opinions and its pathology in the same episode disagree: benign or neither where a lesion
 * has cancer, malignant where every lesion with an opinion is benign or normal. Null where they agree, or nothing is known.
 * @param label `breast_label`
 */
export function labelConflict(
  label: BreastLabel | null,
  episode: EpisodeHistory,
  side: Side,
): LabelConflict | null {
  if (label === null) return null;
  const saysCancer =
    findingsSayCancer(episode, side) || cancers(episode, side).some(({ source }) => source === 'lesion');
  if (label !== 'M') return saysCancer ? { label, pathology: 'cancer' } : null;
  return !saysCancer && pathologyIsBenign(episode, side) ? { label, pathology: 'benign' } : null;
}
