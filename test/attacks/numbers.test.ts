import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holdsAllNumbers, isHeldByDouble, nearestDouble } from '../../pipeline/base/decimal.js';
import { parseJsonObject } from '../../pipeline/omi-db/json.js';
import { Database, Findings, goodHeader, IMAGE, SERIES, STUDY } from '../hostile/database.js';

/** Numbers of JSON that a double does not hold: their text is kept as it stands. */

const LOST = [
  '1e-400',
  '-2.5E-330',
  '1e400',
  '0.1234567890123456789012',
  '1.0000000000000000000001',
  '1234567890.123456789012',
  '9007199254740993',
];
/** Those with 17 digits are what shortest printing makes of doubles. */
const HELD = ['0', '0.0', '-0.0', '1e5', '1.50', '0.1', '1e-300', '0.30000000000000004', '5e-324', '0e-999'];

const written = (object: unknown): string => JSON.stringify(object);

describe('numbers that a double does not hold', () => {
  for (const number of LOST)
    test(`${number} stays as its text, in nbss and in an image header`, () => {
      const database = new Database();
      database.nbss(`{"ClientID":"optm1","7":{"Odd":[${number}, ${number} ],"Other":0.25}}`);
      const header = written({ ...goodHeader(), '00189999': { vr: 'FD', Value: ['@'] } });
      database.imageJson(header.replace('"@"', `${number},0.5`));
      const found = Findings.of(database);
      const extra = (table: string) =>
        JSON.parse(String(found.table(table)[0]!['extra'])) as Record<string, unknown>;
      assert.deepEqual(extra('episodes'), { Odd: [number, number], Other: 0.25 });
      assert.deepEqual(extra('images')['00189999'], { vr: 'FD', Value: [number, 0.5] });
    });

  test('in a column: 22 digits give the nearest double and stay in extra; what would become 0 is no number', () => {
    const database = new Database();
    const box = '"X1":1,"Y1":1,"X2":3,"Y2":4';
    const mark = `{${box},"Width":1.0000000000000000000001,"Height":1e-400}`;
    database.imagedb(`{"STUDIES":{"${STUDY}":{"${SERIES}":{"${IMAGE}":{"m":${mark}}}}}}`);
    const found = Findings.of(database);
    const [row] = found.table('marks');
    assert.deepEqual([row!['width'], row!['height']], [1, null]);
    assert.deepEqual(JSON.parse(String(row!['extra'])), {
      Width: '1.0000000000000000000001',
      Height: '1e-400',
    });
    const invalid = found.mismatches.filter(({ kind }) => kind === 'number_invalid');
    assert.deepEqual(
      invalid.map((row) => row['found']),
      ['1e-400'],
    );
  });
});

test('numbers that a double holds stay numbers, however they are spelled', () => {
  for (const number of HELD) {
    const { object } = parseJsonObject(Buffer.from(`{"a":${number},"b":"1.2.840.1138889999999,1,2"}`));
    assert.equal(object['a'], Number(number), number);
    assert.ok(isHeldByDouble(number), number);
  }
  for (const number of LOST) assert.ok(!isHeldByDouble(number), number);
});

test('every number of a text is looked at, and none in the UIDs of a list', () => {
  assert.ok(
    holdsAllNumbers('{"a":[0.30000000000000004,1e5],"b":"1.2.840.113619.2.1,1.2.840.113619.2.2,1.2"}'),
  );
  assert.ok(!holdsAllNumbers('{"a":[0.30000000000000004,1e5,0.1234567890123456789012]}'));
  assert.ok(!holdsAllNumbers('{"a" : 1e-400 }'));
});

test('a number that is not 0 never becomes 0, nor infinite', () => {
  assert.equal(nearestDouble('0e-999'), 0);
  assert.equal(nearestDouble('1e-400'), null);
  assert.equal(nearestDouble('1e400'), null);
  assert.equal(nearestDouble('5e-324'), 5e-324);
});
