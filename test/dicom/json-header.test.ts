import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { JsonHeaderReader, type JsonHeader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';

import { inFull } from '../helpers/json-headers.js';

const selection = loadTagSelection();

type HeaderWithExtra = Pick<JsonHeader, 'values' | 'oddKeys'> & {
  readonly extra: Readonly<Record<string, unknown>> | null;
};

/** The header of a JSON text, read as parsed and, where that can be, from its bytes: anew and when met before. */
function readHeader(reader: JsonHeaderReader, text: string): HeaderWithExtra {
  const source = JSON.parse(text) as Record<string, unknown>;
  const json = reader.read(source);
  for (const time of ['first', 'second']) {
    const fromBytes = reader.readBytes(Buffer.from(text));
    if (fromBytes !== null) assert.deepEqual(inFull(fromBytes), inFull(json), `the ${time} time`);
  }
  const { values, oddKeys, leftText } = json;
  const extra =
    leftText === null ? null : Object.assign(Object.create(null) as object, JSON.parse(leftText) as object);
  const { held } = inFull(json);
  // Each element is in the one or the other, as it stands in the source.
  const left = Object.keys(source).filter((key) => !Object.hasOwn(held, key));
  const expected = Object.fromEntries(left.map((key) => [key, source[key]]));
  assert.equal(leftText, left.length === 0 ? null : JSON.stringify(expected));
  for (const key of Object.keys(held)) assert.deepEqual(held[key]!.element, source[key]);
  return { values, oddKeys, extra: extra as HeaderWithExtra['extra'] };
}

function read(text: string | object): {
  json: HeaderWithExtra;
  cell: (name: string) => unknown;
  invalid: unknown[];
} {
  const source = typeof text === 'string' ? text : JSON.stringify(text);
  const json = readHeader(new JsonHeaderReader(selection), source);
  const cell = (name: string) =>
    json.values.cells[selection.tags.findIndex((tag) => tag.column.name === name)];
  const invalid = json.values.invalid.map(({ index, kind, raw }) => [
    selection.tags[index]!.column.name,
    kind,
    raw,
  ]);
  return { json, cell, invalid };
}

/** `extra` without its missing prototype. */
const plain = (value: unknown): unknown => (value === null ? null : JSON.parse(JSON.stringify(value)));

describe('a header in DICOM JSON', () => {
  test('numbers may be numbers or texts', () => {
    const asNumbers = read({
      '00280010': { vr: 'US', Value: [8] },
      '00180060': { vr: 'DS', Value: [28.5] },
      '00280030': { vr: 'DS', Value: [0.07, 0.094] },
    });
    const asTexts = read({
      '00280010': { vr: 'US', Value: ['8'] },
      '00180060': { vr: 'DS', Value: ['28.5'] },
      '00280030': { vr: 'DS', Value: ['0.07', '0.094'] },
    });
    assert.deepEqual(asTexts.json.values, asNumbers.json.values);
    assert.equal(asNumbers.cell('rows'), 8);
    assert.equal(asNumbers.cell('kvp'), 28.5);
    assert.deepEqual(asNumbers.cell('pixel_spacing'), [0.07, 0.094]);
    assert.equal(asNumbers.json.extra, null);
    assert.equal(asTexts.json.extra, null);
    assert.equal(asNumbers.json.values.identity.rows, 8);
  });

  test('keys may be in capitals or not', () => {
    assert.equal(read({ '0020000d': { vr: 'UI', Value: ['1.2'] } }).cell('header_study_instance_uid'), '1.2');
    const { json } = read({ '0020000d': { vr: 'UI', Value: ['1.2'] } });
    assert.equal(json.values.identity.studyInstanceUid, '1.2');
    assert.equal(json.extra, null);
  });

  test('no Value, an empty one, and null in it are no value', () => {
    for (const element of [{ vr: 'CS' }, { vr: 'CS', Value: [] }, { vr: 'CS', Value: [null] }]) {
      const { cell, json } = read({ '00200062': element, '00080008': element });
      assert.equal(cell('image_laterality'), null);
      assert.equal(cell('image_type'), null);
      assert.equal(json.extra, null);
    }
    const { cell } = read({ '00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'X'] } });
    assert.deepEqual(cell('image_type'), ['ORIGINAL', '', 'X']);
  });

  test('what its column does not hold wholly stays in extra', () => {
    const kept = {
      // two values for a scalar column
      '00200062': { vr: 'CS', Value: ['L', 'R'] },
      // another VR than selected
      '00080070': { vr: 'SH', Value: ['ACME'] },
      // another member than vr and Value
      '00081090': { vr: 'LO', Value: ['M1'], note: 'x' },
      // padding and spellings that the cell does not keep
      '00080060': { vr: 'CS', Value: ['MG '] },
      '00080020': { vr: 'DA', Value: ['2012.02.29'] },
      '00180060': { vr: 'DS', Value: ['28.50'] },
      // sequences, what is not selected, and binary
      '00540220': { vr: 'SQ', Value: [{ '00080100': { vr: 'SH', Value: ['R-10226'] } }] },
      '00091001': { vr: 'OB', InlineBinary: 'AAAA' },
      '7FE00010': { vr: 'OW', BulkDataURI: 'file.dcm' },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Synthetic^Person' }] },
    };
    const { json, cell, invalid } = read({ ...kept, '00280011': { vr: 'US', Value: [4] } });
    assert.deepEqual(plain(json.extra), kept);
    assert.deepEqual(invalid, []);
    assert.equal(cell('image_laterality'), 'L');
    assert.equal(cell('manufacturer'), 'ACME');
    assert.equal(cell('manufacturer_model_name'), 'M1');
    assert.equal(cell('modality'), 'MG');
    assert.equal(cell('header_study_date'), 15_399);
    assert.equal(cell('kvp'), 28.5);
    assert.equal(cell('view_code_value'), 'R-10226');
    const laterality = selection.tags.findIndex((tag) => tag.column.name === 'image_laterality');
    assert.deepEqual(
      json.values.multiple.map(({ index }) => index),
      [laterality],
    );
  });

  test('what is no value of its column is invalid, null and in extra', () => {
    const bad = {
      '00080020': { vr: 'DA', Value: ['20120230'] },
      '00280010': { vr: 'US', Value: [1.5] },
      '00200013': { vr: 'IS', Value: [4_000_000_000] },
      '00180060': { vr: 'DS', Value: ['high'] },
      '00280030': { vr: 'DS', Value: [0.1, null] },
      '00101010': { vr: 'AS', Value: ['55 J'] },
      '00080032': { vr: 'TM', Value: ['25'] },
      '00080068': { vr: 'CS', Value: [7] },
    };
    const { json, invalid } = read(bad);
    assert.deepEqual(plain(json.extra), bad);
    assert.deepEqual(invalid.sort(), [
      ['acquisition_time', 'date_invalid', '25'],
      ['header_study_date', 'date_invalid', '20120230'],
      ['instance_number', 'number_invalid', '4000000000'],
      ['kvp', 'number_invalid', 'high'],
      ['patient_age', 'number_invalid', '55 J'],
      ['pixel_spacing', 'number_invalid', '0.1\\'],
      ['presentation_intent_type', 'text_undecodable', '7'],
      ['rows', 'number_invalid', '1.5'],
    ]);
    assert.ok(json.values.cells.every((cell) => cell === null));
  });

  test('malformed elements never throw and stay in extra', () => {
    for (const element of [null, 5, 'text', [], { vr: 'CS', Value: 'MG' }, { vr: 3 }]) {
      const header = { '00080060': element, '00540220': element };
      assert.deepEqual(plain(read(header).json.extra), header);
      assert.equal(read(header).cell('modality'), null);
      assert.equal(read(header).cell('view_code_value'), null);
    }
  });

  test('keys of any name stay in extra, __proto__ too', () => {
    const text = '{"__proto__":{"vr":"CS"},"constructor":1,"note":"x"}';
    const { extra } = read(text).json;
    assert.deepEqual(Object.keys(extra ?? {}), ['__proto__', 'constructor', 'note']);
    assert.equal(JSON.stringify(extra), text);
  });

  test('nothing throws whatever the JSON, and every element is in a cell or in extra', () => {
    const keys = selection.tags.map((tag) => tag.path[0]!.key);
    const element = fc.oneof(
      fc.jsonValue(),
      fc.record({
        vr: fc.constantFrom('CS', 'DS', 'IS', 'DA', 'US', 'SQ', 'PN', 'FL', 'AT'),
        Value: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), element), (header) => {
        const { json } = read(header);
        for (const key of Object.keys(header)) {
          const isLeft = json.extra !== null && Object.hasOwn(json.extra, key);
          if (!isLeft) assert.ok(isHeldByACell(key, header[key], json), key);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** An element may only leave `extra` when each of its values is in a cell of its tag, or when it has none. */
function isHeldByACell(key: string, element: unknown, json: HeaderWithExtra): boolean {
  const { Value: values = [] } = element as { Value?: unknown[] };
  const cells = selection.tags.flatMap((tag, index) =>
    tag.path.length === 1 && tag.path[0]!.key === key ? [json.values.cells[index] ?? null] : [],
  );
  if (values.every((value) => value === null || value === '')) return cells.length > 0;
  return cells.some((cell) => cell !== null && [cell].flat().length === values.length);
}

describe('private elements in DICOM JSON', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omidb-json-'));
  const file = join(folder, 'tags.csv');
  writeFileSync(file, 'keyword,tag,vr,column,type,creator\n,0045xx10,LO,grid_name,string,ACME 1.0\n');
  const own = loadTagSelection(file);
  rmSync(folder, { recursive: true });

  test('are found by their creator, in whatever block', () => {
    const header = {
      '00450010': { vr: 'LO', Value: ['OTHER'] },
      '00450011': { vr: 'LO', Value: ['ACME 1.0'] },
      '00451010': { vr: 'LO', Value: ['not this'] },
      '00451110': { vr: 'LO', Value: ['this'] },
    };
    const { values, extra } = readHeader(new JsonHeaderReader(own), JSON.stringify(header));
    assert.deepEqual(values.cells, ['this']);
    assert.deepEqual(Object.keys(extra ?? {}), ['00450010', '00450011', '00451010']);
  });
});
