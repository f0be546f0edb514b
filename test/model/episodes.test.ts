import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkableEpisode } from '../../pipeline/model/episodes.js';
import { clientRecord, modelOf } from '../helpers/records.js';
import { day } from '../nbss/helpers.js';

const nbss = {
  E2: {
    SCREENING: { L: { DateTaken: '20120304' } },
    OTHERSCREENING: { '1': { R: { DateTaken: '20120401' } } },
    INTERVALCANCER: { R: { '3': {} }, L: { '3': {}, '4': { DatePerformed: '20120501' } } },
    StudyList: '1.2, 1.3',
  },
  E1: { OTHERSCREENING: { '1': { L: { DateTaken: '20110101' } } }, SURGERY: { dateperformed: '20110202' } },
  E0: {},
};
const { client } = modelOf(clientRecord({ nbss }));
const [e2, e1, e0] = client.episodes;

describe('the episodes of a client', () => {
  test('stand in the order of the file', () => {
    assert.deepEqual(
      client.episodes.map(({ episodeId }) => episodeId),
      ['E2', 'E1', 'E0'],
    );
  });

  test('count further screens beside a first one, and no interval cancer', () => {
    const counted = e2!.facts.events.map(({ kind, number, dates }) => [kind, number, dates]);
    assert.deepEqual(counted, [
      ['screening', 1, [day('2012-03-04')]],
      ['screening', 2, [day('2012-04-01')]],
    ]);
    assert.deepEqual(
      e2!.facts.otherEvents.map(({ kind, dates }) => [kind, dates]),
      [['interval_cancer', [day('2012-05-01')]]],
    );
  });

  test('do not count further screens without a first one', () => {
    assert.deepEqual(
      e1!.facts.events.map(({ kind }) => kind),
      ['surgery'],
    );
    assert.deepEqual(
      e1!.facts.otherEvents.map(({ kind, number }) => [kind, number]),
      [['screening', 2]],
    );
  });

  test('are linked by the dates of what counts, and by nothing else', () => {
    assert.deepEqual([...linkableEpisode(e2!.facts).dates], [day('2012-03-04'), day('2012-04-01')]);
    assert.deepEqual([...linkableEpisode(e1!.facts).dates], [day('2011-02-02')]);
    assert.deepEqual([...linkableEpisode(e0!.facts).dates], []);
  });

  test('know on which sides they have a lesion of a number', () => {
    assert.deepEqual(
      [...e2!.lesionSides],
      [
        [3, ['L', 'R']],
        [4, ['L']],
      ],
    );
    assert.deepEqual([...e1!.lesionSides], []);
  });

  test('tell a StudyList from none', () => {
    assert.deepEqual([...e2!.studyList!], ['1.2', '1.3']);
    assert.equal(e1!.studyList, null);
  });

  test('have the tissue of a lesion from its procedures, by side and number', () => {
    const lesion = (grade: string) => ({ '1': { DiseaseGrade: grade } });
    const { client: sides } = modelOf(
      clientRecord({
        nbss: { E: { SURGERY: { L: lesion('G1'), R: lesion('G3') }, BIOPSYWIDE: { R: lesion('G2') } } },
      }),
    );
    const grades = sides.episodes[0]!.facts.lesions.map(({ side, surgery, wideBiopsy }) => [
      side,
      surgery?.diseaseGrade,
      wideBiopsy?.diseaseGrade,
    ]);
    assert.deepEqual(grades, [
      ['L', 'G1', undefined],
      ['R', 'G3', 'G2'],
    ]);
  });
});
