import type { Side } from '../../nbss/blocks.js';
import { episodeStatus, hasMalignantOpinions, sortDate } from '../episode.js';
import { lesionMeaning } from '../lesion.js';
import type { LesionFacts } from '../facts.js';
import { dateOnSide, earliest, isTissueEvent, type TissueEvent } from './events-of-side.js';
import { isCancerOpinion } from './lesion-opinions.js';
import type { EpisodeHistory, ProcedureFacts } from './model.js';

/** What records a cancer of one breast in an episode. This project's own rules (views, breasts over time, exams). */

export type CancerSource = 'tissue' | 'lesion' | 'interval_record';

export interface Cancer {
  readonly source: CancerSource;
  /** Days since 1970-01-01; null where the episode has no date at all. */
  readonly date: number | null;
  /** In words and codes, e.g. `surgery: opinion OM`, `biopsy_wide of lesion 1: opinion B5`. */
  readonly from: string;
}

/** Lobular carcinoma in situ alone (NIL): a marker of risk, no cancer. Other findings of the lesion make it one. */
export function isLcisAlone(lesion: LesionFacts): boolean {
  const pathology = [lesion.wideBiopsy, lesion.surgery];
  const components = pathology.flatMap((report) => report?.inSituComponents ?? []);
  return (
    components.length > 0 &&
    components.every((code) => code === 'NIL') &&
    pathology.every((report) => (report?.dcisGrade ?? null) === null) &&
    !lesionMeaning(lesion).invasive
  );
}

function lesionOf(episode: EpisodeHistory, procedure: ProcedureFacts): LesionFacts | undefined {
  return episode.lesions.find(
    ({ side, lesionNumber }) => side === procedure.side && lesionNumber === procedure.lesionNumber,
  );
}

/** What of a lesion in a procedure records a cancer: its opinion or type; null where neither does. */
export function malignantFinding(episode: EpisodeHistory, procedure: ProcedureFacts): string | null {
  const { opinion, malignancyType } = procedure;
  const isMalignantType = malignancyType === 'a' || malignancyType === 'b';
  if (!isCancerOpinion(opinion) && !isMalignantType) return null;
  const lesion = lesionOf(episode, procedure);
  if (lesion !== undefined && isLcisAlone(lesion)) return null;
  return isMalignantType && !isCancerOpinion(opinion)
    ? `malignancy type ${malignancyType}`
    : `opinion ${opinion!}`;
}

/** Earliest DatePerformed of the side in the event, the event's date, the date of diagnosis, the sort date. */
function dateOf(episode: EpisodeHistory, event: TissueEvent, side: Side): number | null {
  const known = episode.events.find(({ kind }) => kind === event);
  const day = known === undefined ? null : dateOnSide(episode, known, side);
  return day ?? episode.diagnosisDate ?? sortDate(episode);
}

function addByTissueOpinion(episode: EpisodeHistory, side: Side, found: Cancer[]): void {
  for (const { kind, opinions } of episode.events)
    if (opinions[side] === 'OM' && isTissueEvent(kind))
      found.push({ source: 'tissue', date: dateOf(episode, kind, side), from: `${kind}: opinion OM` });
}

function addByLesion(episode: EpisodeHistory, side: Side, found: Cancer[]): void {
  for (const procedure of episode.procedures) {
    const { event } = procedure;
    if (procedure.side !== side || !isTissueEvent(event)) continue;
    const finding = malignantFinding(episode, procedure);
    if (finding === null) continue;
    const from = `${event} of lesion ${procedure.lesionNumber}: ${finding}`;
    found.push({ source: 'lesion', date: dateOf(episode, event, side), from });
  }
}

/**
 * The breasts that the INTERVALCANCER block names: those with a lesion or an opinion there, but for an opinion that is
 * normal or benign.
 */
export function sidesOfIntervalCancer(episode: EpisodeHistory): readonly Side[] {
  const record = episode.otherEvents.find(({ kind }) => kind === 'interval_cancer');
  return (['L', 'R'] as const).filter((side) => {
    const opinion = record?.opinions[side] ?? null;
    if (opinion === 'ON' || opinion === 'OB') return false;
    return (
      opinion !== null ||
      episode.procedures.some((item) => item.event === 'interval_cancer' && item.side === side)
    );
  });
}

/** Of status CI without OM in tissue: the breast that INTERVALCANCER names. */
function addByIntervalRecord(episode: EpisodeHistory, side: Side, found: Cancer[]): void {
  if (episodeStatus(episode) !== 'CI' || hasMalignantOpinions(episode)) return;
  if (!sidesOfIntervalCancer(episode).includes(side)) return;
  const record = episode.otherEvents.find(({ kind }) => kind === 'interval_cancer');
  const day = record === undefined ? null : dateOnSide(episode, record, side);
  const date = episode.diagnosisDate ?? day ?? sortDate(episode);
  found.push({ source: 'interval_record', date, from: 'interval_cancer: record of this breast' });
}

/**
 * Everything that records a cancer of a breast in an episode: OM on that side in surgery, wide or fine biopsy; a lesion of
 * it with opinion B5, C5 or H5 or MalignancyType a or b (LCIS alone is none); for an interval cancer without OM in tissue,
 * the side that INTERVALCANCER names. In that order.
 */
export function cancers(episode: EpisodeHistory, side: Side): readonly Cancer[] {
  const found: Cancer[] = [];
  addByTissueOpinion(episode, side, found);
  addByLesion(episode, side, found);
  addByIntervalRecord(episode, side, found);
  return found;
}

/** Whether the findings in tissue of a breast are cancer: invasive, or in situ and not LCIS alone. */
export function findingsSayCancer(episode: EpisodeHistory, side: Side): boolean {
  return episode.lesions.some((lesion) => {
    if (lesion.side !== side) return false;
    const { invasive, inSitu } = lesionMeaning(lesion);
    return invasive || (inSitu && !isLcisAlone(lesion));
  });
}

/** The events whose tissue shows invasive cancer of a breast, by the rule of `lesions.is_invasive`. */
function invasiveEvents(episode: EpisodeHistory, side: Side): TissueEvent[] {
  const ofSide = episode.lesions.filter((lesion) => lesion.side === side);
  return [...new Set(ofSide.flatMap((lesion) => lesionMeaning(lesion).invasiveFrom))];
}

/** The earliest day on which an episode's tissue shows invasive cancer of a breast; null where it shows none. */
export function invasiveDate(episode: EpisodeHistory, side: Side): number | null {
  if (episode.lesions.length === 0) return null;
  return earliest(invasiveEvents(episode, side).map((event) => dateOf(episode, event, side)));
}
