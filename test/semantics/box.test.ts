import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  agreesWithLesionSide,
  chooseSpacing,
  markBox,
  type Box,
  type ImageGeometry,
} from '../../pipeline/semantics/box.js';

const NOTHING: ImageGeometry = {
  columns: null,
  rows: null,
  pixelSpacing: null,
  imagerPixelSpacing: null,
  magnification: null,
};
const image: ImageGeometry = { ...NOTHING, columns: 2000, rows: 4000 };

function box(coordinates: [number, number, number, number], geometry = image): Box {
  const [x1, y1, x2, y2] = coordinates;
  const found = markBox({ x1, y1, x2, y2 }, geometry);
  assert.ok(found !== null);
  return found;
}

describe('corners, size and normalised coordinates', () => {
  test('in order', () => {
    const expected = { xMin: 100, yMin: 400, xMax: 300, yMax: 1000, width: 200, height: 600 };
    for (const corners of [
      [100, 400, 300, 1000],
      [300, 1000, 100, 400],
      [100, 1000, 300, 400],
    ] as const) {
      assert.deepEqual(box([...corners]).pixels, expected);
    }
  });

  test('decimals: the smallest box of whole pixels that holds them', () => {
    const { pixels } = box([100.9, 400.1, 299.1, 999.5]);
    assert.deepEqual(pixels, { xMin: 100, yMin: 400, xMax: 300, yMax: 1000, width: 200, height: 600 });
  });

  test('normalised by Columns and Rows', () => {
    // 100 / 2000, 400 / 4000, 300 / 2000, 1000 / 4000
    assert.deepEqual(box([100, 400, 300, 1000]).normalised, {
      xMin: 0.05,
      yMin: 0.1,
      xMax: 0.15,
      yMax: 0.25,
    });
    assert.deepEqual(box([0, 0, 2000, 4000]).normalised, { xMin: 0, yMin: 0, xMax: 1, yMax: 1 });
    assert.equal(box([100, 400, 300, 1000], { ...NOTHING, columns: 2000 }).normalised, null);
    assert.equal(box([100, 400, 300, 1000], { ...NOTHING, columns: 0, rows: 0 }).normalised, null);
  });

  test('without a coordinate there is no box', () => {
    const whole = { x1: 1, y1: 2, x2: 3, y2: 4 };
    for (const name of ['x1', 'y1', 'x2', 'y2']) {
      assert.equal(markBox({ ...whole, [name]: null }, image), null);
      assert.equal(markBox({ ...whole, [name]: Number.NaN }, image), null);
      assert.equal(markBox({ ...whole, [name]: Number.POSITIVE_INFINITY }, image), null);
    }
  });
});

describe('spacing and size in mm', () => {
  // DICOM PS3.3 10.7.1.3: the first number is the spacing of rows, vertical; the second that of columns, horizontal.
  const cases: [string, Partial<ImageGeometry>, [x: number, y: number, source: string] | null][] = [
    ['PixelSpacing alone', { pixelSpacing: [0.1, 0.05] }, [0.05, 0.1, 'pixel_spacing']],
    [
      'PixelSpacing that differs: corrected, in the patient',
      { pixelSpacing: [0.09, 0.09], imagerPixelSpacing: [0.1, 0.1], magnification: 1.2 },
      [0.09, 0.09, 'pixel_spacing'],
    ],
    [
      'PixelSpacing that is the same: not corrected',
      { pixelSpacing: [0.1, 0.1], imagerPixelSpacing: [0.1, 0.1] },
      [0.1, 0.1, 'imager_pixel_spacing'],
    ],
    [
      'the same, with a magnification',
      { pixelSpacing: [0.1, 0.1], imagerPixelSpacing: [0.1, 0.1], magnification: 2 },
      [0.05, 0.05, 'imager_pixel_spacing_magnification'],
    ],
    ['ImagerPixelSpacing alone', { imagerPixelSpacing: [0.2, 0.1] }, [0.1, 0.2, 'imager_pixel_spacing']],
    [
      'divided by the magnification',
      { imagerPixelSpacing: [0.2, 0.1], magnification: 2 },
      [0.05, 0.1, 'imager_pixel_spacing_magnification'],
    ],
    [
      'a magnification of zero is none',
      { imagerPixelSpacing: [0.2, 0.1], magnification: 0 },
      [0.1, 0.2, 'imager_pixel_spacing'],
    ],
    [
      'a negative one is none',
      { imagerPixelSpacing: [0.2, 0.1], magnification: -1 },
      [0.1, 0.2, 'imager_pixel_spacing'],
    ],
    [
      'zero is no spacing',
      { pixelSpacing: [0, 0.1], imagerPixelSpacing: [0.2, 0.1] },
      [0.1, 0.2, 'imager_pixel_spacing'],
    ],
    ['one number is no spacing', { pixelSpacing: [0.1] }, null],
    ['three are none', { imagerPixelSpacing: [0.1, 0.1, 0.1] }, null],
    ['a magnification alone is no spacing', { magnification: 2 }, null],
    ['none', {}, null],
  ];
  for (const [name, geometry, expected] of cases) {
    test(name, () => {
      const spacing = chooseSpacing({ ...NOTHING, ...geometry });
      assert.deepEqual(spacing === null ? null : [spacing.x, spacing.y, spacing.source], expected);
    });
  }

  test('width by column spacing, height by row spacing', () => {
    // 200 columns of 0.05 mm, 600 rows of 0.1 mm
    const { size } = box([100, 400, 300, 1000], { ...image, pixelSpacing: [0.1, 0.05] });
    assert.deepEqual(size, { widthMm: 10, heightMm: 60, source: 'pixel_spacing' });
    assert.equal(box([100, 400, 300, 1000]).size, null);
  });
});

