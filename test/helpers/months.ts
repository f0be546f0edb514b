import type { OutcomeMonths } from '../../pipeline/semantics/outcome.js';

/** All four unset. */
export const NO_MONTHS: OutcomeMonths = {
  ciPrior: null,
  cancerPrior: null,
  normalFollowUp: null,
  benignFollowUp: null,
};
