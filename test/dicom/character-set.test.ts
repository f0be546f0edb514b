import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { decodeText } from '../../pipeline/dicom/character-set.js';
import { DicomHeaderReader } from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { dcmconv, dump2dcm, noDcmtk, scratchFolder } from '../helpers/dcmtk.js';
import { sequence } from '../helpers/dicom-samples.js';

function decode(hex: string, characterSet: string, vr = 'PN'): { text: string; sound: boolean } {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return decodeText(bytes, 0, bytes.length, characterSet, vr);
}

/** SpecificCharacterSet, bytes and text: the characters from the code charts of the ISO registry and ISO 8859. */
const SINGLE: readonly [string, string, string][] = [
  ['ISO_IR 100', '42 75 63 e9 20 b5', 'Bucé µ'],
  ['ISO_IR 101', '57 61 b3 ea 73 61', 'Wałęsa'],
  ['ISO_IR 109', 'a6 f8', 'Ĥĝ'],
  ['ISO_IR 110', 'a2 be', 'ĸž'],
  ['ISO_IR 144', 'bb ee da 63 d1', 'Люкcб'],
  ['ISO_IR 127', 'e2 c8 c7', 'قبا'],
  ['ISO_IR 126', 'c4 e9 ef ed fd f3 e9 ef f2', 'Διονύσιος'],
  ['ISO_IR 138', 'f9 f8 e5 ef', 'שרון'],
  ['ISO_IR 148', 'd0 fd fe', 'Ğış'],
  ['ISO_IR 203', 'a4 bd', '€œ'],
  ['ISO_IR 13', 'd4 cf c0 de', 'ﾔﾏﾀﾞ'],
  ['ISO_IR 166', 'b9 d2 c2', 'นาย'],
  ['ISO_IR 192', '57 61 6e 67 5e e5 b0 8f e6 9d b1', 'Wang^小東'],
  ['GB18030', '57 61 6e 67 5e d0 a1 b6 ab', 'Wang^小东'],
  ['GBK', 'd0 a1 b6 ab', '小东'],
];

/** The examples of DICOM PS3.5 annexes H, I and K. */
const EXTENSIONS: readonly [string, string, string][] = [
  [
    '\\ISO 2022 IR 87',
    '59616d6164615e5461726f753d 1b2442 3b334544 1b2842 5e 1b2442 42404f3a 1b2842 3d 1b2442 2464245e2440 1b2842 5e 1b2442 243f246d2426 1b2842',
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
  ],
  [
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    'd4cfc0de5ec0dbb33d 1b2442 3b334544 1b284a 5e 1b2442 42404f3a 1b284a 3d 1b2442 2464245e2440 1b284a 5e 1b2442 243f246d2426 1b284a',
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
  ],
  [
    '\\ISO 2022 IR 149',
    '486f6e675e47696c646f6e673d 1b242943 fbf3 5e 1b242943 d1ce d4d7 3d 1b242943 c8ab 5e 1b242943 b1e6 b5bf',
    'Hong^Gildong=洪^吉洞=홍^길동',
  ],
  [
    '\\ISO 2022 IR 58',
    '5a68616e675e5869616f446f6e673d 1b242941 d5c5 5e 1b242941 d0a1 b6ab 3d',
    'Zhang^XiaoDong=张^小东=',
  ],
  // JIS X 0212 row 48 cell 1.
  ['\\ISO 2022 IR 159', '1b242844 5021 1b2842', '碻'],
  ['ISO 2022 IR 6\\ISO 2022 IR 100\\ISO 2022 IR 126', '1b2d41 e9 1b2d46 e1', 'éα'],
];

