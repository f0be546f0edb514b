import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DicomHeaderReader } from '../../pipeline/dicom/dicom-header.js';
import type { HeaderValues } from '../../pipeline/dicom/header-values.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { scratchFolder } from '../helpers/dcmtk.js';
import { EXPLICIT, header, part10, text } from '../helpers/dicom-bytes.js';
import { leftOf } from '../helpers/json-headers.js';

const selection = loadTagSelection();
const folder = scratchFolder();
const file = join(folder, 'image.dcm');

function dicom(...parts: readonly Buffer[]): HeaderValues {
  writeFileSync(file, part10(EXPLICIT, ...parts, header(0x7fe00010, 0, 'OW')));
  const found = new DicomHeaderReader(selection).read(openLocalFile(file));
  if (found.state === 'unreadable') assert.fail(found.reason);
  return found.values;
}

const json = (object: Record<string, unknown>) => new JsonHeaderReader(selection).read(object).values;

function cell({ cells }: HeaderValues, name: string): unknown {
  return cells[selection.tags.findIndex((tag) => tag.column.name === name)];
}

const oddities = ({ invalid }: HeaderValues) => invalid.map(({ kind, raw }) => [kind, raw]);
const unknown = (tag: number, value: Buffer) => Buffer.concat([header(tag, value.length, 'UN'), value]);

describe('values that are not written as they should be, and lose nothing', () => {
  test('an age without its zeros or its unit is kept, and has a row', () => {
    for (const age of ['55Y', '55', '055', '5Y', '6M']) {
      for (const values of [
        dicom(text(0x00101010, 'AS', age)),
        json({ '00101010': { vr: 'AS', Value: [age] } }),
      ]) {
        assert.equal(cell(values, 'patient_age'), age);
        assert.deepEqual(oddities(values), [['value_respelled', age]]);
      }
    }
    assert.deepEqual(oddities(dicom(text(0x00101010, 'AS', '055Y'))), []);
    // As a number, which some programs make of digits.
    const values = json({ '00101010': { vr: 'AS', Value: [55] } });
    assert.deepEqual([cell(values, 'patient_age'), oddities(values)], ['55', [['value_respelled', '55']]]);
    for (const age of ['5 5Y', 'Y', '0055Y', '-5Y'])
      assert.deepEqual(oddities(dicom(text(0x00101010, 'AS', age))), [['number_invalid', age]]);
  });

  test('IS 2.0 is 2, and 2.5 is none', () => {
    assert.equal(cell(dicom(text(0x00181152, 'IS', '2.0')), 'exposure'), 2);
    assert.equal(cell(json({ '00181152': { vr: 'IS', Value: ['2.0'] } }), 'exposure'), 2);
    assert.deepEqual(oddities(dicom(text(0x00181152, 'IS', '2.5'))), [['number_invalid', '2.5']]);
  });

  test('a list that was written as ST, UT or LT is one by the dictionary', () => {
    for (const vr of ['ST', 'LT'])
      assert.deepEqual(cell(dicom(text(0x00080008, vr, 'DERIVED\\PRIMARY')), 'image_type'), [
        'DERIVED',
        'PRIMARY',
      ]);
    const long = Buffer.concat([header(0x00280030, 10, 'UT'), Buffer.from('0.07\\0.07 ')]);
    assert.deepEqual(cell(dicom(long), 'pixel_spacing'), [0.07, 0.07]);
    for (const vr of ['ST', 'UT', 'CS'])
      assert.deepEqual(cell(json({ '00080008': { vr, Value: ['DERIVED\\PRIMARY'] } }), 'image_type'), [
        'DERIVED',
        'PRIMARY',
      ]);
    // Where the dictionary says LT too, a backslash is a character.
    assert.equal(cell(dicom(text(0x00187062, 'LT', 'a\\b')), 'exposure_control_mode_description'), 'a\\b');
  });

  test('DS with a backslash at its end is one cause, the same in both headers', () => {
    assert.deepEqual(oddities(dicom(text(0x00280030, 'DS', '0.07\\'))), [['number_invalid', '0.07\\']]);
    assert.deepEqual(oddities(json({ '00280030': { vr: 'DS', Value: [0.07, null] } })), [
      ['number_invalid', '0.07\\'],
    ]);
  });

  test('UTF-8 by other names, and character sets that there are none of', () => {
    const maker = text(0x00080070, 'LO', 'M\xc3\xa9dical');
    for (const term of ['UTF-8', 'utf8', 'ISO_IR_192', 'ISO IR 192', 'UNICODE_1_1_UTF_8']) {
      const values = dicom(text(0x00080005, 'CS', term), maker);
      assert.deepEqual([cell(values, 'manufacturer'), oddities(values)], ['Médical', []], term);
    }
    const [row] = dicom(text(0x00080005, 'CS', 'LATIN9'), maker).invalid;
    assert.match(row!.reason, /no text in the unknown character set LATIN9$/);
    assert.equal(row!.kind, 'text_undecodable');
  });
});

