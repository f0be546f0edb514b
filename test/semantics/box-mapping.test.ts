import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { boxMapping, type Edges } from '../../pipeline/semantics/header/box-mapping.js';
import type { FieldOfView } from '../../pipeline/semantics/header/field-of-view.js';

const NOTHING: FieldOfView = {
  rows: 400,
  columns: 300,
  origin: null,
  rotation: null,
  horizontalFlip: null,
  patientOrientation: [],
  imagerPixelSpacing: null,
  detectorElementSpacing: null,
};
const BOX: Edges = { xMin: 100, yMin: 1, xMax: 120, yMax: 11 };

function mapped(from: Partial<FieldOfView>, to: Partial<FieldOfView>): [number[], string] | null {
  const mapping = boxMapping({ ...NOTHING, ...from }, { ...NOTHING, ...to });
  if (mapping === null) return null;
  const { xMin, yMin, xMax, yMax } = mapping.map(BOX);
  return [[xMin, yMin, xMax, yMax], mapping.words];
}

describe('a box on the pair', () => {
  const NO = { horizontalFlip: 'NO' };
  const YES = { horizontalFlip: 'YES' };
  const known = { rotation: 0, horizontalFlip: 'NO', imagerPixelSpacing: [0.07, 0.07] };
  const cases: [string, Partial<FieldOfView>, Partial<FieldOfView>, [number[], string] | null][] = [
    ['the same flip', NO, NO, [[100, 1, 120, 11], 'the same place']],
    ['mirrored: 300 - 120, 300 - 100', YES, NO, [[180, 1, 200, 11], 'mirrored left to right']],
    [
      'by orientation alone',
      { patientOrientation: ['A', 'R'] },
      { patientOrientation: ['P', 'R'] },
      [[180, 1, 200, 11], 'mirrored left to right'],
    ],
    [
      'one flip and the orientation',
      { ...YES, patientOrientation: ['A', 'FR'] },
      { patientOrientation: ['P', 'F'] },
      [[180, 1, 200, 11], 'mirrored left to right'],
    ],
    [
      'rows and columns run against each other: no mirroring alone',
      { patientOrientation: ['A', 'R'] },
      { patientOrientation: ['P', 'L'] },
      null,
    ],
    [
      'orientations without columns decide nothing',
      { patientOrientation: ['A'] },
      { patientOrientation: ['P'] },
      null,
    ],
    [
      'flips that the orientation contradicts',
      { ...YES, patientOrientation: ['A'] },
      { ...NO, patientOrientation: ['A'] },
      null,
    ],
    [
      'orientations that are not opposite decide nothing',
      { patientOrientation: ['A'] },
      { patientOrientation: ['L'] },
      null,
    ],
    ['no flip, no orientation', {}, {}, null],
    ['one flip alone', YES, {}, null],
    ['no size', { ...NO, rows: null }, NO, null],
    ['another extent without origins', { ...NO, columns: 200 }, NO, null],
    [
      'other pixels',
      { ...NO, imagerPixelSpacing: [0.1, 0.1] },
      { ...NO, imagerPixelSpacing: [0.05, 0.05] },
      null,
    ],
    ['only one origin', { ...known, origin: [5, 7] }, known, null],
    ['only one tells a turn', { ...NO, rotation: 90 }, NO, null],
    ['no right angle', { ...NO, rotation: 45 }, { ...NO, rotation: 45 }, null],
    // Detector column 7 + 100 lies at 107 - 2 = 105, row 5 + 1 at 6 - 10 = -4: out of the other image, and said so.
    [
      'shifted',
      { ...known, origin: [5, 7] },
      { ...known, origin: [10, 2] },
      [[105, -4, 125, 6], 'shifted by the field of view origin'],
    ],
    [
      'cut at the right',
      { ...known, origin: [0, 0] },
      { ...known, origin: [0, 0], columns: 150 },
      [[100, 1, 120, 11], 'cut to another extent'],
    ],
    [
      'cut at the right, mirrored: 150 - 120',
      { ...known, origin: [0, 0] },
      { ...known, ...YES, origin: [0, 0], columns: 150 },
      [[30, 1, 50, 11], 'mirrored left to right, cut to another extent'],
    ],
    [
      'shifted, pixels of the detector are others',
      { ...known, origin: [5, 7] },
      { ...known, origin: [10, 2], detectorElementSpacing: [0.035, 0.035] },
      null,
    ],
    [
      'shifted, flips by the orientation alone',
      { ...known, horizontalFlip: null, origin: [5, 7], patientOrientation: ['A', 'R'] },
      { ...known, horizontalFlip: null, origin: [10, 2], patientOrientation: ['A', 'R'] },
      null,
    ],
    // A quarter turn clockwise of a picture 400 high: x = 400 - y, y = x.
    [
      'a quarter turn',
      { ...NO, rotation: 0 },
      { ...NO, rotation: 90, rows: 300, columns: 400 },
      [[389, 100, 399, 120], 'turned by 90 degrees clockwise on the detector'],
    ],
    [
      'half a turn: 300 - x, 400 - y',
      { ...NO, rotation: 0 },
      { ...NO, rotation: 180 },
      [[180, 389, 200, 399], 'turned by 180 degrees clockwise on the detector'],
    ],
    // Three quarters: x = y, y = 300 - x; then mirrored in a picture 400 wide: x = 400 - x.
    [
      'three quarters and mirrored',
      { ...NO, rotation: 0 },
      { ...YES, rotation: 270, rows: 300, columns: 400 },
      [[389, 180, 399, 200], 'turned by 270 degrees clockwise on the detector, mirrored left to right'],
    ],
  ];
  for (const [name, from, to, expected] of cases) {
    test(name, () => {
      assert.deepEqual(mapped(from, to), expected);
    });
  }

  test('the shared case of a flipped pair', () => {
    const size = { rows: 4096, columns: 3328, imagerPixelSpacing: [0.07, 0.07] };
    const shownView = { ...NOTHING, ...size, horizontalFlip: 'YES', patientOrientation: ['A', 'R'] };
    const rawView = { ...NOTHING, ...size, horizontalFlip: 'NO', patientOrientation: ['P', 'L'] };
    // 3328 - 200 and 3328 - 100
    assert.deepEqual(boxMapping(shownView, rawView)?.map({ xMin: 100, yMin: 1, xMax: 200, yMax: 11 }), {
      xMin: 3128,
      yMin: 1,
      xMax: 3228,
      yMax: 11,
    });
  });

  const length = fc.integer({ min: 1, max: 5000 });
  const place = fc.integer({ min: -100, max: 5000 });
  const view = fc.record({
    rows: fc.constantFrom(400, 300),
    columns: fc.constantFrom(400, 300),
    origin: fc.option(fc.tuple(place, place)),
    rotation: fc.constantFrom(null, 0, 90, 180, 270, -90),
    horizontalFlip: fc.constantFrom('YES', 'NO', null),
    patientOrientation: fc.constantFrom(['A', 'R'], ['P', 'R'], ['P', 'L'], []),
    imagerPixelSpacing: fc.constantFrom([0.07, 0.07], null),
    detectorElementSpacing: fc.constant(null),
  });
  const box = fc
    .tuple(place, place, length, length)
    .map(([xMin, yMin, width, height]): Edges => ({ xMin, yMin, xMax: xMin + width, yMax: yMin + height }));

  test('a box mapped to its pair and back is itself, with its size kept', () => {
    let count = 0;
    fc.assert(
      fc.property(view, view, box, (from, to, edges) => {
        const [there, back] = [boxMapping(from, to), boxMapping(to, from)];
        assert.equal(there === null, back === null);
        if (there === null || back === null) return;
        count++;
        const on = there.map(edges);
        assert.deepEqual(back.map(on), edges);
        const sides = ({ xMin, xMax, yMin, yMax }: Edges) => [xMax - xMin, yMax - yMin].sort((a, b) => a - b);
        assert.deepEqual(sides(on), sides(edges));
      }),
      { numRuns: 2000 },
    );
    // Some 115 of 2000 random pairs have a mapping; how many is left to chance.
    assert.ok(count > 40, `${count} mappings`);
  });
});
