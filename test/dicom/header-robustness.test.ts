import assert from 'node:assert/strict';
import { ftruncateSync, openSync, closeSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { DicomHeaderReader, type DicomHeader } from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { scratchFolder } from '../helpers/dcmtk.js';

const selection = loadTagSelection();
const reader = new DicomHeaderReader(selection);
const folder = scratchFolder();
const file = join(folder, 'image.dcm');

const EXPLICIT = '1.2.840.10008.1.2.1';
const IMPLICIT = '1.2.840.10008.1.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const JPEG = '1.2.840.10008.1.2.4.70';
const UNDEFINED = 0xffffffff;

function header(tag: number, length: number, vr?: string): Buffer {
  const bytes = Buffer.alloc(vr === undefined ? 8 : 12);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  if (vr !== undefined) bytes.write(vr, 4, 'latin1');
  bytes.writeUInt32LE(length, bytes.length - 4);
  return bytes;
}

function text(tag: number, vr: string, value: string): Buffer {
  const padded = value.length % 2 === 0 ? value : `${value} `;
  const start = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0]);
  start.writeUInt16LE(tag >>> 16, 0);
  start.writeUInt16LE(tag & 0xffff, 2);
  start.write(vr, 4, 'latin1');
  start.writeUInt16LE(padded.length, 6);
  return Buffer.concat([start, Buffer.from(padded, 'latin1')]);
}

function part10(syntax: string, ...dataset: Buffer[]): Buffer {
  const meta = text(0x00020010, 'UI', syntax);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, ...dataset]);
}

function read(...parts: Buffer[]): DicomHeader {
  writeFileSync(file, Buffer.concat(parts));
  return reader.read(file);
}

function cellOf(found: DicomHeader, name: string): unknown {
  if (found.state === 'unreadable') assert.fail(found.reason);
  return found.values.cells[selection.tags.findIndex((tag) => tag.column.name === name)];
}

const MODALITY = text(0x00080060, 'CS', 'MG');
const SEX = text(0x00100040, 'CS', 'F');

