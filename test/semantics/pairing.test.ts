import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
