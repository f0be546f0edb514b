import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClientModel, ImageModel } from '../../pipeline/model/client-model.js';
import { clientRecord, imageRecord, jsonHeader, modelOf, studyRecord } from '../helpers/records.js';

const SURGERY = { SURGERY: { right_opinion: 'OM', R: { '1': {} }, L: { '2': {} } } };

interface OneStudy {
  readonly images: Readonly<Record<string, Parameters<typeof jsonHeader>[0]>>;
  /** Content of the study in imagedb, beside its date and episode. */
  readonly listed?: object;
  readonly episode?: object;
}

/** A client with one study, of episode E. */
function clientOf({ images, listed = {}, episode = SURGERY }: OneStudy): ClientModel {
  const records = Object.entries(images).map(([uid, elements]) =>
    imageRecord('1.2', uid, { json: jsonHeader(elements) }),
  );
  const imagedb = { STUDIES: { '1.2': { StudyDate: '2012-03-04', EpisodeID: 'E', ...listed } } };
  const record = clientRecord({ imagedb, nbss: { E: episode }, studies: [studyRecord('1.2', records)] });
  return modelOf(record).client;
}

function imagesOf(study: OneStudy): readonly ImageModel[] {
  return clientOf(study).studies[0]!.images;
}

const RIGHT = { '00200062': ['CS', 'R'] } as const;
const LEFT = { '00200062': ['CS', 'L'] } as const;

describe('an image', () => {
  test('has the label of the one breast that it shows', () => {
    const images = imagesOf({ images: { '1.1': RIGHT, '1.2': LEFT, '1.3': { '00200062': ['CS', 'B'] } } });
    assert.deepEqual(
      images.map(({ breast, breastInEpisode }) => [breast, breastInEpisode?.label ?? null]),
      [
        ['R', 'M'],
        ['L', 'N'],
        [null, null],
      ],
    );
  });

  test('shares it with the other images of that breast', () => {
    const [first, second] = imagesOf({ images: { '1.1': RIGHT, '1.2': RIGHT } });
    assert.equal(first!.breastInEpisode, second!.breastInEpisode);
  });

  test('has rows and columns from the header, spacing where the selection has it', () => {
    const [image] = imagesOf({
      images: {
        '1.1': {
          '00280010': ['US', 100],
          '00280011': ['US', 50],
          '00181164': ['DS', 0.1, 0.2],
          '00181114': ['DS', 1.5],
        },
      },
    });
    assert.deepEqual(image!.geometry, {
      rows: 100,
      columns: 50,
      pixelSpacing: null,
      imagerPixelSpacing: [0.1, 0.2],
      magnification: 1.5,
    });
  });

  test('without a header has no geometry, no breast and no series, and its marks all the same', () => {
    const listed = { '1.9': { '1.1': { '4': { X1: 1, Y1: 2, X2: 3, Y2: 4 } } } };
    const [image] = imagesOf({ images: {}, listed });
    assert.equal(image!.breast, null);
    assert.deepEqual(Object.values(image!.geometry), [null, null, null, null, null]);
    assert.deepEqual(image!.marks[0]!.box!.pixels, {
      xMin: 1,
      yMin: 2,
      xMax: 3,
      yMax: 4,
      width: 2,
      height: 2,
    });
    assert.equal(image!.marks[0]!.box!.verdicts.inBounds, null);
  });
});

describe('a mark', () => {
  const box = { X1: 1, Y1: 2, X2: 3, Y2: 4 };

  test('of an id that another series gave already is told apart', () => {
    const listed = { '1.8': { '1.1': { '4': box } }, '1.9': { '1.1': { '4': box, '5': box } } };
    const { marks } = imagesOf({ images: { '1.1': RIGHT }, listed })[0]!;
    assert.deepEqual(
      marks.map(({ markId, source }) => [markId, source.id]),
      [
        ['4', '4'],
        ['4 (series 1.9)', '4'],
        ['5', '5'],
      ],
    );
  });

  const links: [linked: unknown, numbers: number[], agrees: boolean | null][] = [
    ['1', [1], true],
    ['2', [2], false],
    ['1,2,1', [1, 2], false],
    ['9', [9], null],
    ['UNLINKED', [], null],
    [null, [], null],
  ];
  for (const [linked, numbers, agrees] of links) {
    test(`that names ${String(linked)} on the right breast: ${String(agrees)}`, () => {
      const listed = { '1.9': { '1.1': { '4': { ...box, LinkedNBSSLesionNumber: linked } } } };
      const mark = imagesOf({ images: { '1.1': RIGHT }, listed })[0]!.marks[0]!;
      assert.deepEqual(mark.linked.numbers, numbers);
      assert.equal(mark.agreesWithLesionSide, agrees);
    });
  }
});

describe('a client', () => {
  test('whose files hold keys that nothing knows has them in the extra of their level, each reported once', () => {
    const record = clientRecord({
      imagedb: {
        Odd: 1,
        STUDIES: { '1.2': { Odd: 2, '1.9': { Odd: 3, '1.1': { Odd: 4, Mark: { Odd: 5 } } } } },
      },
      nbss: { Odd: 6, E: { Odd: 7 } },
    });
    const { client, mismatches } = modelOf(record);
    const [study] = client.studies;
    assert.equal(client.extra, '{"imagedb":{"Odd":1},"nbss":{"Odd":6}}');
    assert.equal(client.episodes[0]!.record.extra, '{"Odd":7}');
    assert.equal(study!.extra, '{"Odd":2}');
    assert.equal(study!.series[0]!.extra, '{"Odd":3}');
    assert.equal(study!.images[0]!.extra, '{"Odd":4}');
    assert.equal(study!.images[0]!.marks[0]!.record.extra, '{"Odd":5}');
    assert.deepEqual(
      mismatches.map(({ kind, path, found }) => [kind, path, found]),
      [['field_unknown', 'optm1/nbss_optm1.json', 'Odd']],
    );
  });

  test('without an nbss file has no summary, and one without episodes has an empty one', () => {
    assert.equal(modelOf(clientRecord({})).client.nbss, null);
    assert.equal(modelOf(clientRecord({ nbss: {} })).client.nbss!.summary.status, 'N');
  });
});
