import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TextArray } from '../../pipeline/stages/write/text-array.js';
import { column } from '../../schemas/column.js';
import type { BatchParts } from '../../pipeline/stages/write/ipc-stream.js';

const texts = column('texts', 'string', { description: 'Any.', source: 'test' });

/** The texts that an Arrow array of Utf8 holds, by its offsets and bytes. */
function textsIn({ nodes, buffers }: BatchParts): (string | null)[] {
  const [validity, offsetBytes, bytes] = buffers as [Uint8Array, Uint8Array, Uint8Array];
  const offsets = new Int32Array(offsetBytes.slice().buffer);
  assert.equal(offsets.at(-1), bytes.length);
  return Array.from({ length: nodes[0]!.length }, (_, i) => {
    const isThere = validity.length === 0 || ((validity[i >> 3]! >> (i & 7)) & 1) === 1;
    const text = Buffer.from(bytes.slice(offsets[i], offsets[i + 1])).toString('utf8');
    if (!isThere) assert.equal(text, '');
    return isThere ? text : null;
  });
}

function batchOf(array: TextArray): BatchParts {
  const batch: BatchParts = { length: 0, nodes: [], buffers: [] };
  array.addTo(batch);
  return batch;
}

describe('an array of texts', () => {
  test('holds short and long ones, of ASCII and others, as they were given', () => {
    const cells = [
      '',
      'MG',
      null,
      'é',
      'a'.repeat(79) + 'é',
      'x'.repeat(80),
      'y'.repeat(81),
      '乗'.repeat(90),
      'MG',
    ];
    const array = new TextArray(texts);
    array.append(cells.slice(0, 4));
    array.append(cells.slice(4));
    assert.deepEqual(textsIn(batchOf(array)), cells);
  });

  test('counts what is missing, and needs no bits where nothing is', () => {
    const array = new TextArray(texts);
    array.append(['a', null, 'b', null]);
    const batch = batchOf(array);
    assert.deepEqual(batch.nodes, [{ length: 4, nullCount: 2 }]);
    array.clear();
    array.append(['a', 'b']);
    assert.deepEqual(batchOf(array).nodes, [{ length: 2, nullCount: 0 }]);
    assert.equal(batchOf(array).buffers[0]!.length, 0);
  });

  test('halves of a character at the end of one and the start of the next text do not become one', () => {
    const array = new TextArray(texts);
    array.append(['a\ud83d', '\ude00b']);
    assert.deepEqual(textsIn(batchOf(array)), ['a\ufffd', '\ufffdb']);
  });

  test('holds any texts, in any portions, again and again', () => {
    const cell = fc.option(fc.string({ unit: 'grapheme', maxLength: 100 }));
    const array = new TextArray(texts);
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 9 }), { maxLength: 5 }), (portions) => {
        array.clear();
        for (const portion of portions) array.append(portion);
        assert.deepEqual(textsIn(batchOf(array)), portions.flat());
      }),
    );
  });
});