describe('JSON gives what DICOM gives', () => {
  test('bytes of any VR are decoded as those of the DICOM file', () => {
    const item = Buffer.concat([header(0xfffee000, 16), header(0x00080100, 8), Buffer.from('R-10226 ')]);
    const elements: readonly (readonly [number, Buffer])[] = [
      [0x00185101, Buffer.from('MLO ')],
      [0x001811a0, Buffer.from('55')],
      [0x00280010, Buffer.from([0xf6, 8])],
      [0x00280030, Buffer.from('0.07\\0.07 ')],
      [0x00540220, item],
    ];
    const key = (tag: number) => tag.toString(16).padStart(8, '0').toUpperCase();
    for (const vr of ['UN', 'OB']) {
      const inJson = Object.fromEntries(
        elements.map(([tag, value]) => [key(tag), { vr, InlineBinary: value.toString('base64') }]),
      );
      const values = json(inJson);
      assert.equal(cell(values, 'view_position'), 'MLO');
      assert.equal(cell(values, 'body_part_thickness'), 55);
      assert.equal(cell(values, 'rows'), 2294);
      assert.deepEqual(cell(values, 'pixel_spacing'), [0.07, 0.07]);
      assert.equal(cell(values, 'view_code_value'), 'R-10226');
      if (vr === 'UN')
        assert.deepEqual(
          values.cells.toSpliced(5, 1),
          dicom(...elements.map(([tag, value]) => unknown(tag, value))).cells.toSpliced(5, 1),
        );
    }
  });

  test('bytes that are none, or mean two things, are no value, and found says what stood there', () => {
    const values = json({
      '00185101': { vr: 'UN', InlineBinary: 'no base64!' },
      '00280120': { vr: 'UN', InlineBinary: Buffer.from([0xff, 0xff]).toString('base64') },
      '00180060': { vr: 'DS', BulkDataURI: 'file.bin' },
    });
    assert.deepEqual(oddities(values), [
      ['text_undecodable', 'no base64!'],
      ['number_invalid', '//8='],
      ['number_invalid', '{"vr":"DS","BulkDataURI":"file.bin"}'],
    ]);
  });

  test('a VR that was left out is that of the dictionary, and value is Value', () => {
    const values = json({
      '00080060': { Value: ['MG'] },
      '00280010': { Value: [2294] },
      '00185101': { vr: 'CS', value: ['MLO'] },
      '00540220': { value: [{ '00080100': { Value: ['R-10226'] } }] },
    });
    assert.equal(cell(values, 'modality'), 'MG');
    assert.equal(cell(values, 'rows'), 2294);
    assert.equal(cell(values, 'view_position'), 'MLO');
    assert.equal(cell(values, 'view_code_value'), 'R-10226');
    assert.deepEqual(oddities(values), []);
  });

  test('a name may be a text, or have its groups in small letters; what is no name is reported', () => {
    const csv = join(folder, 'names.csv');
    writeFileSync(csv, 'keyword,column\nPatientName,patient_name\nOtherPatientNames,other_names\n');
    const reader = new JsonHeaderReader(loadTagSelection(csv));
    const read = (...value: unknown[]) => reader.read({ '00100010': { vr: 'PN', Value: value } });
    for (const name of [
      'Doe^Jane=\u6771==',
      { Alphabetic: 'Doe^Jane', Ideographic: '\u6771' },
      { alphabetic: 'Doe^Jane', ideographic: '\u6771' },
    ])
      assert.equal(read(name).values.cells[0], 'Doe^Jane=\u6771');
    // The text is not what the model has: it stays with what no column holds.
    assert.deepEqual(leftOf(read('Doe^Jane')), { '00100010': { vr: 'PN', Value: ['Doe^Jane'] } });
    const family = read({ Family: 'Doe' });
    const { values } = family;
    assert.deepEqual([values.cells[0], oddities(values)], [null, [['text_undecodable', '{"Family":"Doe"}']]]);
    assert.deepEqual(Object.keys(leftOf(family)), ['00100010']);
  });

  test('null is no value, and no VR', () => {
    const values = json({
      '00080060': null,
      '00180060': { vr: 'DS', Value: null },
      '00280010': { vr: null, Value: [8] },
    });
    assert.deepEqual([cell(values, 'rows'), cell(values, 'kvp'), oddities(values)], [8, null, []]);
  });
});
