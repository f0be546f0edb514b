import { describe } from 'node:test';
import { make } from './helpers.js';
import { check } from './outcome-cases.js';

// A month is 365/12 days: 1 is 30.4, 6 is 182.5, 12 is 365, 24 is 730, 36 is 1095, 39 is 1186.25.

describe('step 4: priors, windows unset', () => {
  check([
    [
      'the next episode is an interval cancer, however late',
      { A: make.normal(0), B: make.intervalCancer(5000) },
      {},
      ['CIP', 'B', 'ciPrior'],
    ],
    [
      'the next episode is malignant, however late',
      { A: make.normal(0), B: make.malignant(5000) },
      {},
      ['MP', 'B', 'cancerPrior'],
    ],
    [
      'a benign episode may be a prior',
      { A: make.benign(0), B: make.malignant(5000) },
      {},
      ['MP', 'B', 'cancerPrior'],
    ],
    [
      'an episode without status may be a prior',
      { A: make.operated(0), B: make.malignant(50) },
      {},
      ['MP', 'B', 'cancerPrior'],
    ],
    [
      'type CI that is no interval cancer',
      { A: make.normal(0), B: make.notIntervalCancer(50) },
      {},
      ['InvalidEvents', 'B', 'ciPriorNotCancer'],
    ],
    [
      'type CI with malignant opinions is CIP, not MP',
      { A: make.normal(0), B: make.intervalCancerSeen(50) },
      {},
      ['CIP', 'B', 'ciPrior'],
    ],
    // Next at 31 days: 12 * 31 / 365 = 1.019, so 2 months = 60.8 days. The cancer at 60 is within, at 61 not.
    [
      'the window is whole months: within',
      { A: make.normal(0), B: make.normal(31), C: make.malignant(60) },
      {},
      ['MP', 'C', 'cancerPrior'],
    ],
    [
      'the window is whole months: beyond',
      { A: make.normal(0), B: make.normal(31), C: make.malignant(61) },
      {},
      ['N', null, 'normal'],
    ],
    // Next at 365 days: exactly 12 months = 365 days.
    [
      'whole months are not rounded up',
      { A: make.normal(0), B: make.normal(365), C: make.malignant(366) },
      {},
      ['N', null, 'normal'],
    ],
    [
      'whole months, on the day',
      { A: make.normal(0), B: make.normal(365), C: make.malignant(365) },
      {},
      ['MP', 'C', 'cancerPrior'],
    ],
    // Next on the same day: 0 months, 0 days.
    [
      'same day: no months',
      { A: make.normal(0), B: make.normal(0), C: make.malignant(1) },
      {},
      ['N', null, 'normal'],
    ],
    [
      'same day: the cancer itself',
      { A: make.normal(0), B: make.malignant(0) },
      {},
      ['MP', 'B', 'cancerPrior'],
    ],
    [
      'the first cancer in order decides',
      { A: make.normal(0), B: make.malignant(31), C: make.intervalCancer(40) },
      {},
      ['MP', 'B', 'cancerPrior'],
    ],
    [
      'an episode without events is passed over',
      { A: make.normal(0), B: make.noEvents(31), C: make.malignant(60) },
      {},
      ['MP', 'C', 'cancerPrior'],
    ],
  ]);
});

describe('step 4: priors, windows set', () => {
  const at = (days: number) => ({ A: make.normal(0), B: make.malignant(days) });
  const ciAt = (days: number) => ({ A: make.normal(0), B: make.intervalCancer(days) });
  check([
    // 39 months = 1186.25 days; 36 months = 1095 days.
    ['MP on the last day', at(1186), { cancerPrior: 39 }, ['MP', 'B', 'cancerPrior']],
    // CI window unset: 12 * 1187 / 365 = 39.02, so 40 months = 1216.7 days: the longer window still holds it.
    [
      'beyond its window, within the other, unset one',
      at(1187),
      { cancerPrior: 39 },
      ['InvalidPrior', 'B', 'cancerOutOfWindow'],
    ],
    ['beyond both windows: not looked at', at(1187), { cancerPrior: 39, ciPrior: 36 }, ['N', null, 'normal']],
    ['CIP on the last day', ciAt(1095), { ciPrior: 36, cancerPrior: 36 }, ['CIP', 'B', 'ciPrior']],
    ['CI beyond both', ciAt(1096), { ciPrior: 36, cancerPrior: 36 }, ['N', null, 'normal']],
    [
      'CI beyond its window, within the longer one',
      ciAt(1096),
      { ciPrior: 36, cancerPrior: 39 },
      ['InvalidPrior', 'B', 'ciOutOfWindow'],
    ],
    [
      'CI beyond its window, within the other, unset one',
      ciAt(1096),
      { ciPrior: 36 },
      ['InvalidPrior', 'B', 'ciOutOfWindow'],
    ],
    [
      'not an interval cancer, out of window: InvalidPrior',
      { A: make.normal(0), B: make.notIntervalCancer(1096) },
      { ciPrior: 36, cancerPrior: 39 },
      ['InvalidPrior', 'B', 'ciOutOfWindow'],
    ],
    [
      'not an interval cancer, in the window',
      { A: make.normal(0), B: make.notIntervalCancer(1095) },
      { ciPrior: 36, cancerPrior: 39 },
      ['InvalidEvents', 'B', 'ciPriorNotCancer'],
    ],
    [
      'malignant beyond its window, within the CI window',
      at(1096),
      { ciPrior: 39, cancerPrior: 36 },
      ['InvalidPrior', 'B', 'cancerOutOfWindow'],
    ],
    [
      'not only the next: any within',
      { A: make.normal(0), B: make.normal(300), C: make.normal(600), D: make.malignant(1000) },
      { cancerPrior: 36 },
      ['MP', 'D', 'cancerPrior'],
    ],
    [
      'windows of no months hold the same day',
      at(0),
      { ciPrior: 0, cancerPrior: 0 },
      ['MP', 'B', 'cancerPrior'],
    ],
    ['windows of no months hold no other day', at(1), { ciPrior: 0, cancerPrior: 0 }, ['N', null, 'normal']],
    [
      'one beyond the windows ends the scan',
      { A: make.normal(0), B: make.normal(1200), C: make.malignant(1201) },
      { ciPrior: 36, cancerPrior: 39 },
      ['N', null, 'normal'],
    ],
    [
      'an out-of-window cancer decides before a later one',
      { A: make.normal(0), B: make.intervalCancer(400), C: make.malignant(500) },
      { ciPrior: 12, cancerPrior: 24 },
      ['InvalidPrior', 'B', 'ciOutOfWindow'],
    ],
  ]);
});
