import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isoDate, parseDate } from '../../schemas/dates.js';
import { field, jsonField } from '../../schemas/nbss/column.js';
import { ColumnValues } from '../../pipeline/nbss/column-values.js';
import { convert } from '../../pipeline/nbss/values.js';
import { isExactNumber, isNoValue } from '../../pipeline/omi-db/raw-values.js';

const date = field(['Episode'], 'EpisodeOpenedDate', 'date', 'A date.');
const measure = field(['ImagingProcedure'], 'MammoSizeMm', 'number', 'A measure.');
const count = field(['WbnProcedure'], 'NumberOfCores', 'number', 'A count.', { type: 'int' });
const yesNo = field(['Episode'], 'EpisodeIsClosed', 'yes_no', 'A yes or no.');
const text = field(['Lesion'], 'LesionNotes', 'text', 'A text.');

const kinds = (converted: ReturnType<typeof convert>) => converted.problems.map(({ kind }) => kind);

describe('dates', () => {
  // Days since 1970-01-01 by hand: 2012-03-04 is 42 years (10 leap days) + 31 + 29 + 3 days later.
  const march = 42 * 365 + 10 + 31 + 29 + 3;

  test('are read in both forms', () => {
    assert.equal(parseDate('2012-03-04'), march);
    assert.equal(parseDate('20120304'), march);
    assert.equal(parseDate('1970-01-01'), 0);
    assert.equal(parseDate('1969-12-31'), -1);
    assert.equal(isoDate(march), '2012-03-04');
  });

  test('are read without padding between dashes, as the reference reads them', () => {
    for (const unpadded of ['2012-3-4', '2012-03-4', '2012-3-04']) {
      assert.equal(parseDate(unpadded), march);
      const { cell, kept, problems } = convert(date, unpadded);
      assert.deepEqual([cell, kept], [march, true]);
      assert.deepEqual(
        problems.map(({ kind, expected, found }) => [kind, expected, found]),
        [['value_respelled', '2012-03-04', unpadded]],
      );
    }
    for (const padded of ['2012-03-04', '20120304']) assert.deepEqual(convert(date, padded).problems, []);
  });

  test('before the year 100 are not taken for the twentieth century', () => {
    assert.equal(isoDate(parseDate('0050-06-07') ?? 0), '0050-06-07');
  });

  test('that no calendar has are refused', () => {
    const impossible = ['2011-02-29', '2012-02-30', '2012-13-01', '2012-00-10', '2012-01-00', '20120431'];
    for (const wrong of [...impossible, '0000-01-01', '1900-02-29'])
      assert.equal(parseDate(wrong), null, wrong);
    assert.notEqual(parseDate('2000-02-29'), null);
  });

  test('in other forms are refused', () => {
    const forms = [
      '04/03/2012',
      '2012-0304',
      '201203-04',
      '201234',
      '2012-003-04',
      '2012',
      '2012-03-04T00:00:00',
      '2012--3-4',
      '2012-03-',
      '2012--04',
      '-2012-3-4',
      '12-03-04',
      '2012-3-4-5',
      '2012-03-041',
      '2012-+3-04',
      '2012-03- 4',
    ];
    for (const wrong of [...forms, 'Mar 4 2012', '٢٠١٢٠٣٠٤', '٢٠١٢-٠٣-٠٤'])
      assert.equal(parseDate(wrong), null, wrong);
  });

  test('keep no cell when wrong, and show the raw text', () => {
    const converted = convert(date, '2012-02-30');
    assert.equal(converted.cell, null);
    assert.equal(converted.kept, false);
    assert.deepEqual(kinds(converted), ['date_invalid']);
    assert.equal(converted.problems[0]?.found, '2012-02-30');
    assert.deepEqual(kinds(convert(date, [20120304])), ['date_invalid']);
    assert.equal(convert(date, true).problems[0]?.found, 'true');
  });
});

