import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DicomHeaderReader, type DicomHeader } from '../../pipeline/dicom/dicom-header.js';
import { saySame } from '../../pipeline/dicom/header-values.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { EXPLICIT, header, IMPLICIT, MODALITY, part10, text } from '../helpers/dicom-bytes.js';
import { scratchFolder } from '../helpers/dcmtk.js';

const selection = loadTagSelection();
const reader = new DicomHeaderReader(selection);
const folder = scratchFolder();
const file = join(folder, 'image.dcm');

function read(...parts: Buffer[]): DicomHeader {
  writeFileSync(file, Buffer.concat(parts));
  return reader.read(openLocalFile(file));
}

function cellOf(found: DicomHeader, name: string): unknown {
  if (found.state === 'unreadable') assert.fail(found.reason);
  return found.values.cells[selection.tags.findIndex((tag) => tag.column.name === name)];
}

describe('values by VR', () => {
  test('UN is read as the VR that was selected', () => {
    const rows = Buffer.concat([header(0x00280010, 2, 'UN'), Buffer.from([0, 4])]);
    assert.equal(cellOf(read(part10(EXPLICIT, MODALITY, rows)), 'rows'), 1024);
  });

  test('US/SS goes by PixelRepresentation', () => {
    const element = (tag: number, ...bytes: number[]) =>
      Buffer.concat([header(tag, bytes.length), Buffer.from(bytes)]);
    for (const [representation, value] of [
      [0, 65_535],
      [1, -1],
    ] as const) {
      const dataset = [element(0x00280103, representation, 0), element(0x00280120, 0xff, 0xff)];
      const found = read(part10(IMPLICIT, element(0x00080060, 0x4d, 0x47), ...dataset));
      assert.equal(cellOf(found, 'pixel_padding_value'), value);
    }
  });

  test('what is no value of its VR is null and reported', () => {
    const found = read(
      part10(
        EXPLICIT,
        text(0x00080020, 'DA', '20120230'),
        text(0x00080032, 'TM', '25'),
        text(0x00101010, 'AS', '55 J'),
        text(0x00180060, 'DS', '28,5'),
        text(0x00200013, 'IS', '4000000000'),
        text(0x00200062, 'CS', 'L\\R'),
        text(0x00280010, 'US', 'abcd').fill('US', 4, 6),
        text(0x00280030, 'DS', '0.1\\'),
      ),
    );
    if (found.state === 'unreadable') assert.fail(found.reason);
    const { invalid, multiple } = found.values;
    assert.deepEqual(
      invalid.map(({ index, kind, raw }) => [selection.tags[index]!.column.name, kind, raw]),
      [
        ['header_study_date', 'date_invalid', '20120230'],
        ['acquisition_time', 'date_invalid', '25'],
        ['patient_age', 'number_invalid', '55 J'],
        ['instance_number', 'number_invalid', '4000000000'],
        ['pixel_spacing', 'number_invalid', '0.1\\'],
        ['kvp', 'number_invalid', '28,5'],
      ],
    );
    assert.deepEqual(
      multiple.map(({ index }) => selection.tags[index]!.column.name),
      ['image_laterality', 'rows'],
    );
  });

  test('private elements are found by their creator, also within a sequence', () => {
    const csv = join(folder, 'private.csv');
    writeFileSync(
      csv,
      'keyword,tag,vr,column,creator,within\n' +
        'Grid,0045xx10,LO,grid,ACME 1.0,\n' +
        'Grid,0045xx10,LO,view_grid,ACME 1.0,ViewCodeSequence[0]\n',
    );
    const own = loadTagSelection(csv);
    const block = (word: string) => [
      text(0x00450010, 'LO', 'OTHER'),
      text(0x00450011, 'LO', 'ACME 1.0'),
      text(0x00451010, 'LO', 'not this'),
      text(0x00451110, 'LO', word),
    ];
    const inItem = Buffer.concat(block('inner'));
    const item = Buffer.concat([header(0xfffee000, inItem.length), inItem]);
    const dataset = [MODALITY, ...block('outer'), header(0x00540220, item.length, 'SQ'), item];
    writeFileSync(file, part10(EXPLICIT, ...dataset));
    const found = new DicomHeaderReader(own).read(openLocalFile(file));
    if (found.state === 'unreadable') assert.fail(found.reason);
    assert.deepEqual(found.values.cells, ['outer', 'inner']);
    const element = (value: string) => ({ vr: 'LO', Value: [value] });
    const json = { '00450010': element('ACME 1.0'), '00451010': element('json') };
    const view = { '00540220': { vr: 'SQ', Value: [json] } };
    assert.deepEqual(new JsonHeaderReader(own).read({ ...json, ...view }).values.cells, ['json', 'json']);
  });
});

test('two headers say the same of a name, or of their character sets, though they do not write the same', () => {
  const csv = join(folder, 'names.csv');
  writeFileSync(
    csv,
    'keyword,column\nPatientName,name\nSpecificCharacterSet,character_set\nModality,modality\n',
  );
  const [name, characterSet, modality] = loadTagSelection(csv).tags;
  assert.ok(saySame(name!, 'Doe^Jane^^', 'Doe^Jane'));
  assert.ok(saySame(name!, 'Doe^Jane^=\u6771^', 'Doe^Jane=\u6771'));
  assert.ok(!saySame(name!, 'Doe^^Jane', 'Doe^Jane'));
  assert.ok(!saySame(name!, 'Doe', 'Roe'));
  assert.ok(saySame(characterSet!, ['ISO_IR 100'], ['ISO_IR 192']));
  assert.ok(!saySame(characterSet!, ['ISO_IR 100'], ['ISO_IR 101']));
  assert.ok(!saySame(modality!, 'MG^', 'MG'));
});
