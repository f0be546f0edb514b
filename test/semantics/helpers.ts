import type { EpisodeFacts } from '../../pipeline/semantics/facts.js';
import { clientRecord, modelOf } from '../helpers/records.js';
import { day } from '../nbss/helpers.js';

export { day };

/** The facts of a client whose nbss file holds these episodes, in this order; ids must not look like integers. */
export function facts(episodes: Record<string, unknown>): EpisodeFacts[] {
  const { client } = modelOf(clientRecord({ nbss: { ClientID: 'optm1', ...episodes } }));
  return client.episodes.map((episode) => episode.facts);
}

/** The facts of one episode. */
export const fact = (episode: unknown): EpisodeFacts => facts({ E1: episode })[0]!;

/** The date so many days after 2000-01-01, as YYYY-MM-DD. */
export const date = (days: number): string =>
  new Date(Date.UTC(2000, 0, 1 + days)).toISOString().slice(0, 10);

const screen = (days: number) => ({
  SCREENING: { L: { DateTaken: date(days) }, R: { DateTaken: date(days) } },
});
const on = { left_opinion: 'ON', right_opinion: 'ON' };

/** Episodes as the nbss file has them, each with a screen so many days after 2000-01-01 unless it says otherwise. */
export const make = {
  normal: (days: number) => screen(days),
  assessed: (days: number) => ({ ...screen(days), ASSESSMENT: on }),
  biopsied: (days: number) => ({ ...screen(days), ASSESSMENT: on, BIOPSYWIDE: on }),
  benign: (days: number) => ({ ...screen(days), BIOPSYWIDE: { left_opinion: 'OB' } }),
  malignant: (days: number) => ({ ...screen(days), SURGERY: { right_opinion: 'OM' } }),
  /** Surgery without malignant or benign opinion: valid, and without a status. */
  operated: (days: number) => ({ ...screen(days), SURGERY: on }),
  /** A non-screening event without opinions. */
  invalid: (days: number) => ({ ...screen(days), ASSESSMENT: {} }),
  /** Dated by the day it was opened. */
  noEvents: (days: number) => ({ EpisodeOpenedDate: date(days) }),
  undated: () => ({ SCREENING: {} }),
  /** An interval cancer, dated by its diagnosis. */
  intervalCancer: (days: number) => ({
    EpisodeType: 'CI',
    IntervalCancerDateOfDiagnosis: date(days),
  }),
  /** Of type CI, with events, and malignant. */
  intervalCancerSeen: (days: number) => ({
    EpisodeType: 'CI',
    BIOPSYWIDE: { left_opinion: 'OM', dateperformed: date(days) },
  }),
  /** Of type CI, but a biopsy says benign: no interval cancer. */
  notIntervalCancer: (days: number) => ({
    EpisodeType: 'CI',
    BIOPSYWIDE: { left_opinion: 'OB', dateperformed: date(days) },
  }),
};