describe('files that are not DICOM', () => {
  const notDicom: readonly [string, Buffer][] = [
    ['an empty file', Buffer.alloc(0)],
    ['one byte', Buffer.alloc(1)],
    ['zeros', Buffer.alloc(100_000)],
    ['text', Buffer.from('{"client": 1}'.repeat(100))],
    ['a preamble and nothing else', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')])],
    ['a file meta group and nothing else', part10(EXPLICIT)],
    ['zeros after the file meta group', part10(IMPLICIT, Buffer.alloc(4096))],
    [
      'zeros after some elements',
      part10(IMPLICIT, header(0x00080060, 2), Buffer.from('MG'), Buffer.alloc(4096)),
    ],
    ['deflated garbage', part10(DEFLATED, Buffer.from('ffffffffffffffffffff', 'hex'))],
  ];
  for (const [name, bytes] of notDicom)
    test(`${name}: unreadable, with a reason`, () => {
      const found = read(bytes);
      assert.equal(found.state, 'unreadable');
      assert.match(found.reason, /\w+ \w+/);
      assert.equal(found.fileBytes, bytes.length);
    });

  test('a file that is not there throws as Node does', () => {
    assert.throws(() => reader.read(join(folder, 'none.dcm')), { code: 'ENOENT' });
    assert.throws(() => reader.read(folder), { code: 'EISDIR' });
  });
});

describe('lying lengths', () => {
  test('a length past the end of the file is unreadable, and nothing more is read', () => {
    const lie = header(0x00091001, 3_000_000_000, 'OB');
    const found = read(part10(EXPLICIT, MODALITY, lie), Buffer.alloc(200_000));
    assert.equal(found.state, 'unreadable');
    assert.match(found.reason, /ends within \(0009,1001\)/);
    assert.ok(found.bytesRead <= 16_384);
  });

  test('a length of gigabytes within the file stops at the limit of a header', () => {
    const lie = part10(EXPLICIT, MODALITY, header(0x00091001, 200_000_000, 'OB'));
    writeFileSync(file, lie);
    truncateSync(file, 300_000_000);
    const found = reader.read(file);
    assert.equal(found.state, 'unreadable');
    assert.match(found.reason, /longer than 67108864 bytes/);
    assert.ok(found.bytesRead <= 16_384, `${found.bytesRead}`);
  });

  test('a sequence whose items run past it is unreadable', () => {
    const item = header(0xfffee000, 40);
    const sequence = Buffer.concat([header(0x00540220, 16, 'SQ'), item, Buffer.alloc(8)]);
    assert.equal(read(part10(EXPLICIT, sequence, MODALITY, SEX, SEX, SEX)).state, 'unreadable');
  });

  test('a sequence without its delimiter is unreadable', () => {
    const item = Buffer.concat([header(0xfffee000, UNDEFINED), MODALITY, header(0xfffee00d, 0)]);
    for (const vr of ['SQ', 'UN']) {
      const found = read(part10(EXPLICIT, MODALITY, header(0x00540220, UNDEFINED, vr), item));
      assert.equal(found.state, 'unreadable', vr);
    }
    const implicitItem = Buffer.concat([
      header(0xfffee000, UNDEFINED),
      header(0x00080100, 2),
      Buffer.from('AB'),
      header(0xfffee00d, 0),
    ]);
    for (const tag of [0x00540220, 0x00451010])
      assert.equal(read(part10(IMPLICIT, header(tag, UNDEFINED), implicitItem)).state, 'unreadable');
  });

  test('nesting without end is unreadable', () => {
    const level = Buffer.concat([header(0x00540220, UNDEFINED, 'SQ'), header(0xfffee000, UNDEFINED)]);
    const levels = Buffer.concat(Array.from({ length: 200_000 }, () => level));
    const found = read(part10(EXPLICIT, MODALITY, levels));
    assert.equal(found.state, 'unreadable');
  });

  test('a sequence of millions of items is unreadable', () => {
    const items = Buffer.alloc(8_000_000);
    for (let at = 0; at < items.length; at += 8) items.writeUInt32LE(0xe000fffe, at);
    const found = read(part10(EXPLICIT, MODALITY, header(0x00540220, UNDEFINED, 'SQ'), items));
    assert.equal(found.state, 'unreadable');
    assert.match(found.reason, /too many elements/);
  });

  test('zeros that inflate to gigabytes are unreadable, or not inflated', () => {
    const zeros = deflateRawSync(Buffer.alloc(100_000_000));
    assert.equal(read(part10(DEFLATED, zeros)).state, 'unreadable');
    const pixels = Buffer.concat([
      MODALITY,
      header(0x7fe00010, 100_000_000, 'OW'),
      Buffer.alloc(100_000_000),
    ]);
    const found = read(part10(DEFLATED, deflateRawSync(pixels)));
    assert.equal(found.state, 'complete');
    assert.ok(found.bytesRead <= 16_384);
  });
});

describe('elements that dicom-parser has no length rule for', () => {
  test('OV, SV, UV and VRs to come have a length of 32 bits', () => {
    for (const vr of ['OV', 'SV', 'UV', 'ZZ']) {
      const wide = Buffer.concat([header(0x00091001, 8, vr), Buffer.alloc(8)]);
      const found = read(part10(EXPLICIT, MODALITY, wide, SEX, header(0x7fe00010, 0, 'OW')));
      assert.equal(cellOf(found, 'patient_sex'), 'F', vr);
      assert.equal(found.state, 'complete', vr);
    }
  });
});

describe('sequences in unusual forms', () => {
  const item = Buffer.concat([header(0xfffee000, 14), header(0x00080100, 6), Buffer.from('R-1   ')]);
  const value = text(0x00080100, 'SH', 'R-1');
  const explicitItem = Buffer.concat([header(0xfffee000, value.length), value]);

  test('one that was written as UN has implicit items', () => {
    for (const [length, end] of [
      [item.length, Buffer.alloc(0)],
      [UNDEFINED, header(0xfffee0dd, 0)],
    ] as const) {
      const sequence = Buffer.concat([header(0x00540220, length, 'UN'), item, end]);
      const found = read(part10(EXPLICIT, MODALITY, sequence, text(0x00540400, 'CS', 'X')));
      assert.equal(cellOf(found, 'view_code_value'), 'R-1');
      assert.equal(cellOf(found, 'modality'), 'MG');
    }
  });

  test('one at the very end of the file, empty or not', () => {
    const empty = read(part10(EXPLICIT, MODALITY, header(0x00540220, 0, 'SQ')));
    assert.equal(cellOf(empty, 'view_code_value'), null);
    const last = read(
      part10(EXPLICIT, MODALITY, header(0x00540220, explicitItem.length, 'SQ'), explicitItem),
    );
    assert.equal(cellOf(last, 'view_code_value'), 'R-1');
  });

  test('an element that stands twice counts once, the first time', () => {
    const found = read(part10(EXPLICIT, MODALITY, text(0x00080060, 'CS', 'XX')));
    assert.equal(cellOf(found, 'modality'), 'MG');
  });

  test('a broken item in a long file does not make the whole file be read', () => {
    // The item says 4 bytes, its element takes 11.
    const broken = Buffer.concat([header(0xfffee000, 4), value]);
    const sequence = Buffer.concat([header(0x00540220, UNDEFINED, 'SQ'), broken]);
    const found = read(part10(EXPLICIT, MODALITY, sequence), Buffer.alloc(1_000_000, 0x41));
    assert.equal(found.state, 'unreadable');
    assert.ok(found.bytesRead <= 16_384);
  });
});

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
        text(0x00101010, 'AS', '55'),
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
        ['patient_age', 'number_invalid', '55'],
        ['instance_number', 'number_invalid', '4000000000'],
        ['pixel_spacing', 'number_invalid', '0.1\\'],
        ['kvp', 'number_invalid', '28,5'],
      ],
    );
    assert.deepEqual(
      multiple.map((index) => selection.tags[index]!.column.name),
      ['image_laterality', 'rows'],
    );
  });

  test('private elements are found by their creator', () => {
    const csv = join(folder, 'private.csv');
    writeFileSync(csv, 'keyword,tag,vr,column,creator\nGrid,0045xx10,LO,grid,ACME 1.0\n');
    const own = new DicomHeaderReader(loadTagSelection(csv));
    const dataset = [
      MODALITY,
      text(0x00450010, 'LO', 'OTHER'),
      text(0x00450011, 'LO', 'ACME 1.0'),
      text(0x00451010, 'LO', 'not this'),
      text(0x00451110, 'LO', 'this'),
    ];
    writeFileSync(file, part10(EXPLICIT, ...dataset));
    const found = own.read(file);
    if (found.state === 'unreadable') assert.fail(found.reason);
    assert.deepEqual(found.values.cells, ['this']);
  });
});

