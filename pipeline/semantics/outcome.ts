import {
  episodeStatus,
  inSortDateOrder,
  isCancer,
  isIntervalCancer,
  isTypeCI,
  isValid,
  type DatedEpisode,
  type EpisodeStatus,
} from './episode.js';
import type { EpisodeFacts } from './facts.js';

/** What became of the woman after an episode (semantics page of OMI-DB, 'Outcome'). */

/** The four options, in months; null: unset. */
export interface OutcomeMonths {
  /** At most so long before an interval cancer is its prior. Unset: up to the next episode. */
  readonly ciPrior: number | null;
  /** At most so long before a malignant episode is its prior. Unset: up to the next episode. */
  readonly cancerPrior: number | null;
  /** A normal episode needs one without cancer after more than so long. Unset: it needs none. */
  readonly normalFollowUp: number | null;
  /** A benign episode needs one without cancer after more than so long. Unset: it needs none. */
  readonly benignFollowUp: number | null;
}

export type DefinedOutcome = EpisodeStatus | 'CIP' | 'MP';
export type UndefinedOutcome =
  'InvalidEvents' | 'InvalidFollowUp' | 'InvalidPrior' | 'DateError' | 'NoSubsequentEpisode';
export type OutcomeCode = DefinedOutcome | UndefinedOutcome;

/** The rules that decide, in words for people. */
export const OUTCOME_RULES = {
  intervalCancer: 'The episode is an interval cancer.',
  notIntervalCancer: 'The episode is of type CI, but its surgery or biopsies have no malignant opinion.',
  malignant: 'Surgery or a biopsy of the episode has a malignant opinion.',
  noEvents: 'The episode has no events.',
  notValid: 'A non-screening event of the episode has no opinion on either side.',
  noSortDate: 'An episode of the client has no date to sort it by.',
  laterNotValid: 'A non-screening event of a later episode has no opinion on either side.',
  noLaterEpisode: 'There is no later episode, and a follow-up is required.',
  ciPrior: 'A later episode, within the months for an interval-cancer prior, is an interval cancer.',
  ciPriorNotCancer:
    'A later episode, within the months for an interval-cancer prior, is of type CI, but its surgery or biopsies have no malignant opinion.',
  ciOutOfWindow: 'A later episode is of type CI, but beyond the months for an interval-cancer prior.',
  cancerPrior: 'A later episode, within the months for a cancer prior, is malignant.',
  cancerOutOfWindow: 'A later episode is malignant, but beyond the months for a cancer prior.',
  laterNoEvents: 'A later episode, up to the follow-up, has no events.',
  cancerBeforeFollowUp: 'A later episode, within the months for the follow-up, is of type CI or malignant.',
  noFollowUp: 'No later episode is beyond the months for the follow-up.',
  followUpCancer: 'The follow-up, the first later episode beyond its months, is of type CI or malignant.',
  benign: 'Surgery or a biopsy has a benign opinion, and no later cancer counts against it.',
  benignFollowedUp: 'Surgery or a biopsy has a benign opinion, and the follow-up is no cancer.',
  normal: 'The episode is normal, and no later cancer counts against it.',
  normalFollowedUp: 'The episode is normal, and the follow-up is no cancer.',
  noNormalClass: 'The episode is to be classed as normal, but its status is not normal.',
} as const;

export type OutcomeRule = (typeof OUTCOME_RULES)[keyof typeof OUTCOME_RULES];

export interface Outcome {
  /** Null only where `error` is true. */
  readonly outcome: OutcomeCode | null;
  /** The later episode that the outcome rests on. */
  readonly laterEpisodeId: string | null;
  /** The rule that decided, in words. */
  readonly rule: OutcomeRule;
  /** True where the rules end without an answer (step 6): to be logged. */
  readonly error: boolean;
}

type RuleName = keyof typeof OUTCOME_RULES;

const decided = (outcome: OutcomeCode, rule: RuleName, later: DatedEpisode | null = null): Outcome => ({
  outcome,
  laterEpisodeId: later?.episode.episodeId ?? null,
  rule: OUTCOME_RULES[rule],
  error: false,
});

/** Days that so many months are; a month is a twelfth of 365 days. */
const daysOf = (months: number): number => (months * 365) / 12;

/** An episode to be classed, after steps 1 and 2. */
interface Candidate {
  readonly status: EpisodeStatus | null;
  readonly date: number;
  /** Later episodes in sort-date order. */
  readonly later: readonly DatedEpisode[];
}

const isWithin = (later: DatedEpisode, { date }: Candidate, months: number): boolean =>
  later.date - date <= daysOf(months);

