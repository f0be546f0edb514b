import { describe } from 'node:test';
import { make } from './helpers.js';
import { check } from './outcome-cases.js';

// A month is 365/12 days: 1 is 30.4, 6 is 182.5, 12 is 365, 24 is 730, 36 is 1095, 39 is 1186.25.

describe('step 5: follow-up', () => {
  const windows = { ciPrior: 0, cancerPrior: 0 };
  const normal = { ...windows, normalFollowUp: 12 };
  const benign = { ...windows, benignFollowUp: 12 };
  check([
    // 12 months = 365 days: a follow-up must be beyond them.
    [
      'the first beyond the months',
      { A: make.normal(0), B: make.normal(366) },
      normal,
      ['N', 'B', 'normalFollowedUp'],
    ],
    [
      'on the last day is not beyond',
      { A: make.normal(0), B: make.normal(365) },
      normal,
      ['InvalidFollowUp', null, 'noFollowUp'],
    ],
    [
      'those before are passed over',
      {
        A: make.assessed(0),
        B: make.normal(100),
        C: make.benign(200),
        D: make.normal(400),
        E: make.malignant(500),
      },
      normal,
      ['NA', 'D', 'normalFollowedUp'],
    ],
    [
      'none beyond',
      { A: make.biopsied(0), B: make.normal(100), C: make.normal(200) },
      normal,
      ['InvalidFollowUp', null, 'noFollowUp'],
    ],
    [
      'M within',
      { A: make.normal(0), B: make.malignant(365) },
      normal,
      ['InvalidPrior', 'B', 'cancerBeforeFollowUp'],
    ],
    [
      'CI within',
      { A: make.normal(0), B: make.intervalCancerSeen(365) },
      normal,
      ['InvalidPrior', 'B', 'cancerBeforeFollowUp'],
    ],
    [
      'type CI within that is no interval cancer',
      { A: make.normal(0), B: make.notIntervalCancer(365) },
      normal,
      ['InvalidPrior', 'B', 'cancerBeforeFollowUp'],
    ],
    [
      'the follow-up is M',
      { A: make.normal(0), B: make.malignant(366) },
      normal,
      ['InvalidPrior', 'B', 'followUpCancer'],
    ],
    [
      'the follow-up is CI',
      { A: make.normal(0), B: make.intervalCancerSeen(366) },
      normal,
      ['InvalidPrior', 'B', 'followUpCancer'],
    ],
    [
      'the follow-up is of type CI',
      { A: make.normal(0), B: make.notIntervalCancer(366) },
      normal,
      ['InvalidPrior', 'B', 'followUpCancer'],
    ],
    [
      'no events within',
      { A: make.normal(0), B: make.noEvents(100), C: make.normal(366) },
      normal,
      ['InvalidEvents', 'B', 'laterNoEvents'],
    ],
    [
      'no events, the first beyond',
      { A: make.normal(0), B: make.noEvents(366) },
      normal,
      ['InvalidEvents', 'B', 'laterNoEvents'],
    ],
    [
      'no events after the follow-up',
      { A: make.normal(0), B: make.normal(366), C: make.noEvents(367) },
      normal,
      ['N', 'B', 'normalFollowedUp'],
    ],
    [
      'an interval cancer without events has no events',
      { A: make.normal(0), B: make.intervalCancer(100) },
      normal,
      ['InvalidEvents', 'B', 'laterNoEvents'],
    ],
    [
      'cancer before no events',
      { A: make.normal(0), B: make.malignant(100), C: make.noEvents(200) },
      normal,
      ['InvalidPrior', 'B', 'cancerBeforeFollowUp'],
    ],
    [
      'no status, followed up: an error without an id',
      { A: make.operated(0), B: make.normal(366) },
      normal,
      [null, null, 'noNormalClass'],
    ],
    [
      'no status, follow-up unset: an error',
      { A: make.operated(0), B: make.normal(366) },
      windows,
      [null, null, 'noNormalClass'],
    ],
    [
      'the follow-up may have no status',
      { A: make.normal(0), B: make.operated(366) },
      normal,
      ['N', 'B', 'normalFollowedUp'],
    ],
    // Benign episodes have months of their own, and only those.
    [
      'B takes the benign months',
      { A: make.benign(0), B: make.normal(366) },
      { ...benign, normalFollowUp: 99 },
      ['B', 'B', 'benignFollowedUp'],
    ],
    [
      'B, none beyond',
      { A: make.benign(0), B: make.normal(365) },
      benign,
      ['InvalidFollowUp', null, 'noFollowUp'],
    ],
    ['B, benign months unset', { A: make.benign(0), B: make.normal(1) }, normal, ['B', null, 'benign']],
    [
      'B, cancer within',
      { A: make.benign(0), B: make.malignant(300) },
      benign,
      ['InvalidPrior', 'B', 'cancerBeforeFollowUp'],
    ],
    ['N, normal months unset', { A: make.normal(0), B: make.normal(1) }, benign, ['N', null, 'normal']],
    [
      'no months: any later day will do',
      { A: make.normal(0), B: make.normal(1) },
      { normalFollowUp: 0 },
      ['N', 'B', 'normalFollowedUp'],
    ],
    [
      'no months: the same day will not',
      { A: make.normal(0), B: make.normal(0) },
      { normalFollowUp: 0 },
      ['InvalidFollowUp', null, 'noFollowUp'],
    ],
  ]);
});
