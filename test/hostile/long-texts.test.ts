import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holdsAllNumbers } from '../../pipeline/base/decimal.js';
import { saySame } from '../../pipeline/dicom/header-values.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { parseJsonObject } from '../../pipeline/omi-db/json.js';
import { imagePairs, type PairingFacts } from '../../pipeline/semantics/header/pairing.js';
import { cpuSeconds } from '../helpers/cpu.js';
import { shippedTags } from '../helpers/flat-database.js';
import { flatten } from '../nbss/helpers.js';

/**
 * Long texts that look like what they are not. Each is read in time that grows with its length: where that grew with the
 * square or the cube, one file of 10 kB took minutes, and one of megabytes would take years.
 */

const LONG = 300_000;
const MAX_SECONDS = 20;

const many = (text: string) => text.repeat(Math.ceil(LONG / text.length));

function quickly<Result>(read: () => Result): Result {
  const start = cpuSeconds();
  const result = read();
  const seconds = cpuSeconds() - start;
  assert.ok(seconds < MAX_SECONDS, `it took ${seconds.toFixed(1)} s`);
  return result;
}

describe('what is no JSON is said to be none at once', () => {
  const CUT = /ends in the middle/;
  const cases: readonly [string, string, RegExp][] = [
    ['digits before a letter', `{"a":${many('1')}x}`, /not JSON \(line 1, column 300006\)/],
    ['digits, a point and digits before a letter', `{"a":${many('1')}.${many('1')}x}`, /not JSON/],
    ['digits and points', `{"a":${many('1.1')}}`, /not JSON \(line 1, column 10\)/],
    ['an exponent before a letter', `{"a":1e${many('1')}x}`, /not JSON/],
    ['signs', `{"a":${many('-')}}`, /not JSON \(line 1, column 6\)/],
    ['numbers in words', `{"a":${many('1a')}}`, /not JSON/],
    ['numbers that are none in words', `{"a":${many('NaN')}}`, /not JSON \(line 1, column 6\)/],
    ['a string without an end, of escaped quotation marks', `{"a":"${many('\\"')}`, CUT],
    ['quotation marks and backslashes', `{"a":${many('"\\')}`, CUT],
    ['colons and commas', `{${many(':,')}}`, /not JSON \(line 1, column 2\)/],
    ['values without commas', `{"a":[${many('1 ')}`, /not JSON \(line 1, column 9\)/],
    ['brackets that open', many('['), /deeper than 100/],
    ['objects that open', many('{"a":'), /deeper than 100/],
    ['brackets that open after a line that is a string without an end', `{"a\n${many('[')}`, CUT],
  ];
  for (const [name, text, message] of cases)
    test(name, () => {
      assert.throws(() => quickly(() => parseJsonObject(Buffer.from(text))), message);
    });

  test('a thousand NaN, each on lines of its own, and their places', () => {
    const lines = '\n'.repeat(LONG / 1000);
    const { oddNumbers } = quickly(() =>
      parseJsonObject(Buffer.from(`{"a":[${`${lines} NaN,`.repeat(1000)}0]}`)),
    );
    assert.equal(oddNumbers.length, 1000);
    assert.deepEqual(oddNumbers[999], { text: 'NaN', place: 'line 300001, column 2' });
  });
});

describe('what a text holds that looks like a number', () => {
  test('is passed over in a string, and the numbers around it are read', () => {
    const text = `[${many('1')}.1.1,"`.replaceAll('"', '\\"');
    const { object } = quickly(() => parseJsonObject(Buffer.from(`{"a":"${text}","b":0.5}`)));
    assert.deepEqual(object, { a: JSON.parse(`"${text}"`) as string, b: 0.5 });
  });

  test('is no number where it has two points', () => {
    assert.equal(
      quickly(() => holdsAllNumbers(`[${many('1')}.1.1]`)),
      true,
    );
  });
});

describe('long values', () => {
  const tags = shippedTags();

  test('names of spaces and carets are compared', () => {
    const name = { ...tags.tags[0]!, vr: 'PN' };
    const long = `a${many(' ^')}`;
    assert.equal(
      quickly(() => saySame(name, `${long}b`, `${long}c`)),
      false,
    );
    assert.equal(
      quickly(() => saySame(name, `${long}=b${long}`, 'a=ba')),
      true,
    );
  });

  test('times of zeros are compared', () => {
    const image = (sopInstanceUid: string, intent: string, acquisitionTime: string): PairingFacts => ({
      ...{ sopInstanceUid, intent, acquisitionTime, breast: 'L', view: 'CC', modifiers: [], kind: 'ffdm' },
      ...{ acquisitionDate: 15000, sourceUids: [] },
    });
    const zeros = many('0');
    const pairs = (end: string) =>
      imagePairs([
        image('p', 'FOR PRESENTATION', `101530.${zeros}${end}`),
        image('r', 'FOR PROCESSING', '101530'),
      ]).size;
    assert.deepEqual(
      quickly(() => [pairs(''), pairs('1')]),
      [2, 0],
    );
  });

  test('a list of 150,001 values that was written as one text is read', () => {
    const header = { '00280030': { vr: 'DS', Value: [`${many('1\\')}2`] } };
    const { values } = quickly(() => new JsonHeaderReader(tags).read(header));
    const cell = values.cells[tags.tags.findIndex(({ column }) => column.name === 'pixel_spacing')];
    assert.ok(Array.isArray(cell));
    assert.deepEqual([cell.length, cell[0], cell[150_000]], [150_001, 1, 2]);
  });
});

test('the further screens of 5000 episodes come in the order of the file', () => {
  const episodes = Array.from(
    { length: 5000 },
    (_, i) => `"E${i}":{"OTHERSCREENING":{"2":{"L":{"DateTaken":"2010-05-01"}},"1":{}}}`,
  );
  const { rows } = quickly(() => flatten(`{"ClientID":"optm1",${episodes.join()}}`));
  const keys = rows.events.map((row) => row['source_key']);
  assert.equal(keys.length, 10_000);
  assert.deepEqual(keys.slice(-2), ['2', '1']);
});
