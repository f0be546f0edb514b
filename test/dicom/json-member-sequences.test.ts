import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { checkInTurn } from '../helpers/json-headers.js';

const selection = loadTagSelection();

describe('sequences of headers that are read from their bytes', () => {
  test('frames are read by what is selected of them, whatever else they hold', () => {
    const side = (value: string) =>
      `"00209071":{"vr":"SQ","Value":[{"00209072":{"vr":"CS","Value":["${value}"]}}]}`;
    const position = (z: number) =>
      `"00209113":{"vr":"SQ","Value":[{"00200032":{"vr":"DS","Value":[0,0,${z}]}}]}`;
    const frames = (...items: string[]) =>
      `{"52009230":{"vr":"SQ","Value":[${items.map((item) => `{${item}}`).join(',')}]}}`;
    const texts = [
      frames(...[0, 1.5, -2].map((z) => `${side('R')},${position(z)}`)),
      frames(...['L', 'L', 'R'].map((value, z) => `${side(value)},${position(z)}`)),
      // the selected element is missing from a frame, in front, or between
      frames(position(1), `${side('R')},${position(2)}`),
      frames(side('R'), '', side('R')),
      frames('', ''),
      frames(side('R')),
      // of another kind than a sequence
      frames('"00209071":{"vr":"CS","Value":["R"]}'),
      frames('"00209071":{"vr":"UN","InlineBinary":"AAA="}', side('R')),
      frames('"00209071":{"vr":"SQ"}', side('L')),
      frames(side('L'), side('R')).replace('SQ', 'UN'),
    ];
    assert.deepEqual(checkInTurn([...texts, ...texts.toReversed()]), new Array(20).fill(true));
    const reader = new JsonHeaderReader(selection);
    const index = selection.tags.findIndex(({ column }) => column.name === 'frame_lateralities');
    const found = texts.slice(0, 4).map((text) => reader.readBytes(Buffer.from(text))?.values.cells[index]);
    assert.deepEqual(found, [
      ['R', 'R', 'R'],
      ['L', 'L', 'R'],
      ['', 'R'],
      ['R', '', 'R'],
    ]);
  });

  test('an item that JSON.stringify would write another way is read and written as by JSON.parse', () => {
    const code = '"00080100":{"vr":"SH","Value":["A"]}';
    const items = [
      // keys that come in another order, or are spelled another way
      `{"00080104":{"vr":"LO"},${code}}`,
      `{${code},"20500010":{"vr":"CS"}}`,
      `{${code},"0008010a":{"vr":"LO"}}`,
      `{${code},"note":1}`,
      `{ ${code} }`,
      `{${code},"00080104":{"vr":"LO","Value":["\\u0041"]}}`,
      `{${code},"00080104":{"vr":"LO","Value":["\u00e9"]}}`,
      `{${code},"00080104":{"vr":"DS","Value":[1.50]}}`,
      `{${code},"00080104":{"Value":["B"],"vr":"LO"}}`,
      `{${code},"00080104":{"vr":"lo","Value":[null]}}`,
      `{${code},"00080104":{"vr":"LO","Value":[]}}`,
      '{"Alphabetic":"A^B"}',
      'null',
      '"text"',
      '1',
    ];
    for (const key of ['00540220', '00091002']) {
      const texts = items.map((item) => `{"${key}":{"vr":"SQ","Value":[{${code}},${item},{}]}}`);
      assert.deepEqual(checkInTurn([...texts, ...texts]), new Array(2 * texts.length).fill(true));
    }
    // A key twice is to be reported, also where one of the two is in an item that has been met.
    const twice = ['', '"00540222":{"vr":"SQ"},'].map(
      (between) => `{"00540220":{"vr":"SQ","Value":[{${code},${between}${code}}]}}`,
    );
    assert.deepEqual(checkInTurn([...twice, ...twice]), [false, false, false, false]);
    // Items that end early, or go on where they should end.
    const cut = [`[{${code}`, `[{${code},}]`, `[{${code}},]`, `[{${code}}}`, `[{${code}]`, `[{${code}}{}]`];
    for (const value of cut)
      assert.deepEqual(checkInTurn([`{"00540220":{"vr":"SQ","Value":${value}}}`]), [false], value);
  });

  test('sequences are read as deep as they go, and refused where that is deeper than any real one', () => {
    const nested = (depth: number) =>
      `${'{"vr":"SQ","Value":[{"00081140":'.repeat(depth)}{"vr":"CS"}${'}]}'.repeat(depth)}`;
    const keys = ['00540220', '00091002'];
    const isRead = (depth: number) => checkInTurn(keys.map((key) => `{"${key}":${nested(depth)}}`));
    for (const depth of [1, 15, 16, 17, 30]) assert.deepEqual(isRead(depth), [true, true], `${depth}`);
    assert.deepEqual(isRead(50), [false, false]);
  });
});
