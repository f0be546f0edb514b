import type { EventName } from '../../../schemas/tables/events.js';
import type { Side } from '../../nbss/blocks.js';
import { episodeStatus, hasMalignantOpinions, isTypeCI } from '../episode.js';
import type { EventFacts, SideOpinion } from '../facts.js';
import { cancers, findingsSayCancer, sidesOfIntervalCancer, type CancerSource } from './cancer.js';
import { dateOnSide, isOnSide, isTissueEvent, TISSUE_IN_ORDER, type TissueEvent } from './events-of-side.js';
import { isDoubtfulOpinion, isMalignantOpinion } from './lesion-opinions.js';
import type { EpisodeHistory } from './model.js';

/** A label of a breast in an episode that takes nothing for granted. This project's own rule (views, breasts over time, exams). */

/** Malignant, unresolved, benign, neither. */
export type StrictLabel = 'M' | 'U' | 'B' | 'N';
export type LabelBasis = CancerSource | 'assessment' | 'screen';

export interface StrictBreastLabel {
  /** Null where the episode has no status and nothing is unresolved. */
  readonly label: StrictLabel | null;
  /** What the label rests on; null where it is the lack of any opinion or conclusion. */
  readonly basis: LabelBasis | null;
}

const IN_DOUBT: readonly (SideOpinion | null)[] = ['OM', 'OS', 'OU'];

type TissueOfSide = EventFacts<TissueEvent>;

/** Events of tissue on a side, in order of date; of one day, or without one, as they are commonly done. */
function tissueOf(episode: EpisodeHistory, side: Side): TissueOfSide[] {
  const found = episode.events.filter(
    (event): event is TissueOfSide => isTissueEvent(event.kind) && isOnSide(episode, event, side) === true,
  );
  if (found.length === 0) return found;
  const inOrder = found.sort((a, b) => TISSUE_IN_ORDER.indexOf(a.kind) - TISSUE_IN_ORDER.indexOf(b.kind));
  const dates = new Map(inOrder.map((event) => [event, dateOnSide(episode, event, side)]));
  if ([...dates.values()].includes(null)) return inOrder;
  return inOrder.sort((a, b) => dates.get(a)! - dates.get(b)!);
}

/** Whether the last tissue of a side is suspicious or uncertain: by its opinion, else by those on its lesions. */
function endsInDoubt(episode: EpisodeHistory, side: Side, tissue: readonly TissueOfSide[]): boolean {
  const last = tissue.at(-1);
  if (last === undefined) return false;
  const opinion = last.opinions[side];
  if (opinion !== null) return opinion === 'OS' || opinion === 'OU';
  return episode.procedures.some(
    (item) => item.event === last.kind && item.side === side && isDoubtfulOpinion(item.opinion),
  );
}

/** Whether the pathology of a side speaks of cancer, whatever is a source of one. */
function pathologySaysCancer(episode: EpisodeHistory, side: Side): boolean {
  const bySaying = episode.procedures.some(
    (item) => item.side === side && isTissueEvent(item.event) && isMalignantOpinion(item.opinion),
  );
  return bySaying || findingsSayCancer(episode, side);
}

/** Whether an interval cancer may be in this breast, though no source says that it is. */
function mayHoldIntervalCancer(episode: EpisodeHistory, side: Side): boolean {
  if (!isTypeCI(episode)) return false;
  const named = sidesOfIntervalCancer(episode);
  return named.includes(side) || (named.length === 0 && !hasMalignantOpinions(episode));
}

/** A screen or an assessment in doubt that no tissue of the breast followed. */
function doubtWithoutTissue(episode: EpisodeHistory, side: Side): 'assessment' | 'screen' | null {
  const { events, otherEvents } = episode;
  const inDoubt = (kind: EventName): boolean => {
    const isInDoubt = (event: EventFacts<EventName>): boolean =>
      event.kind === kind && IN_DOUBT.includes(event.opinions[side]);
    return events.some(isInDoubt) || otherEvents.some(isInDoubt);
  };
  if (inDoubt('assessment')) return 'assessment';
  return inDoubt('screening') ? 'screen' : null;
}

const isWithoutOpinion = ({ opinions }: EventFacts<EventName>): boolean =>
  opinions.L === null && opinions.R === null;

const hasNoOpinion = ({ events, otherEvents }: EpisodeHistory): boolean =>
  events.every(isWithoutOpinion) && otherEvents.every(isWithoutOpinion);

/** Why a breast without a recorded cancer is unresolved; undefined where it is not. */
function unresolvedBy(
  episode: EpisodeHistory,
  side: Side,
  tissue: readonly TissueOfSide[],
): LabelBasis | null | undefined {
  if (endsInDoubt(episode, side, tissue)) return 'tissue';
  if (pathologySaysCancer(episode, side)) return 'lesion';
  if (mayHoldIntervalCancer(episode, side)) return 'interval_record';
  const doubt = tissue.length === 0 ? doubtWithoutTissue(episode, side) : null;
  if (doubt !== null) return doubt;
  const isOpen = episode.isClosed === false && episodeStatus(episode) === null;
  return hasNoOpinion(episode) || isOpen ? null : undefined;
}

/** What a label of no finding rests on: the strongest look that was taken at the breast or the woman. */
function normalBasis(episode: EpisodeHistory, tissue: readonly TissueOfSide[]): LabelBasis | null {
  if (tissue.length > 0) return 'tissue';
  if (episode.events.some(({ kind }) => kind === 'assessment')) return 'assessment';
  return episode.events.some(({ kind }) => kind === 'screening') ? 'screen' : null;
}

/**
 * The strict label of a breast in an episode.
 * - M: any source of a cancer (see `cancers`).
 * - U: a source of M that OB in tissue of this breast contradicts; the last tissue opinion OS or OU; a screen or
 *   assessment with OM, OS or OU and no tissue of this breast; no opinion on either breast; an open episode without a
 *   status; pathology or an interval cancer's record that may mean this breast and is no source of M.
 * - B: OB in tissue, and none of these. N: the rest with a status. Null: the rest without.
 */
export function strictLabel(episode: EpisodeHistory, side: Side): StrictBreastLabel {
  const tissue = tissueOf(episode, side);
  const [cancer] = cancers(episode, side);
  const isBenign = tissue.some(({ opinions }) => opinions[side] === 'OB');
  if (cancer !== undefined) {
    return isBenign ? { label: 'U', basis: 'tissue' } : { label: 'M', basis: cancer.source };
  }
  const unresolved = unresolvedBy(episode, side, tissue);
  if (unresolved !== undefined) return { label: 'U', basis: unresolved };
  if (isBenign) return { label: 'B', basis: 'tissue' };
  if (episodeStatus(episode) === null) return { label: null, basis: null };
  return { label: 'N', basis: normalBasis(episode, tissue) };
}
