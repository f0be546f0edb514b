import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { csvField, csvLine } from '../../pipeline/commands/csv.js';
import { plainTable, wrapForScreen } from '../../pipeline/commands/plain-table.js';
import { displayWidth, pad, wrapText } from '../../pipeline/commands/text-layout.js';

/** What is printed, laid out. Expected lines are written by hand. */

describe('text on a screen', () => {
  test('is counted by the columns it takes: two for wide characters, none for combining marks', () => {
    // East Asian Width W; U+0301 is a combining mark; a family of four people is one picture.
    for (const [text, width] of [['', 0], ['abc', 3], ['日本', 4], ['e\u0301', 1], ['👩‍👩‍👧‍👦', 2], ['ﾊﾝ', 2]] as const)
      assert.equal(displayWidth(text), width, JSON.stringify(text));
    assert.equal(pad('日', 4, 'left'), '日  ');
    assert.equal(pad('e\u0301', 3, 'right'), '  e\u0301');
    assert.equal(pad('long', 2, 'left'), 'long');
  }); // prettier-ignore

  test('is broken at blanks, within a word only where it must be, and loses nothing', () => {
    assert.deepEqual(wrapText('one two three', 7), ['one two', 'three']);
    assert.deepEqual(wrapText('a 123456789 b', 4), ['a', '1234', '5678', '9 b']);
    assert.deepEqual(wrapText('日本語', 4), ['日本', '語']);
    assert.deepEqual(wrapText('xe\u0301e\u0301', 2), ['xe\u0301', 'e\u0301']);
    // A character that is wider than a line stands alone.
    assert.deepEqual(wrapText('日本', 1), ['日', '本']);
    assert.deepEqual(wrapText('', 5), ['']);
    assert.equal(wrapForScreen('one two three', 7), 'one two\nthree');
    assert.equal(wrapForScreen('one two three', null), 'one two three');
    assert.equal(wrapForScreen('one two three', 9, '  '), '  one two\n  three');
  });
});

describe('a table', () => {
  const head = ['name', 'when', 'n'];
  const rows = [['one', 'today', '1'], ['日本', '', '1,000']]; // prettier-ignore

  test('has two blanks between columns, numbers to the right, and no blanks at the end of a line', () => {
    assert.equal(plainTable(head, rows, ['n'], { width: null }), 'name  when       n\none   today      1\n日本         1,000'); // prettier-ignore
    assert.equal(plainTable(['n', 'x'], [['1', 'a']], [], { width: 80 }), 'n  x\n1  a');
  });

  test('leaves out columns where the screen is too narrow, and says which', () => {
    const narrow = plainTable(head, rows, ['n'], { leaveOut: ['when', 'n'], width: 11 });
    assert.equal(narrow, 'name      n\none       1\n日本  1,000\n\nno room for: when');
    assert.match(plainTable(head, rows, ['n'], { leaveOut: ['when', 'n'], width: 5 }), /^name\none\n日本\n\nno room for: when, n$/); // prettier-ignore
    assert.doesNotMatch(plainTable(head, rows, ['n'], { leaveOut: ['when'], width: 18 }), /no room/);
  });

  test('breaks the column that may be broken into lines', () => {
    const text = 'Episodes of our care as NBSS records them';
    assert.equal(
      plainTable(['table', 'what', 'n'], [['episodes', text, '7']], ['n'], { wrap: 'what', width: 33 }),
      'table     what                  n\nepisodes  Episodes of our care  7\n          as NBSS records them',
    );
    assert.equal(plainTable(['a', 'what'], [['x', text]], [], { wrap: 'what', width: null }), `a  what\nx  ${text}`);
  }); // prettier-ignore
});

describe('a CSV field', () => {
  test('has quotes where RFC 4180 wants them; null and the empty text stay apart; lists are JSON, times ISO', () => {
    const fields: readonly (readonly [unknown, string, string])[] = [
      [null, 'VARCHAR', ''],
      ['', 'VARCHAR', '""'],
      ['plain text', 'VARCHAR', 'plain text'],
      ['a,b', 'VARCHAR', '"a,b"'],
      ['say "x"', 'VARCHAR', '"say ""x"""'],
      ['two\r\nlines', 'VARCHAR', '"two\r\nlines"'],
      [' edge', 'VARCHAR', '" edge"'],
      [[1, null], 'INTEGER[]', '"[1,null]"'],
      [true, 'BOOLEAN', 'true'],
      [1.5, 'DOUBLE', '1.5'],
      ['2020-02-29', 'DATE', '2020-02-29'],
      ['2020-02-29 01:02:03.5', 'TIMESTAMP', '2020-02-29T01:02:03.5'],
      ['2020-02-29 01:02:03+00', 'TIMESTAMP WITH TIME ZONE', '2020-02-29T01:02:03+00'],
      ['a b', 'VARCHAR', 'a b'],
    ];
    for (const [value, type, expected] of fields) assert.equal(csvField(value, type), expected);
    assert.equal(csvLine(['a', '', '""']), 'a,,""\r\n');
  });
});
