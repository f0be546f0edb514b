import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { plainElementAt } from '../../pipeline/dicom/json-element-bytes.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { JsonError, parseJsonObject } from '../../pipeline/omi-db/json.js';

const selection = loadTagSelection();

/** What the slow way makes of a text: parse it whole, then read the object. 'odd' where something must be reported. */
function readSlowly(bytes: Buffer) {
  try {
    const { object, duplicateKeys, halfCharacters, validUtf8 } = parseJsonObject(bytes);
    const isOdd = duplicateKeys.length > 0 || halfCharacters > 0 || !validUtf8;
    return isOdd ? 'odd' : new JsonHeaderReader(selection).read(object);
  } catch (error) {
    if (error instanceof JsonError) return 'odd';
    throw error;
  }
}

/** Reads texts one after the other by their bytes; each must be refused, or be read as the slow way reads it. */
function checkInTurn(texts: readonly (string | Buffer)[]): (true | false)[] {
  const reader = new JsonHeaderReader(selection);
  return texts.map((text) => {
    const bytes = Buffer.from(text);
    const found = reader.readBytes(bytes);
    if (found !== null) assert.deepEqual(found, readSlowly(bytes));
    return found !== null;
  });
}

const MODALITY = '"00080060":{"vr":"CS","Value":["MG"]}';

