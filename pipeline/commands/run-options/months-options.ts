import { months } from '../option-values.js';
import type { OptionTable } from '../option.js';

const GROUP = 'Outcome of episodes, in months:';

/** Options of `omidb-etl run` that outcomes of episodes depend on. */
export const MONTHS_OPTIONS = {
  'months-ci-prior': {
    type: 'string',
    describe: 'At most so long before an interval cancer, an episode is its prior (CIP) [default: unset]',
    readme:
      'at most so many months before an interval cancer, an episode is its prior. Unset: up to the next episode',
    group: GROUP,
    parse: months('months-ci-prior'),
    manifest: 'months_ci_prior',
  },
  'months-cancer-prior': {
    type: 'string',
    describe: 'At most so long before a malignant episode, an episode is its prior (MP) [default: unset]',
    readme:
      'at most so many months before a malignant episode, an episode is its prior. Unset: up to the next episode',
    group: GROUP,
    parse: months('months-cancer-prior'),
    manifest: 'months_cancer_prior',
  },
  'months-normal-follow-up': {
    type: 'string',
    describe: 'A normal outcome needs an episode without cancer after more than so long [default: unset]',
    readme:
      'a normal outcome needs a later episode without cancer after more than so many months. Unset: it needs none',
    group: GROUP,
    parse: months('months-normal-follow-up'),
    manifest: 'months_normal_follow_up',
  },
  'months-benign-follow-up': {
    type: 'string',
    describe: 'A benign outcome needs an episode without cancer after more than so long [default: unset]',
    readme: 'the same of a benign outcome',
    group: GROUP,
    parse: months('months-benign-follow-up'),
    manifest: 'months_benign_follow_up',
  },
} as const satisfies OptionTable;