describe('verdicts', () => {
  const only = (columns: number | null, rows: number | null) => ({ ...NOTHING, columns, rows });
  type Verdict = [empty: boolean, inverted: boolean, inBounds: boolean | null, swapped: boolean | null];
  const cases: [string, [number, number, number, number], ImageGeometry, Verdict][] = [
    ['within', [10, 20, 30, 40], image, [false, false, true, false]],
    ['the whole image', [0, 0, 2000, 4000], image, [false, false, true, false]],
    ['one column too far', [0, 0, 2001, 100], image, [false, false, false, true]],
    ['one row too far: exchanged it is worse', [0, 0, 100, 4001], image, [false, false, false, false]],
    ['a negative corner', [-1, 0, 100, 100], image, [false, false, false, false]],
    ['half a pixel too far', [10, 10, 2000.5, 20], image, [false, false, false, true]],
    ['axes exchanged', [3000, 100, 3500, 500], image, [false, false, false, true]],
    ['beyond both ways', [3000, 100, 5000, 500], image, [false, false, false, false]],
    ['x inverted', [30, 20, 10, 40], image, [false, true, true, false]],
    ['y inverted', [10, 40, 30, 20], image, [false, true, true, false]],
    ['inverted and beyond', [3500, 100, 3000, 500], image, [false, true, false, true]],
    ['no width', [10, 20, 10, 40], image, [true, false, true, false]],
    ['no height', [10, 20, 30, 20], image, [true, false, true, false]],
    ['no Columns and Rows: not known', [10, 20, 30, 40], only(null, null), [false, false, null, null]],
    ['negative is out whatever the image', [-1, 20, 30, 40], only(null, null), [false, false, false, false]],
    [
      'Columns alone: beyond is out, exchanged not known',
      [3000, 10, 3100, 20],
      only(2000, null),
      [false, false, false, null],
    ],
    ['Rows alone: within is not known', [10, 20, 30, 40], only(null, 4000), [false, false, null, null]],
  ];
  for (const [name, coordinates, geometry, expected] of cases) {
    test(name, () => {
      const { empty, cornersInverted, inBounds, axesSwappedSuspected } = box(coordinates, geometry).verdicts;
      assert.deepEqual([empty, cornersInverted, inBounds, axesSwappedSuspected], expected);
    });
  }

  const sides: [string, 'L' | 'R' | null, string[][], boolean | null][] = [
    ['lesion on the side of the image', 'L', [['L']], true],
    ['lesion on the other side', 'L', [['R']], false],
    ['lesions of one number on both sides', 'R', [['L', 'R']], true],
    ['one of two on the other side', 'R', [['R'], ['L']], false],
    ['linked to no lesion', 'L', [], null],
    ['the episode has none of them', 'L', [[], []], null],
    ['one that the episode lacks does not count', 'L', [[], ['L']], true],
    ['the breast is not known', null, [['L']], null],
  ];
  for (const [name, breast, lesionSides, expected] of sides) {
    test(name, () => {
      assert.equal(agreesWithLesionSide(breast, lesionSides), expected);
    });
  }
});

test('whatever the order of the corners, the box is the same; and it holds them', () => {
  const coordinate = fc.double({ min: -5000, max: 5000, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, coordinate, coordinate, (x1, y1, x2, y2) => {
      const boxes = [box([x1, y1, x2, y2]), box([x2, y2, x1, y1]), box([x1, y2, x2, y1])];
      for (const { pixels, verdicts } of boxes) {
        assert.deepEqual(pixels, boxes[0]!.pixels);
        assert.equal(verdicts.inBounds, boxes[0]!.verdicts.inBounds);
        assert.ok(pixels.xMin <= Math.min(x1, x2) && Math.max(x1, x2) <= pixels.xMax);
        assert.ok(pixels.yMin <= Math.min(y1, y2) && Math.max(y1, y2) <= pixels.yMax);
        assert.ok(pixels.width >= 0 && pixels.height >= 0 && Object.values(pixels).every(Number.isInteger));
      }
    }),
  );
});
