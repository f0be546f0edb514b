import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DicomHeaderReader, type DicomHeader } from '../../pipeline/dicom/dicom-header.js';
import { JsonHeaderReader, type JsonHeader } from '../../pipeline/dicom/json-header.js';
import { isWholeHeader, mergeHeaders } from '../../pipeline/dicom/merged-header.js';
import { hasNoPixels } from '../../pipeline/dicom/sop-classes.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { scratchFolder } from '../helpers/dcmtk.js';
import { EXPLICIT, header, part10, text } from '../helpers/dicom-bytes.js';

const folder = scratchFolder();
const csv = join(folder, 'tags.csv');
writeFileSync(csv, 'keyword,column\nModality,modality\nPatientSex,sex\nKVP,kvp\nSOPClassUID,sop_class\n');
const selection = loadTagSelection(csv);
const PIXELS = [header(0x7fe00010, 4, 'OW'), Buffer.alloc(4)];

function dicom(...parts: readonly Buffer[]): DicomHeader {
  const file = join(folder, 'image.dcm');
  writeFileSync(file, part10(EXPLICIT, ...parts));
  return new DicomHeaderReader(selection).read(openLocalFile(file));
}

function json(values: Readonly<Record<string, unknown>>): JsonHeader {
  const elements = Object.entries(values).map(([key, value]) => [key, { Value: [value] }]);
  return new JsonHeaderReader(selection).read(Object.fromEntries(elements) as Record<string, unknown>);
}

const modality = text(0x00080060, 'CS', 'MG');
const sex = text(0x00100040, 'CS', 'F');

describe('the two headers of an image, merged by tag', () => {
  test('DICOM goes before JSON, which fills what it lacks', () => {
    const merged = mergeHeaders(dicom(modality, ...PIXELS), json({ '00080060': 'CT', '00180060': 28 }));
    assert.equal(merged?.from, 'both');
    assert.deepEqual(merged.values.cells, ['MG', null, 28, null]);
  });

  test('one that says no more than the other does not count', () => {
    const merged = mergeHeaders(dicom(modality, sex, ...PIXELS), json({ '00080060': 'MG' }));
    assert.equal(merged?.from, 'dicom');
    assert.equal(mergeHeaders(dicom(...[sex, ...PIXELS]), null)?.from, 'dicom');
    assert.equal(mergeHeaders(null, json({}))?.from, 'json');
    assert.equal(mergeHeaders(null, null), null);
  });

  test('an invalid value is not filled', () => {
    const merged = mergeHeaders(
      dicom(modality, text(0x00180060, 'DS', 'high'), ...PIXELS),
      json({ '00180060': 28 }),
    );
    assert.equal(merged?.from, 'dicom');
    assert.deepEqual(merged.values.cells, ['MG', null, null, null]);
  });

  test('where the DICOM header ended early, JSON goes before it, and it fills what the JSON lacks', () => {
    const cut = text(0x00180060, 'DS', '28').subarray(0, 9);
    const found = dicom(modality, sex, cut);
    assert.equal(found.state, 'ended_early');
    const merged = mergeHeaders(found, json({ '00080060': 'CT' }));
    assert.equal(merged?.from, 'both');
    assert.deepEqual(merged.values.cells, ['CT', 'F', null, null]);
    const alone = mergeHeaders(found, null);
    assert.deepEqual([alone?.from, alone?.values.cells], ['dicom', ['MG', 'F', null, null]]);
  });

  test('an object that never has pixels is whole without them, by its SOP class', () => {
    const report = text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.88.33');
    const image = text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.1.2\0');
    const isWhole = (found: DicomHeader) => found.state !== 'unreadable' && isWholeHeader(found);
    assert.ok(isWhole(dicom(report, modality)));
    assert.ok(!isWhole(dicom(image, modality)));
    assert.ok(isWhole(dicom(image, modality, ...PIXELS)));
    assert.ok(!isWhole(dicom(report, modality, sex.subarray(0, 9))));
    assert.deepEqual(
      mergeHeaders(dicom(report, modality), json({ '00080060': 'CT' }))?.values.cells[0],
      'MG',
    );
  });

  test('SOP classes without pixels, and those with', () => {
    // PS3.6 annex A.
    const without = ['88.11', '88.67', '11.1', '11.12', '9.1.1', '9.4.1', '481.3', '481.5', '481.8', '104.1', '66', '66.1', '66.5', '67', '4.2', '77.1.5.3', '78.1', '80.1']; // prettier-ignore
    const withPixels = ['1.2', '1.2.1', '13.1.3', '13.1.4', '7', '7.1', '2', '4', '4.1', '481.1', '481.2', '66.4', '66.7', '77.1.5.1', '77.1.6', '6.1', '128']; // prettier-ignore
    for (const end of without) assert.ok(hasNoPixels(`1.2.840.10008.5.1.4.1.1.${end}`), end);
    for (const end of withPixels) assert.ok(!hasNoPixels(`1.2.840.10008.5.1.4.1.1.${end}`), end);
    assert.ok(!hasNoPixels(null) && !hasNoPixels('1.2.3'));
  });
});
