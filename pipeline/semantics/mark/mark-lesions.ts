import type { Side } from '../../nbss/blocks.js';
import { lesionMeaning } from '../lesion.js';
import type { LesionFacts, SideOpinion } from '../facts.js';
import { isLcisAlone, malignantFinding } from '../time/cancer.js';
import { isTissueEvent, TISSUE_IN_ORDER, type TissueEvent } from '../time/events-of-side.js';
import { isBenignOpinion, isMalignantOpinion } from '../time/lesion-opinions.js';
import type { EpisodeHistory, ProcedureFacts } from '../time/model.js';

/** What the lesions that a mark names say of it. This project's own rules (views, breasts over time, exams). */

/** Whether a lesion was looked at under a microscope: surgery, wide or fine biopsy. */
export function hasTissue({ seenIn }: Pick<LesionFacts, 'seenIn'>): boolean {
  return seenIn.some(isTissueEvent);
}

/** Invasive and in situ as the reference judges them; null where there was neither biopsy nor surgery to tell. */
export function tissueFindings(lesion: LesionFacts): {
  readonly isInvasive: boolean | null;
  readonly isInSitu: boolean | null;
} {
  if (!hasTissue(lesion)) return { isInvasive: null, isInSitu: null };
  const { invasive, inSitu } = lesionMeaning(lesion);
  return { isInvasive: invasive, isInSitu: inSitu };
}

type InTissue = ProcedureFacts & { readonly event: TissueEvent };

function opinionOnSide(episode: EpisodeHistory, { event, side }: InTissue): SideOpinion | null {
  return episode.events.find(({ kind }) => kind === event)?.opinions[side] ?? null;
}

/** OM on the breast, in an event that has no other lesion of it. */
function isMalignantAlone(episode: EpisodeHistory, item: InTissue): boolean {
  const isOther = ({ event, side, lesionNumber }: ProcedureFacts): boolean =>
    event === item.event && side === item.side && lesionNumber !== item.lesionNumber;
  return opinionOnSide(episode, item) === 'OM' && !episode.procedures.some(isOther);
}

/** Whether tissue of a lesion says that it is none: by the opinion on it, else by that on its breast. */
function isBenignTissue(episode: EpisodeHistory, item: InTissue): boolean {
  if (item.opinion !== null) return isBenignOpinion(item.opinion);
  const opinion = opinionOnSide(episode, item);
  return opinion === 'OB' || opinion === 'ON';
}

/** Of the lesion's tissue what is as sure as any: surgery, else wide biopsy, else fine. */
function surest(own: readonly InTissue[]): InTissue | undefined {
  return [...own].sort((a, b) => TISSUE_IN_ORDER.indexOf(b.event) - TISSUE_IN_ORDER.indexOf(a.event))[0];
}

/**
 * Whether a lesion is malignant: its own opinion or type in any tissue is a source of a cancer, or it is the only lesion
 * of its breast in an event whose opinion on that breast is OM. Not, where its surest tissue says benign or normal, or
 * LCIS alone. Null without tissue and wherever tissue says neither.
 */
export function isMalignantLesion(episode: EpisodeHistory, lesion: LesionFacts): boolean | null {
  const own = episode.procedures.filter(
    (item): item is InTissue =>
      item.side === lesion.side && item.lesionNumber === lesion.lesionNumber && isTissueEvent(item.event),
  );
  if (own.some((item) => malignantFinding(episode, item) !== null || isMalignantAlone(episode, item)))
    return true;
  const last = surest(own);
  if (last === undefined || own.some(({ opinion }) => isMalignantOpinion(opinion))) return null;
  return isBenignTissue(episode, last) || isLcisAlone(lesion) ? false : null;
}

/** The lesions that a number means on an image: those of its breast, or of both where the breast is not known. */
function lesionsMeant(
  episode: EpisodeHistory,
  lesionNumber: number,
  breast: Side | null,
): readonly LesionFacts[] {
  const found = episode.lesions.filter((lesion) => lesion.lesionNumber === lesionNumber);
  return breast === null ? found : found.filter(({ side }) => side === breast);
}

/** True if any is, false if all are known not to be, else null. */
function any(verdicts: readonly (boolean | null)[]): boolean | null {
  if (verdicts.includes(true)) return true;
  return verdicts.length === 0 || verdicts.includes(null) ? null : false;
}

/** All agree, or null: one number on both sides of a woman means one of two lesions. */
function agreed(verdicts: readonly (boolean | null)[]): boolean | null {
  const [first] = verdicts;
  return first !== undefined && verdicts.every((verdict) => verdict === first) ? first : null;
}

/**
 * Whether a mark is of a cancer: any of its lesions is malignant. Null where none is named, one that is named is not in
 * the episode or only in the other breast, or cannot be told, unless another is malignant.
 * @param lesionNumbers that the mark names
 * @param breast        that the image shows; null where not known
 */
export function isMalignantMark(
  episode: EpisodeHistory,
  lesionNumbers: readonly number[],
  breast: Side | null,
): boolean | null {
  return any(
    lesionNumbers.map((number) =>
      agreed(lesionsMeant(episode, number, breast).map((lesion) => isMalignantLesion(episode, lesion))),
    ),
  );
}

/**
 * The lesions that a mark names and that its episode has in the other breast only: each is a `mark_side_conflict`. None
 * where the breast of the image is not known, or the episode lacks the lesion.
 */
export function lesionsOfOtherBreast(
  lesions: readonly Pick<LesionFacts, 'side' | 'lesionNumber'>[],
  lesionNumbers: readonly number[],
  breast: Side | null,
): readonly number[] {
  if (breast === null) return [];
  return lesionNumbers.filter((number) => {
    const sides = lesions.filter(({ lesionNumber }) => lesionNumber === number).map(({ side }) => side);
    return sides.length > 0 && !sides.includes(breast);
  });
}
