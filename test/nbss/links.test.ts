import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { episodeEvents, lesionNumbers } from '../../pipeline/stages/flatten/nbss-links.js';
import { day, flatten } from './helpers.js';

const { rows } = flatten(
  {
    E2: {
      SCREENING: { L: { DateTaken: '20120304' } },
      OTHERSCREENING: { '1': { R: { DateTaken: '20120401' } } },
      INTERVALCANCER: { R: { '3': {} }, L: { '3': {} } },
    },
    E1: { OTHERSCREENING: { '1': {} }, SURGERY: {} },
    E0: {},
  },
  ['E2', 'E1', 'E0'],
);

describe('what linking needs', () => {
  test('are the events of every episode with their dates, episodes in the order of the file', () => {
    const found = episodeEvents(rows);
    assert.deepEqual([...found.keys()], ['E2', 'E1', 'E0']);
    assert.deepEqual(found.get('E2'), [
      { event: 'screening', eventNumber: 1, dates: [day('2012-03-04')], linkable: true },
      { event: 'screening', eventNumber: 2, dates: [day('2012-04-01')], linkable: true },
      { event: 'interval_cancer', eventNumber: 1, dates: [], linkable: false },
    ]);
    assert.deepEqual(found.get('E0'), []);
  });

  test('leaves out further screens of an episode without SCREENING', () => {
    assert.deepEqual(episodeEvents(rows).get('E1'), [
      { event: 'screening', eventNumber: 2, dates: [], linkable: false },
      { event: 'surgery', eventNumber: 1, dates: [], linkable: true },
    ]);
  });

  test('are the lesions of every episode, both sides', () => {
    assert.deepEqual(lesionNumbers(rows).get('E2'), [
      { side: 'L', lesionNumber: 3 },
      { side: 'R', lesionNumber: 3 },
    ]);
    assert.deepEqual(lesionNumbers(rows).get('E1'), []);
  });
});
