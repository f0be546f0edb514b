import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DuckDb } from '../../pipeline/engine/duckdb.js';
import { findStrayCode, readCodes, strayCode } from '../../pipeline/snapshot/verify-codes.js';
import type { Column, ColumnType, Table } from '../../schemas/column.js';

const column = (name: string, type: ColumnType, codes: string | null): Column => ({
  name,
  type,
  nullable: true,
  description: '',
  source: '',
  unit: null,
  codes,
  freeText: false,
  otherText: null,
});

const TABLE: Table = {
  name: 'rows',
  description: '',
  key: ['client_id'],
  parents: [],
  columns: [
    column('client_id', 'string', null),
    column('one', 'string', 'SIDE'),
    column('many', 'list<string>', "IT'S"),
  ],
};

/** What is found where table `rows` has this one row, as SQL, beside one that is in order; and whether it is seen at a glance. */
async function strayIn(one: string, many: string): Promise<{ isSeen: boolean; found: unknown }> {
  const db = await DuckDb.open();
  try {
    await db.query(`CREATE TABLE codes AS FROM (VALUES ('SIDE', 'L'), ('SIDE', 'R'), ('IT''S', 'a'), ('IT''S', 'o''b'))
                    t(list, code)`);
    await db.query(`CREATE TABLE mismatches AS FROM (VALUES ('c1', 'code_unknown', 'X'), ('c2', 'code_unknown', 'Y'),
                    ('c1', 'date_invalid', 'Z')) t(client_id, kind, found)`);
    await db.query(`CREATE TABLE rows AS FROM (VALUES ('c0', 'L', ['a', 'o''b'], 'p'),
                    ('c1', ${one}::VARCHAR, ${many}::VARCHAR[], 'p')) t(client_id, one, many, part)`);
    const condition = strayCode(TABLE, await readCodes(db, 'codes'));
    const isSeen = (await db.rows(`SELECT 1 FROM rows WHERE ${condition}`)).length > 0;
    const stray = await findStrayCode(db, TABLE, 'part');
    return { isSeen, found: stray === null ? null : [stray.column, stray.list, stray.key] };
  } finally {
    await db.close();
  }
}

describe('a cell that holds no code of its list', () => {
  for (const [what, one, many] of [
    ['codes of the lists', "'R'", "['o''b']"],
    ['no value, and no list', 'NULL', 'NULL'],
    ['an empty list', "'R'", '[]'],
    ['a list of null and a code', "'R'", "[NULL, 'a']"],
  ] as const)
    test(`is not ${what}`, async () => {
      assert.equal((await strayIn(one, many)).found, null);
    });

  test('is none that a mismatch of the client names, though it is seen', async () => {
    assert.deepEqual(await strayIn("'X'", "['X', 'a']"), { isSeen: true, found: null });
  });

  const key = { client_id: 'c1' };
  for (const [what, one, many, found] of [
    ['a code of another list', "'a'", "['a']", ['one', 'SIDE', key]],
    ['the code in another case', "'l'", "['a']", ['one', 'SIDE', key]],
    ['an empty text', "''", "['a']", ['one', 'SIDE', key]],
    ['an item of a list', "'R'", "['a', 'L']", ['many', "IT'S", key]],
    ['an item beside a null', "'R'", "[NULL, 'b']", ['many', "IT'S", key]],
    ['what a mismatch of another client names', "'Y'", "['a']", ['one', 'SIDE', key]],
    ['what a mismatch of another kind names', "'Z'", "['a']", ['one', 'SIDE', key]],
  ] as const)
    test(`is found: ${what}`, async () => {
      assert.deepEqual(await strayIn(one, many), { isSeen: true, found });
    });
});
