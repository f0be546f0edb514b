import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { plainNumber } from '../../pipeline/dicom/json-plain-bytes.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection, type TagSelection } from '../../pipeline/dicom/tag-selection.js';
import { scratchFolder } from '../helpers/dcmtk.js';
import { checkInTurn, inFull } from '../helpers/json-headers.js';

const selection = loadTagSelection();

/** JSON values, plain and not, of which each VR has some. */
const VALUES = [
  '"A" | " A" | "A " | " " | "" | "A\\\\B" | "\u00e9" | "A","B" | "A","" | ["A"] | null | true | {"Alphabetic":"A"}',
  '"20200229" | "20200230" | "2020.02.29" | "20200229","20200301" | "093059.5" | "09:30" | "2530" | "058Y" | "58"',
  '0 | -0 | 1 | -1 | 1.5 | 1.50 | "1.5" | "1.50" | 0.07,0.07 | 1e3 | 65536 | 2147483647 | 2147483648 | -2147483648',
  '-2147483649 | 4294967296 | 999999999999999 | 0.000001',
].flatMap((line) => line.split(' | '));

interface Element {
  readonly key: string;
  readonly vr: string;
}

function ofVr(elements: readonly Element[], vr: string | null): readonly Element[] {
  return vr === null ? elements : elements.map(({ key }) => ({ key, vr }));
}