/** Step 1: what the episode shows by itself; null where it depends on others. */
function ownOutcome(episode: EpisodeFacts, status: EpisodeStatus | null): Outcome | null {
  if (status === 'CI') return decided('CI', 'intervalCancer');
  if (isTypeCI(episode)) return decided('InvalidEvents', 'notIntervalCancer');
  if (status === 'M') return decided('M', 'malignant');
  if (episode.events.length === 0) return decided('InvalidEvents', 'noEvents');
  return isValid(episode) ? null : decided('InvalidEvents', 'notValid');
}

/** Step 6. */
function normalClass({ status }: Candidate, followUp: DatedEpisode | null): Outcome {
  if (status === 'NAB' || status === 'NA' || status === 'N') {
    return decided(status, followUp === null ? 'normal' : 'normalFollowedUp', followUp);
  }
  // The reference raises here: the exception leaves neither an outcome nor an id.
  return { outcome: null, laterEpisodeId: null, rule: OUTCOME_RULES.noNormalClass, error: true };
}

/** Step 3. */
function outcomeWithoutLater(candidate: Candidate, months: OutcomeMonths): Outcome {
  if (candidate.status === 'B' && months.benignFollowUp === null) return decided('B', 'benign');
  if (months.normalFollowUp === null) return normalClass(candidate, null);
  return decided('NoSubsequentEpisode', 'noLaterEpisode');
}

/** Step 4: whether the episode is the prior of a cancer; null where it is not. */
function priorOutcome(candidate: Candidate, months: OutcomeMonths): Outcome | null {
  const { later, date } = candidate;
  const toNext = Math.ceil((12 * (later[0]!.date - date)) / 365);
  const ciPrior = months.ciPrior ?? toNext;
  const cancerPrior = months.cancerPrior ?? toNext;
  const longest = Math.max(ciPrior, cancerPrior);
  for (const item of later) {
    if (!isWithin(item, candidate, longest)) return null;
    if (isTypeCI(item.episode)) {
      if (!isWithin(item, candidate, ciPrior)) return decided('InvalidPrior', 'ciOutOfWindow', item);
      if (isIntervalCancer(item.episode)) return decided('CIP', 'ciPrior', item);
      return decided('InvalidEvents', 'ciPriorNotCancer', item);
    }
    if (episodeStatus(item.episode) === 'M') {
      if (isWithin(item, candidate, cancerPrior)) return decided('MP', 'cancerPrior', item);
      return decided('InvalidPrior', 'cancerOutOfWindow', item);
    }
  }
  return null;
}

/** Step 5. */
function followUpOutcome(candidate: Candidate, options: OutcomeMonths): Outcome {
  const isBenign = candidate.status === 'B';
  const months = isBenign ? options.benignFollowUp : options.normalFollowUp;
  if (months === null) return isBenign ? decided('B', 'benign') : normalClass(candidate, null);
  for (const item of candidate.later) {
    if (item.episode.events.length === 0) return decided('InvalidEvents', 'laterNoEvents', item);
    if (isWithin(item, candidate, months)) {
      if (isCancer(item.episode)) return decided('InvalidPrior', 'cancerBeforeFollowUp', item);
      continue;
    }
    if (isCancer(item.episode)) return decided('InvalidPrior', 'followUpCancer', item);
    return isBenign ? decided('B', 'benignFollowedUp', item) : normalClass(candidate, item);
  }
  return decided('InvalidFollowUp', 'noFollowUp');
}

/**
 * The outcome of an episode, by steps 1 to 6 of the page.
 * @param episodes all of the client's, in the order of the nbss file; `episode` is one of them, found by its id
 */
export function episodeOutcome(
  episode: EpisodeFacts,
  episodes: readonly EpisodeFacts[],
  months: OutcomeMonths,
): Outcome {
  const status = episodeStatus(episode);
  const own = ownOutcome(episode, status);
  if (own !== null) return own;
  const ordered = inSortDateOrder(episodes);
  if (ordered === null) return decided('DateError', 'noSortDate');
  const place = ordered.findIndex((item) => item.episode.episodeId === episode.episodeId);
  const later = ordered.slice(place + 1);
  if (!later.every((item) => isValid(item.episode))) return decided('InvalidEvents', 'laterNotValid');
  const candidate: Candidate = { status, date: ordered[place]!.date, later };
  if (later.length === 0) return outcomeWithoutLater(candidate, months);
  return priorOutcome(candidate, months) ?? followUpOutcome(candidate, months);
}