describe('numbers', () => {
  test('are read from JSON numbers and decimal texts', () => {
    const pairs = [
      [12, 12],
      ['12', 12],
      [' 12.5 ', 12.5],
      ['.5', 0.5],
      ['-3', -3],
      ['+4', 4],
      ['007', 7],
      ['1e2', 100],
    ] as const;
    for (const [raw, value] of pairs) assert.equal(convert(measure, raw).cell, value, String(raw));
    assert.ok(Object.is(convert(measure, '-0').cell, 0));
  });

  test('with a unit, a comma, a sign of doubt or another base are refused', () => {
    const wrong = ['12 mm', '1,5', '>20', '0x10', 'Infinity', 'NaN', '12-14', '1e999', true, [5], { mm: 5 }];
    for (const raw of wrong) {
      const converted = convert(measure, raw);
      assert.equal(converted.cell, null, JSON.stringify(raw));
      assert.equal(converted.kept, false);
      assert.deepEqual(kinds(converted), ['number_invalid']);
    }
    assert.equal(convert(measure, '12 mm').problems[0]?.found, '12 mm');
  });

  test('of counts must be whole and fit 32 bits', () => {
    assert.equal(convert(count, '2147483647').cell, 2147483647);
    assert.equal(convert(count, '12.0').cell, 12);
    for (const raw of ['2147483648', '-2147483649', '1.5', 3.2, '99999999999999999999']) {
      assert.deepEqual(kinds(convert(count, raw)), ['number_invalid'], String(raw));
    }
  });

  test('longer than a double holds are kept raw as well', () => {
    const converted = convert(measure, '0.12345678901234567890');
    assert.equal(converted.cell, 0.12345678901234568);
    assert.equal(converted.kept, false);
    assert.deepEqual(kinds(converted), []);
  });
});

describe('yes and no', () => {
  test('are read in any case, and as JSON booleans', () => {
    for (const raw of ['Y', 'y', 'Yes', 'YES', ' yes ', true]) assert.equal(convert(yesNo, raw).cell, true);
    for (const raw of ['N', 'n', 'No', 'NO', false]) assert.equal(convert(yesNo, raw).cell, false);
  });

  test('are not guessed from anything else', () => {
    for (const raw of ['U', '1', 1, 0, 'Unknown', 'true', []]) {
      const converted = convert(yesNo, raw);
      assert.equal(converted.cell, null);
      assert.equal(converted.kept, false);
      assert.deepEqual(kinds(converted), ['code_unknown']);
    }
  });
});

describe('texts', () => {
  test('are kept as they are, white space and all', () => {
    assert.equal(convert(text, ' 2 foci\n').cell, ' 2 foci\n');
    assert.equal(convert(text, 12).cell, '12');
    assert.equal(convert(text, false).cell, 'false');
  });

  test('cannot hold a list or an object', () => {
    assert.deepEqual(convert(text, { a: 1 }), { cell: null, kept: false, problems: [], unfit: true });
    assert.equal(convert(jsonField('<episode>', 'StudyList', 'code_list', 'x'), [['1.2']]).unfit, true);
    assert.equal(convert(field(['Episode'], 'EpisodeCharacter', 'code', 'x'), ['R']).unfit, true);
  });
});

describe('what a column remembers', () => {
  test('says of a text that is wrong each time that it is', () => {
    const values = new ColumnValues(measure);
    for (let time = 0; time < 3; time++) {
      const converted = values.convert('a few');
      assert.deepEqual([converted.cell, converted.kept], [null, false]);
      assert.deepEqual(kinds(converted), ['number_invalid']);
    }
  });

  test('is of no other column, nor of a value that only looks like the text', () => {
    const [numbers, answers] = [new ColumnValues(measure), new ColumnValues(yesNo)];
    assert.equal(numbers.convert('1').cell, 1);
    assert.deepEqual(kinds(answers.convert('1')), ['code_unknown']);
    assert.equal(answers.convert('Y').cell, true);
    assert.deepEqual(kinds(numbers.convert('Y')), ['number_invalid']);
    assert.deepEqual(kinds(numbers.convert(true)), ['number_invalid']);
    assert.equal(answers.convert(true).cell, true);
    assert.deepEqual(kinds(answers.convert('true')), ['code_unknown']);
  });

  test('ends at some number of texts, and those after it are read all the same', () => {
    const values = new ColumnValues(measure);
    for (let n = 0; n < 1000; n++) assert.equal(values.convert(`${n}.5`).cell, n + 0.5);
    for (let n = 0; n < 1000; n++) assert.equal(values.convert(`${n}.5`).cell, n + 0.5);
  });
});

test('a text of at most 15 characters is held by a double, unless its exponent takes it out of range', () => {
  const held = [
    '12',
    '-0.5',
    '+5',
    '.5',
    '5.',
    ' 12 ',
    '999999999999999',
    '0.1234567890123',
    '1e3',
    '1E-3',
    7,
  ];
  for (const raw of held) assert.equal(isExactNumber(raw), true, String(raw));
  for (const raw of ['1e400', '1e-400', '1.25E-330', '9007199254740993', '0.12345678901234'])
    assert.equal(isExactNumber(raw), false, raw);
});

test('null, empty and blank mean no value; zero and false are values', () => {
  for (const raw of [null, undefined, '', ' ', '\t\n', '\u00a0', '\ufeff'])
    assert.equal(isNoValue(raw), true);
  for (const raw of [0, false, '0', ' 0', '\u00a0é', '\u007f', '\u0000', [], {}])
    assert.equal(isNoValue(raw), false);
});