/** Whether each of VALUES is read the same as an element that was met first, after others and after itself. */
function areRead(elements: readonly Element[], before: readonly Element[], tags: TagSelection): boolean {
  const header = (members: readonly Element[], value: string) =>
    `{${members.map(({ key, vr }) => `"${key}":{"vr":"${vr}","Value":[${value}]}`).join(',')}}`;
  const texts = VALUES.flatMap((value) => [
    header(before, '"B"'),
    header(elements, value),
    header(elements, value),
  ]);
  return checkInTurn(texts, tags).every(Boolean);
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
    assert.equal(found?.leftText, `{${order.map((key) => `"${key}":${element}`).join(',')}}`);
  });

  test('what no column holds keeps its text, in runs that others interrupt and where it is not written shortly', () => {
    const left = (key: string, value = '"x"') => `"${key}":{"vr":"LO","Value":[${value}]}`;
    const [first, second, third] = [left('00091001'), left('00091002'), left('00091003', '"a","bcd"')];
    const spaced = '"00091004" : { "vr":"LO", "Value":[ "\\u00e9" ] }';
    const exact = left('00091004', '"\u00e9"');
    const cases = [
      [`{${first}}`, `{${first}}`],
      [`{${first},${second},${third}}`, `{${first},${second},${third}}`],
      [`{${first},${MODALITY},${second},${third},${MODALITY.replace('60', '61')}}`, null],
      [`{${MODALITY},${third}}`, `{${third}}`],
      [`{${first}, ${second},${third}}`, `{${first},${second},${third}}`],
      [`{${first},${spaced},${second}}`, `{${first},${exact},${second}}`],
      [`{${spaced},${second},${MODALITY}}`, `{${exact},${second}}`],
      [`{${MODALITY}}`, null],
    ] as const;
    const reader = new JsonHeaderReader(selection);
    for (const [text, expected] of [...cases, ...cases.toReversed()]) {
      const found = reader.readBytes(Buffer.from(text));
      const whole = found === null ? 'refused' : found.leftText;
      if (text.includes('00080061'))
        assert.equal(whole, `{${first},${second},${third},"00080061":{"vr":"CS","Value":["MG"]}}`);
      else assert.equal(whole, expected, text);
    }
  });

  test('an element that a column holds can be written again from it', () => {
    const elements: Readonly<Record<string, unknown>> = {
      '00080020': { vr: 'DA', Value: ['20120229'] },
      '00080021': { vr: 'DA', Value: ['00010101'] },
      '00080033': { vr: 'TM', Value: ['093059.5'] },
      '00101010': { vr: 'AS', Value: ['058Y'] },
      '00180060': { vr: 'DS', Value: [28.5] },
      '00181164': { vr: 'DS', Value: [0.07, 0.07] },
      '00280120': { vr: 'SS', Value: [-3] },
      '00080008': { vr: 'CS', Value: ['DERIVED', 'PRIMARY'] },
    };
    const reader = new JsonHeaderReader(selection);
    for (const time of ['first', 'second']) {
      const { held } = inFull(reader.readBytes(Buffer.from(JSON.stringify(elements)))!);
      assert.deepEqual(Object.keys(held), Object.keys(elements), time);
      for (const [key, { element }] of Object.entries(held)) assert.deepEqual(element, elements[key], time);
    }
    // VR and sign go by another element.
    const unsigned = { '00280120': { vr: 'US', Value: [3] } };
    const { held } = inFull(reader.readBytes(Buffer.from(JSON.stringify(unsigned)))!);
    assert.deepEqual(held['00280120']?.element, unsigned['00280120']);
  });

  test('numbers keep the spelling that JSON.stringify gives them', () => {
    const numbers =
      '0 -0 1 -1 10 1.5 1.50 0.1 0.000001 0.0000001 1e3 1E+2 123456789012345 0.12345678901234566 95.139';
    const texts = numbers.split(' ').map((number) => `{"00091071":{"vr":"DS","Value":[${number}]}}`);
    const reader = new JsonHeaderReader(selection);
    for (const text of texts) {
      const written = JSON.stringify(JSON.parse(text));
      assert.equal(reader.readBytes(Buffer.from(text))?.leftText, written, text);
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
      const text = String(number);
      assert.equal(plainNumber(Buffer.from(text), 0, text.length), JSON.parse(text), text);
    };
    fc.assert(fc.property(whole, fc.integer({ min: 0, max: 14 }), check));
  });

  test('values are read the same, whatever they are and whatever came before them', () => {
    const plain = selection.tags.filter(({ path, creator }) => path.length === 1 && creator === null);
    const elements = plain.map(({ path, vr }) => ({ key: path[0]!.key, vr: vr.slice(0, 2) }));
    const isRead = (vr: string | null, before: string | null) =>
      areRead(ofVr(elements, vr), ofVr(elements, before), selection);
    for (const vr of [null, 'UN']) assert.ok(isRead(vr, vr), `${vr}`);
    assert.ok(isRead('SS', null));
    assert.ok(isRead(null, 'UN'));
  });

  test('and with a selection of other types, with fallbacks and without the tags of the identity', () => {
    const file = join(scratchFolder(), 'tags.csv');
    const rows = [
      'ContentDate,dates,list<date>,AcquisitionDate',
      'AcquisitionDate,date,,',
      'Manufacturer,makers,list<string>,StationName',
      'PatientName,name,,',
      'KVP,kvp,string,',
      'BitsStored,bits,double,',
    ];
    writeFileSync(file, `keyword,column,type,fallback\n${rows.join('\n')}\n`);
    const elements = [
      ...[
        '00080023 DA',
        '00080022 DA',
        '00080070 LO',
        '00081010 SH',
        '00100010 PN',
        '00180060 DS',
        '00280101 US',
      ],
      ...['00080018 UI', '0020000D UI', '00280010 US'],
    ].map((text) => ({ key: text.slice(0, 8), vr: text.slice(9) }));
    const tags = loadTagSelection(file);
    assert.ok(areRead(elements, elements, tags));
    assert.ok(areRead(elements, ofVr(elements, 'UN'), tags));
  });

  test('values that end early, or go on, are refused', () => {
    for (const rest of ['"A"', '"A', '"A"]', '1', '1]', '1,]}', '"A",]}', '1]]', '"A"}}', ']'])
      assert.deepEqual(
        checkInTurn([
          `{${MODALITY}}`,
          `{"00080060":{"vr":"CS","Value":[${rest}`,
          `{"00080060":{"vr":"CS","Value":[${rest}}`,
        ]),
        [true, false, false],
        rest,
      );
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
    const part = fc.constantFrom(
      '"00080100":{"vr":"SH","Value":["A"]}',
      '"00080100":{"vr":"SH","Value":["B"]}',
      '"00080104":{"vr":"LO","Value":["\u00e9"]}',
      '"00540222":{"vr":"SQ","Value":[{"00080100":{"vr":"SH","Value":["C"]}}]}',
      '"00540222":{"vr":"SQ","Value":[{},{"00080100":{"vr":"SH"}}]}',
      '"00209071":{"vr":"SQ","Value":[{"00209072":{"vr":"CS","Value":["L"]}}]}',
      '"00209111":{"vr":"SQ","Value":[{"00209157":{"vr":"UL","Value":[1,2]}}]}',
      '"00541000":{"vr":"DS","Value":[1.50]}',
    );
    const item = fc.array(part, { maxLength: 3 }).map((parts) => `{${parts.join(',')}}`);
    const items = fc.array(fc.oneof({ arbitrary: item, weight: 9 }, fc.constant('null')), { maxLength: 4 });
    const sequence = items.map((all) => `{"vr":"SQ","Value":[${all.join(',')}]}`);
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
      sequence,
    );
    const key = fc.constantFrom(
      '00080060',
      '00280010',
      '00100010',
      '00540220',
      '52009230',
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
