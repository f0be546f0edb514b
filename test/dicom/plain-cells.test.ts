import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DicomHeaderReader } from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import type { Cell } from '../../schemas/column.js';
import { scratchFolder } from '../helpers/dcmtk.js';
import { EXPLICIT, header, MODALITY, part10, text } from '../helpers/dicom-bytes.js';

const selection = loadTagSelection();
const path = join(scratchFolder(), 'file.dcm');
const PIXELS = Buffer.concat([header(0x7fe00010, 4, 'OW'), Buffer.alloc(4)]);

interface Read {
  readonly cell: Cell;
  readonly invalid: string | null;
}

/**
 * What a column gets of an element: the short way at first, what is remembered of it when it is met again, and the exact way,
 * which one of unknown VR goes.
 */
function read(column: string, element: Buffer, characterSet = 'ISO_IR 100'): Read {
  const reader = new DicomHeaderReader(selection);
  const first = readOnce(reader, column, element, characterSet);
  const second = readOnce(reader, column, element, characterSet);
  const exact = readOnce(new DicomHeaderReader(selection), column, ofUnknownVr(element), characterSet);
  assert.deepEqual(first, second);
  assert.deepEqual(first, exact);
  return first;
}

function ofUnknownVr(element: Buffer): Buffer {
  const value = element.subarray(8);
  return Buffer.concat([header(order(element), value.length, 'UN'), value]);
}

function readOnce(reader: DicomHeaderReader, column: string, element: Buffer, characterSet: string): Read {
  const elements = [text(0x00080005, 'CS', characterSet), MODALITY, element].sort(
    (a, b) => order(a) - order(b),
  );
  writeFileSync(path, part10(EXPLICIT, ...elements, PIXELS));
  const first = reader.read(openLocalFile(path));
  assert.ok(first.state === 'complete');
  const index = selection.tags.findIndex((tag) => tag.column.name === column);
  const { cells, invalid } = first.values;
  return { cell: cells[index]!, invalid: invalid.find((value) => value.index === index)?.kind ?? null };
}

function order(element: Buffer): number {
  return element.readUInt16LE(0) * 0x10000 + element.readUInt16LE(2);
}

function check(column: string, tag: number, vr: string, cases: readonly (readonly [string, Cell])[]): void {
  for (const [value, cell] of cases)
    assert.deepEqual(read(column, text(tag, vr, value)), { cell, invalid: null }, value);
}

function checkInvalid(
  column: string,
  tag: number,
  vr: string,
  kind: string,
  values: readonly string[],
): void {
  for (const value of values)
    assert.deepEqual(read(column, text(tag, vr, value)), { cell: null, invalid: kind }, value);
}

describe('values of the commonest forms', () => {
  test('decimal strings are the doubles next to them, however they are written', () => {
    check('kvp', 0x00180060, 'DS', [
      ['28', 28],
      [' 28.50 ', 28.5],
      ['-0.10', -0.1],
      ['0.1234567890123', 0.1234567890123],
      ['+5', 5],
      ['12.', 12],
      ['.5', 0.5],
      ['3e1', 30],
      ['0.00', 0],
      ['9007199254740993', 9007199254740992],
    ]);
    checkInvalid('kvp', 0x00180060, 'DS', 'number_invalid', [
      '1.2.3',
      '1-',
      '-',
      '.',
      '2 8',
      '0x1c',
      '1e999',
    ]);
  });

  test('of several decimals in a list none is lost', () => {
    check('window_center', 0x00281050, 'DS', [
      ['2048', [2048]],
      ['2048\\1109.5', [2048, 1109.5]],
      ['2048\\ 1109 ', [2048, 1109]],
      ['-1\\-1', [-1, -1]],
    ]);
    checkInvalid('window_center', 0x00281050, 'DS', 'number_invalid', ['1\\', '1\\\\2', '1\\x']);
  });

  test('whole numbers are those of 32 bits, with or without zeros after a point', () => {
    check('instance_number', 0x00200013, 'IS', [
      ['12', 12],
      ['-3', -3],
      ['007', 7],
      ['4.0', 4],
      ['2147483647', 2147483647],
      ['-2147483648', -2147483648],
    ]);
    checkInvalid('instance_number', 0x00200013, 'IS', 'number_invalid', ['1.5', '2147483648', '1e2']);
  });

  test('a date is a day that there is', () => {
    // Days since 1970-01-01 by the proleptic Gregorian calendar: 30 years with 7 leap days, and 31 + 28.
    check('header_study_date', 0x00080020, 'DA', [
      ['20000229', 30 * 365 + 7 + 31 + 28],
      ['2000.02.29', 30 * 365 + 7 + 31 + 28],
      ['19700101', 0],
    ]);
    const none = [
      '20010229',
      '20001301',
      '20000100',
      '120000.1',
      '2000022 ',
      '2000-2-9',
      '00000000',
      '200002AB',
    ];
    checkInvalid('header_study_date', 0x00080020, 'DA', 'date_invalid', none);
  });

  test('a time is one of the day', () => {
    const times = ['120000', '235960', '000000.5', '120000.123456', '12', '1230', '12:30:00'];
    check(
      'content_time',
      0x00080033,
      'TM',
      times.map((time) => [time, time]),
    );
    const none = [
      '240000',
      '126000',
      '120061',
      '120000.',
      '120000.1234567',
      '120000.12.4',
      '12000a',
      '1.2000',
    ];
    checkInvalid('content_time', 0x00080033, 'TM', 'date_invalid', none);
  });

  test('texts are without their padding, and in their character set', () => {
    const name = (value: string, characterSet: string) =>
      read('manufacturer', text(0x00080070, 'LO', value), characterSet);
    assert.deepEqual(name(' GE\0', 'ISO_IR 100'), { cell: 'GE', invalid: null });
    assert.deepEqual(name('\xc9', 'ISO_IR 100'), { cell: '\u00c9', invalid: null });
    assert.deepEqual(name('a~b', 'ISO_IR 100'), { cell: 'a~b', invalid: null });
    // JIS X 0201 has an overline there.
    assert.deepEqual(name('a~b', 'ISO_IR 13'), { cell: 'a\u203eb', invalid: null });
    assert.deepEqual(name('\0 ', 'ISO_IR 100'), { cell: null, invalid: null });
  });
});
