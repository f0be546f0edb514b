import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAge, isTime, parseDate, parseDecimal, parseInteger } from '../../pipeline/dicom/value-grammar.js';

describe('grammars of PS3.5 6.2', () => {
  test('DS', () => {
    const good: readonly [string, number][] = [
      ['0', 0],
      ['+1.5', 1.5],
      ['-.25', -0.25],
      ['7.', 7],
      ['1.25E-2', 0.0125],
      ['1e+3', 1000],
    ];
    for (const [text, value] of good) assert.equal(parseDecimal(text), value, text);
    for (const text of ['', '.', 'abc', '1,5', '1 2', '0x10', 'NaN', 'Infinity', '1e', '--1', '1e999'])
      assert.equal(parseDecimal(text), null, text);
  });

  test('IS', () => {
    assert.equal(parseInteger('+42'), 42);
    assert.equal(parseInteger('-007'), -7);
    for (const text of ['2.0', '2.', '2.000']) assert.equal(parseInteger(text), 2, text);
    for (const text of ['', '1.5', '1.01', '.0', '1e3', '0x1', '- 1'])
      assert.equal(parseInteger(text), null, text);
  });

  test('DA', () => {
    assert.equal(parseDate('19700101'), 0);
    assert.equal(parseDate('2000.03.01'), 11_017);
    assert.equal(parseDate('20000301'), 11_017);
    assert.equal(parseDate('19691231'), -1);
    // 1970 years before the epoch, in the proleptic Gregorian calendar.
    assert.equal(parseDate('00010101'), -719_162);
    for (const text of [
      '',
      '20230229',
      '20231301',
      '20230100',
      '2023-01-01',
      '230101',
      '2023.1.1',
      '99999999',
    ])
      assert.equal(parseDate(text), null, text);
  });

  test('DA: every day from the year 1 to 9999, as the calendar of JavaScript has it', () => {
    const last = Date.UTC(9999, 11, 31) / 86_400_000;
    // 146,097 days are 400 years: a step that does not divide them comes to each day of a year in the end.
    for (let days = -719_162; days <= last; days += 11) {
      const [date] = new Date(days * 86_400_000).toISOString().split('T');
      assert.equal(parseDate(date!.replaceAll('-', '')), days, date);
    }
    for (const [year, february] of [
      [1900, 28],
      [2000, 29],
      [2023, 28],
      [2024, 29],
      [2100, 28],
    ]) {
      assert.notEqual(parseDate(`${year}02${february}`), null);
      assert.equal(parseDate(`${year}02${february! + 1}`), null);
    }
  });

  test('TM', () => {
    for (const text of ['10', '1015', '101530', '101530.1', '235960', '10:15:30', '101530.123456'])
      assert.equal(isTime(text), true, text);
    for (const text of ['', '1', '24', '1060', '101561', '101530.', '101530.1234567', '10h'])
      assert.equal(isTime(text), false, text);
  });

  test('AS', () => {
    for (const text of ['055Y', '010M', '003W', '001D']) assert.equal(isAge(text), true, text);
    for (const text of ['', '55Y', '055', '055y', '0055Y']) assert.equal(isAge(text), false, text);
  });
});