describe('decoding text', () => {
  test('each character set that stands alone', () => {
    for (const [characterSet, hex, text] of SINGLE)
      assert.deepEqual(decode(hex, characterSet), { text, sound: true }, characterSet);
  });

  test('a single-byte character set in the notation of code extensions', () => {
    for (const [characterSet, hex, text] of SINGLE.filter(([name]) => /^ISO_IR 1[0-6]/.test(name)))
      assert.deepEqual(decode(hex, characterSet.replace('ISO_IR', 'ISO 2022 IR')), { text, sound: true });
  });

  test('code extensions', () => {
    for (const [characterSet, hex, text] of EXTENSIONS)
      assert.deepEqual(decode(hex, characterSet), { text, sound: true }, characterSet);
  });

  test('a delimiter brings back the initial character set', () => {
    const greekThenLatin = '1b2d46 e1 5c e9';
    assert.equal(decode(greekThenLatin, 'ISO 2022 IR 100\\ISO 2022 IR 126', 'LO').text, 'α\\é');
    // In LT a backslash is no delimiter.
    assert.equal(decode(greekThenLatin, 'ISO 2022 IR 100\\ISO 2022 IR 126', 'LT').text, 'α\\ι');
  });

  test('a backslash within a character of two bytes is no delimiter', () => {
    assert.equal(decode('81 5c', 'GB18030', 'LO').text, '乗');
    // JIS X 0208 row 43 cell 60 (4B 5C) is 本.
    assert.equal(decode('1b2442 4b5c 1b2842', '\\ISO 2022 IR 87', 'LO').text, '本');
  });

  test('bytes without meaning become U+FFFD and are not sound', () => {
    const bad: readonly [string, string, string][] = [
      ['', '61 e9', 'a\ufffd'],
      ['ISO_IR 6', '61 e9', 'a\ufffd'],
      ['ISO_IR 999', '61 e9', 'a\ufffd'],
      ['nonsense', '61 e9', 'a\ufffd'],
      ['ISO_IR 192', '61 e9 62', 'a\ufffdb'],
      ['ISO_IR 127', 'a1', '\ufffd'],
      ['\\ISO 2022 IR 87', '1b2461 62', '\ufffd$ab'],
      ['\\ISO 2022 IR 87', '1b2442 3b', '\ufffd'],
    ];
    for (const [characterSet, hex, text] of bad)
      assert.deepEqual(decode(hex, characterSet), { text, sound: false }, `${characterSet} ${hex}`);
  });

  test('ASCII is sound in an unknown character set', () => {
    assert.deepEqual(decode('61 62', 'nonsense'), { text: 'ab', sound: true });
  });
});

/**
 * dcmtk 3.6.7 has no ISO_IR 203, its iconv has no converter for the Japanese extensions, and it leaves the second
 * escape sequence of ISO 2022 IR 58 in the text.
 */
const NOT_IN_DCMTK = /IR (203|87|159|58)$/;

describe('text in DICOM files', { skip: noDcmtk }, () => {
  const folder = scratchFolder();
  const selection = loadTagSelection();
  const reader = new DicomHeaderReader(selection);
  const columnOf = (file: string, name: string) => {
    const header = reader.read(openLocalFile(file));
    if (header.state === 'unreadable') assert.fail(header.reason);
    const index = selection.tags.findIndex((tag) => tag.column.name === name);
    const invalid = header.values.invalid.filter((entry) => entry.index === index);
    return { cell: header.values.cells[index], invalid };
  };
  const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1');
  const write = (name: string, characterSet: string, description: string, ...more: string[]) =>
    dump2dcm(join(folder, `${name}.dcm`), [
      `(0008,0005) CS [${characterSet}]`,
      '(0008,0018) UI [1.2.3]',
      `(0008,103e) LO [${description}]`,
      ...more,
    ]);

  test('is the text that dcmconv converts to UTF-8', () => {
    for (const [at, [characterSet, hex, text]] of [...SINGLE, ...EXTENSIONS].entries()) {
      const file = write(`text-${at}`, characterSet, bytesOf(hex));
      assert.deepEqual(columnOf(file, 'series_description'), { cell: text, invalid: [] }, characterSet);
      if (NOT_IN_DCMTK.test(characterSet)) continue;
      const utf8 = dcmconv(file, join(folder, `utf8-${at}.dcm`), '+U8');
      assert.deepEqual(columnOf(utf8, 'series_description'), { cell: text, invalid: [] }, characterSet);
    }
  });

  test('an item has its own character set, or that of the dataset', () => {
    const view = (...lines: string[]) => sequence('(0054,0220)', lines);
    const own = view('(0008,0005) CS [ISO_IR 126]', `(0008,0104) LO [${bytesOf('e1')}]`);
    const inherited = view(`(0008,0104) LO [${bytesOf('e1')}]`);
    assert.equal(columnOf(write('own', 'ISO_IR 100', 'x', ...own), 'view_code_meaning').cell, 'α');
    assert.equal(
      columnOf(write('inherited', 'ISO_IR 100', 'x', ...inherited), 'view_code_meaning').cell,
      'á',
    );
  });

  test('bytes that are no text are reported with the bytes, and the rest is kept', () => {
    const { cell, invalid } = columnOf(
      write('bad', 'ISO_IR 192', `ab${bytesOf('e9')}c`),
      'series_description',
    );
    assert.equal(cell, 'ab\ufffdc');
    assert.deepEqual(
      invalid.map(({ kind, raw }) => ({ kind, raw })),
      [{ kind: 'text_undecodable', raw: 'ab\u00e9c' }],
    );
  });
});