describe('headers read from their bytes', () => {
  test('what was met before is read the same again, wherever it stands', () => {
    const rows = '"00280010":{"vr":"US","Value":[4096]}';
    const texts = [`{${MODALITY},${rows}}`, `{${rows}}`, `{${rows},${MODALITY}}`, `{${MODALITY}}`];
    assert.deepEqual(checkInTurn([...texts, ...texts]), new Array(8).fill(true));
  });

  test('a value that only begins like one that was met is another', () => {
    const texts = ['["MG"]', '["MG","CT"]', '["M"]', '["MG "]', '["MGX"]', '[]'].map(
      (value) => `{"00080060":{"vr":"CS","Value":${value}}}`,
    );
    assert.deepEqual(checkInTurn([...texts, ...texts]), new Array(12).fill(true));
    // A number that goes on: not an element, and never taken for the one before.
    assert.deepEqual(checkInTurn(['{"00080060":1}', '{"00080060":12}']), [false, false]);
  });

  test('a buffer that is used again for another file does not change what is remembered', () => {
    const reader = new JsonHeaderReader(selection);
    const buffer = Buffer.alloc(200);
    const inBuffer = (text: string) => buffer.subarray(0, buffer.write(text));
    const view = (value: string) => `{"00185101":{"vr":"CS","Value":["${value}"]}}`;
    const index = selection.tags.findIndex(({ column }) => column.name === 'view_position');
    for (const value of ['CC', 'ML', 'CC', 'LM', 'ML', 'CC'])
      assert.equal(reader.readBytes(inBuffer(view(value)))?.values.cells[index], value);
  });

  test('white space may stand anywhere', () => {
    const texts = [
      ` \n{ ${MODALITY} }\n`,
      '{\n  "00080060" : {\n    "vr" : "CS",\n    "Value" : [ "MG" ]\n  },\r\n\t"00080070": {"vr":"LO"}\n}',
    ];
    assert.deepEqual(checkInTurn([...texts, ...texts]), [true, true, true, true]);
  });

  test('keys that JavaScript takes for integers come first, by number, as in a parsed object', () => {
    const element = '{"vr":"CS","Value":["X"]}';
    const keys = ['00091001', '20500010', '7FE00010', '10010010', '00080060'];
    checkInTurn([`{${keys.map((key) => `"${key}":${element}`).join(',')}}`]);
    const reader = new JsonHeaderReader(selection);
    const found = reader.readBytes(Buffer.from(`{${keys.map((key) => `"${key}":${element}`).join(',')}}`));
    const order = ['10010010', '20500010', '00091001', '7FE00010'];
    assert.deepEqual(
      found?.left.map(({ key }) => key),
      order,
    );
  });

  test('numbers keep the spelling that JSON.stringify gives them', () => {
    const numbers =
      '0 -0 1 -1 10 1.5 1.50 0.1 0.000001 0.0000001 1e3 1E+2 123456789012345 0.12345678901234566 95.139';
    const texts = numbers.split(' ').map((number) => `{"00091071":{"vr":"DS","Value":[${number}]}}`);
    const reader = new JsonHeaderReader(selection);
    for (const text of texts) {
      const written = JSON.stringify(JSON.parse(text));
      assert.equal(`{${reader.readBytes(Buffer.from(text))?.left[0]?.text ?? 'refused'}}`, written, text);
    }
    // No double holds these: they must be kept as they are written, which is the slow way's business.
    assert.deepEqual(
      checkInTurn(
        ['9007199254740993', '1e400', '1e-400', '0.12345678901234567', '01', '1.', '.5', '+1'].map(
          (n) => `{"00091071":{"vr":"DS","Value":[${n}]}}`,
        ),
      ),
      new Array(8).fill(false),
    );
  });

  test('numbers of up to 15 digits are read digit by digit, and are those that JSON.parse gives', () => {
    const whole = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
    const check = (digits: number, decimals: number) => {
      const number = Number(`${digits}e-${decimals}`);
      // JavaScript writes the smallest with an exponent.
      fc.pre(!String(number).includes('e'));
      const text = `{"vr":"DS","Value":[${number}]}`;
      const { Value } = JSON.parse(text) as { Value: number[] };
      assert.deepEqual(plainElementAt(Buffer.from(text), 0, true)?.element.Value, Value, text);
    };
    fc.assert(fc.property(whole, fc.integer({ min: 0, max: 14 }), check));
  });

  test('whatever must be reported is refused', () => {
    const refused = [
      '',
      '{}',
      '[]',
      '{',
      `{${MODALITY}`,
      `{${MODALITY},}`,
      `{${MODALITY}} x`,
      `{${MODALITY}}{}`,
      `\ufeff{${MODALITY}}`,
      // a key twice, in the header or in an element
      `{${MODALITY},${MODALITY}}`,
      '{"00080060":{"vr":"CS","vr":"CS"}}',
      // keys of another form
      '{"0008006":{"vr":"CS"}}',
      '{"0008006g":{"vr":"CS"}}',
      '{"0020000d":{"vr":"UI"}}',
      '{"__proto__":{"vr":"CS"}}',
      // half a character, half an UTF-8, control characters, comments
      '{"00080060":{"vr":"CS","Value":["\\ud800"]}}',
      Buffer.from('{"00080060":{"vr":"CS","Value":["\xe9"]}}', 'latin1'),
      '{"00080060":{"vr":"CS","Value":["\u0001"]}}',
      `{${MODALITY}/* */}`,
      // no elements
      '{"00080060":null}',
      '{"00080060":[1]}',
      '{"00080060":"MG"}',
      `{"00080060":{"vr":"SQ","Value":${'[{"0":'.repeat(60)}1${'}]'.repeat(60)}}}`,
    ];
    for (const text of refused)
      assert.deepEqual(checkInTurn([text, `{${MODALITY}}`, text]), [false, true, false]);
  });

  test('after any texts, any text is read as the slow way reads it', () => {
    const scalar = fc.oneof(
      fc.constantFrom(
        '"MG"',
        '"M\\u00e9"',
        '"\u00e9"',
        '"a\\"b"',
        '1',
        '-0',
        '1.50',
        '2.5',
        'null',
        '1e9',
        '{"Alphabetic":"A"}',
      ),
    );
    const element = fc.oneof(
      fc
        .record({
          vr: fc.constantFrom('CS', 'DS', 'PN', 'SQ', 'O'),
          values: fc.array(scalar, { maxLength: 3 }),
        })
        .map(({ vr, values }) => `{"vr":"${vr}","Value":[${values.join(',')}]}`),
      fc.constantFrom(
        '{"vr":"CS"}',
        '{"vr":"OB","InlineBinary":"AA=="}',
        '{"vr":"OB","BulkDataURI":"x"}',
        '{}',
        '{"Value":["x"],"vr":"CS"}',
        '{"vr":"CS","Value":["x"]',
        '3',
      ),
    );
    const key = fc.constantFrom(
      '00080060',
      '00280010',
      '00100010',
      '00540220',
      '20500010',
      '00091001',
      '0020000d',
    );
    const separator = fc.constantFrom(',', ', ', ' ,');
    const header = fc
      .record({ members: fc.array(fc.tuple(key, element), { minLength: 1, maxLength: 4 }), separator })
      .map(({ members, separator: comma }) => `{${members.map(([k, e]) => `"${k}":${e}`).join(comma)}}`);
    const cut = fc.tuple(header, fc.nat(3)).map(([text, less]) => (less === 1 ? text.slice(0, -1) : text));
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 12 }), (texts) => {
        checkInTurn(texts);
      }),
      { numRuns: 1000 },
    );
  });
});