describe('pixel data that is not all there', () => {
  const native = part10(EXPLICIT, MODALITY, header(0x7fe00010, 1000, 'OW'));
  const item = (length: number) => Buffer.concat([header(0xfffee000, length), Buffer.alloc(length)]);
  const encapsulated = part10(JPEG, MODALITY, header(0x7fe00010, UNDEFINED, 'OB'));
  const delimiter = header(0xfffee0dd, 0);
  const missing = (...parts: Buffer[]) => {
    const found = read(...parts);
    if (found.state === 'unreadable') assert.fail(found.reason);
    return found.missingBytes;
  };

  test('native: the declared length against the size of the file', () => {
    assert.equal(missing(native, Buffer.alloc(1000)), 0);
    assert.equal(missing(native, Buffer.alloc(999)), 1);
    assert.equal(missing(native), 1000);
    assert.equal(missing(native, Buffer.alloc(1000), header(0xfffcfffc, 4, 'OB'), Buffer.alloc(4)), 0);
  });

  test('encapsulated: a fragment past the end, or no delimiter', () => {
    assert.equal(missing(encapsulated, item(0), item(500), delimiter), 0);
    assert.equal(
      missing(encapsulated, item(0), item(500), delimiter, header(0xfffcfffc, 4, 'OB'), Buffer.alloc(4)),
      0,
    );
    assert.equal(missing(encapsulated, item(0), item(500)), 8);
    // 100 bytes of the fragment and the delimiter.
    assert.equal(missing(encapsulated, item(0), item(500).subarray(0, 408)), 108);
    assert.equal(missing(encapsulated, item(0), item(500), delimiter.subarray(0, 3)), 5);
    assert.equal(missing(encapsulated), 8);
  });

  test('the pixels are not read, however many there are', () => {
    writeFileSync(file, native);
    const descriptor = openSync(file, 'r+');
    ftruncateSync(descriptor, 500_000_000);
    closeSync(descriptor);
    const found = reader.read(file);
    assert.equal(found.state, 'complete');
    assert.equal(found.bytesRead, 16_384);
    assert.equal(found.fileBytes, 500_000_000);
  });
});

describe('random damage', () => {
  const item = Buffer.concat([
    header(0xfffee000, UNDEFINED),
    text(0x00080100, 'SH', 'R-1'),
    header(0xfffee00d, 0),
  ]);
  const views = [header(0x00540220, UNDEFINED, 'SQ'), item, header(0xfffee0dd, 0)];
  const known = Buffer.concat([header(0x00082218, item.length, 'SQ'), item]);
  const dataset = [text(0x00080005, 'CS', '\\ISO 2022 IR 87'), MODALITY, known, SEX, ...views];
  const pixels = Buffer.concat([header(0x7fe00010, 64, 'OW'), Buffer.alloc(64)]);
  const whole = part10(EXPLICIT, ...dataset, pixels);
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });

  test('never throws', () => {
    assert.equal(cellOf(read(whole), 'view_code_value'), 'R-1');
    fc.assert(
      fc.property(damage, fc.nat(whole.length), (flips, cut) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of flips) bytes[at] = value;
        for (const damaged of [bytes, bytes.subarray(132), bytes.subarray(0, cut)]) {
          const found = read(damaged);
          assert.ok(found.bytesRead <= damaged.length * 2 + 64);
          if (found.state !== 'unreadable') assert.equal(found.values.cells.length, selection.tags.length);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('never throws on random bytes after a good start', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(EXPLICIT, IMPLICIT, DEFLATED),
        fc.uint8Array({ maxLength: 400 }),
        (syntax, rest) => {
          read(part10(syntax, syntax === IMPLICIT ? Buffer.alloc(0) : MODALITY, Buffer.from(rest)));
        },
      ),
      { numRuns: 300 },
    );
  });
});
