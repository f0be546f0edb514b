import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { boxMapping, type Edges } from '../../pipeline/semantics/header/box-mapping.js';
import type { FieldOfView } from '../../pipeline/semantics/header/field-of-view.js';
import { imagePairs, type PairingFacts } from '../../pipeline/semantics/header/pairing.js';

function image(
  sopInstanceUid: string,
  intent: string | null,
  facts: Partial<PairingFacts> = {},
): PairingFacts {
  return {
    sopInstanceUid,
    intent,
    breast: 'L',
    view: 'CC',
    modifiers: [],
    kind: 'ffdm',
    acquisitionDate: 15000,
    acquisitionTime: '101530',
    sourceUids: [],
    ...facts,
  };
}
const shown = (uid: string, facts: Partial<PairingFacts> = {}) => image(uid, 'FOR PRESENTATION', facts);
const raw = (uid: string, facts: Partial<PairingFacts> = {}) => image(uid, 'FOR PROCESSING', facts);

/** Pairs as `uid>uid source`, sorted. */
function pairs(...images: PairingFacts[]): string[] {
  return [...imagePairs(images)].map(([uid, pair]) => `${uid}>${pair.sopInstanceUid} ${pair.from}`).sort();
}

describe('pairs of one exposure', () => {
  const other = { acquisitionTime: '101531' };
  const cases: [string, PairingFacts[], string[]][] = [
    ['nothing', [], []],
    ['only for presentation', [shown('p'), shown('q')], []],
    ['by source', [shown('p', { sourceUids: ['r'], ...other }), raw('r')], ['p>r source', 'r>p source']],
    ['by acquisition', [shown('p'), raw('r')], ['p>r acquisition', 'r>p acquisition']],
    [
      'a fraction of no length',
      [shown('p', { acquisitionTime: '101530.000' }), raw('r')],
      ['p>r acquisition', 'r>p acquisition'],
    ],
    ['another second', [shown('p', other), raw('r')], []],
    ['another day', [shown('p', { acquisitionDate: 15001 }), raw('r')], []],
    ['another breast', [shown('p', { breast: 'R' }), raw('r')], []],
    ['another view', [shown('p', { view: 'MLO' }), raw('r')], []],
    ['another modifier', [shown('p', { modifiers: ['M'] }), raw('r')], []],
    [
      'modifiers in another order',
      [shown('p', { modifiers: ['ID', 'M'] }), raw('r', { modifiers: ['M', 'ID'] })],
      ['p>r acquisition', 'r>p acquisition'],
    ],
    ['another kind', [shown('p', { kind: 'synthetic_2d' }), raw('r')], []],
    ['no time', [shown('p', { acquisitionTime: null }), raw('r', { acquisitionTime: null })], []],
    ['no breast', [shown('p', { breast: null }), raw('r', { breast: null })], []],
    ['two candidates for processing', [shown('p'), raw('r'), raw('s')], []],
    ['two candidates for presentation', [shown('p'), shown('q'), raw('r')], []],
    ['a source that is not there is another image', [shown('p', { sourceUids: ['x'] }), raw('r')], []],
    ['two sources that are there', [shown('p', { sourceUids: ['r', 's'] }), raw('r'), raw('s')], []],
    [
      'one source named twice',
      [shown('p', { sourceUids: ['r', 'r'] }), raw('r')],
      ['p>r source', 'r>p source'],
    ],
    [
      'a source that is for presentation',
      [shown('p', { sourceUids: ['q'], ...other }), shown('q'), raw('r')],
      ['q>r acquisition', 'r>q acquisition'],
    ],
    [
      'a source of the other breast is a contradiction',
      [shown('p', { sourceUids: ['r'] }), raw('r', { breast: 'R' })],
      [],
    ],
    [
      'processed twice',
      [shown('p', { sourceUids: ['r'] }), shown('q', { sourceUids: ['r'] }), raw('r')],
      ['p>r source', 'q>r source'],
    ],
    ['no intent', [image('p', null), raw('r')], []],
  ];
  for (const [name, images, expected] of cases) {
    test(name, () => {
      assert.deepEqual(pairs(...images), expected);
      assert.deepEqual(pairs(...[...images].reverse()), expected, 'in any order');
    });
  }
});

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
      { patientOrientation: ['P', 'L'] },
      [[180, 1, 200, 11], 'mirrored left to right'],
    ],
    [
      'one flip and the orientation',
      { ...YES, patientOrientation: ['A'] },
      { patientOrientation: ['P'] },
      [[180, 1, 200, 11], 'mirrored left to right'],
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
      { ...known, horizontalFlip: null, origin: [5, 7], patientOrientation: ['A'] },
      { ...known, horizontalFlip: null, origin: [10, 2], patientOrientation: ['A'] },
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
    patientOrientation: fc.constantFrom(['A', 'R'], ['P', 'L'], []),
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
    assert.ok(count > 100, `${count} mappings`);
  });
});
