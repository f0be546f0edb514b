import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { joinClient } from '../../pipeline/stages/join.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { clientRecord, dicomHeader, imageRecord, jsonHeader, studyRecord } from '../helpers/records.js';
import { day } from '../nbss/helpers.js';

const EPISODES = [
  { episodeId: 'E1', dates: new Set([day('2012-03-04')]) },
  { episodeId: 'E2', dates: new Set([day('2012-03-04'), day('2013-01-01')]) },
];

function join(record: Parameters<typeof clientRecord>[0]) {
  const mismatches: Mismatch[] = [];
  const joined = joinClient(clientRecord(record), EPISODES, (mismatch) => mismatches.push(mismatch));
  return { ...joined, mismatches };
}

const listed = (study: Record<string, unknown>) => ({ STUDIES: { '1.2': study } });

describe('the studies of a client', () => {
  test('are those that imagedb lists and those on disk, each once, by UID as text', () => {
    const { studies } = join({
      imagedb: { STUDIES: { '1.10': {}, '1.2': {} } },
      studies: [studyRecord('1.3'), studyRecord('1.2')],
    });
    assert.deepEqual(
      studies.map(({ uid, listed: inImagedb, onDisk }) => [uid, inImagedb !== null, onDisk !== null]),
      [
        ['1.10', true, false],
        ['1.2', true, true],
        ['1.3', false, true],
      ],
    );
  });

  test('are those on disk alone without an imagedb', () => {
    const { imagedb, studies } = join({ studies: [studyRecord('1.2')] });
    assert.equal(imagedb, null);
    assert.deepEqual(
      studies.map(({ uid, link }) => [uid, link.how]),
      [['1.2', 'unresolved']],
    );
  });

  const links: [study: Record<string, unknown>, how: string, episode: string | null][] = [
    [{ StudyDate: '2012-03-04', EpisodeID: 'E2' }, 'imagedb', 'E2'],
    [{ StudyDate: '20120304', EpisodeID: ' E2 ' }, 'imagedb', 'E2'],
    [{ StudyDate: '2012-03-04', EpisodeID: 'E9' }, 'date', 'E1'],
    [{ StudyDate: '2013-01-01' }, 'date', 'E2'],
    [{ StudyDate: '2014-01-01', EpisodeID: 'E9' }, 'unresolved', null],
    [{ EpisodeID: 'E1' }, 'unresolved', null],
    [{ StudyDate: ['2012-03-04'], EpisodeID: 'E1' }, 'unresolved', null],
    [{ StudyDate: '2012-13-04', EpisodeID: 'E1' }, 'unresolved', null],
  ];
  for (const [study, how, episode] of links) {
    test(`of ${JSON.stringify(study)}: ${how} ${String(episode)}`, () => {
      const { link } = join({ imagedb: listed(study) }).studies[0]!;
      assert.deepEqual([link.how, link.episodeId], [how, episode]);
    });
  }

  test('whose date is none are reported, with the date as it stands', () => {
    const { studies, mismatches } = join({ imagedb: listed({ StudyDate: ' 4/3/2012 ' }) });
    assert.equal(studies[0]!.date, null);
    assert.deepEqual(
      mismatches.map(({ kind, study_instance_uid, path, found }) => [kind, study_instance_uid, path, found]),
      [['date_invalid', '1.2', 'optm1/imagedb_optm1.json', '4/3/2012']],
    );
  });

  test('without a date are no bad date', () => {
    for (const study of [{}, { StudyDate: null }, { StudyDate: ' ' }])
      assert.deepEqual(join({ imagedb: listed(study) }).mismatches, []);
  });
});

describe('the images of a study', () => {
  const image = (uid: string, headers = {}) => imageRecord('1.2', uid, headers);

  test('are those of every series and those on disk, by UID; one in two series has both places', () => {
    const { studies } = join({
      imagedb: listed({ '1.2.1': { '1.5': {}, '1.4': null }, '1.2.2': { '1.5': {} } }),
      studies: [studyRecord('1.2', [image('1.6'), image('1.4')])],
    });
    assert.deepEqual(
      studies[0]!.images.map(({ uid, listed: places, onDisk }) => [
        uid,
        places.map(({ seriesUid }) => seriesUid),
        onDisk !== null,
      ]),
      [
        ['1.4', ['1.2.1'], true],
        ['1.5', ['1.2.1', '1.2.2'], false],
        ['1.6', [], true],
      ],
    );
  });

  test('have the series of imagedb, else that of the header', () => {
    const json = jsonHeader({ '0020000E': ['UI', '1.2.9'] });
    const { studies } = join({
      imagedb: listed({ '1.2.1': { '1.4': {} } }),
      studies: [studyRecord('1.2', [image('1.4', { json }), image('1.5', { json }), image('1.6')])],
    });
    assert.deepEqual(
      studies[0]!.images.map(({ seriesUid }) => seriesUid),
      ['1.2.1', '1.2.9', null],
    );
  });

  const json = jsonHeader({ '00080060': ['CS', 'MG'] });
  const complete = dicomHeader({ '00080060': ['CS', 'MG'] });
  const cut = dicomHeader({ '00080060': ['CS', 'MG'] }, { state: 'no_pixel_data' });
  const headers: [what: string, headers: object, from: string | null][] = [
    ['both, the DICOM one complete', { json, dicom: complete }, 'dicom'],
    ['both, the DICOM one without pixels', { json, dicom: cut }, 'json'],
    ['a DICOM one without pixels alone', { dicom: cut }, 'dicom'],
    ['JSON alone', { json }, 'json'],
    ['none that can be read', { unread: ['json', 'dicom'] }, null],
  ];
  for (const [what, given, from] of headers) {
    test(`with headers: ${what}, are read from ${String(from)}`, () => {
      const { studies } = join({ studies: [studyRecord('1.2', [image('1.4', given)])] });
      assert.equal(studies[0]!.images[0]!.header?.from ?? null, from);
    });
  }
});
