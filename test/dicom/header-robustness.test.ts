import assert from 'node:assert/strict';
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import {
  DicomHeaderReader,
  type DicomHeader,
  type ReadableHeader,
} from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import {
  DEFLATED,
  EXPLICIT,
  header,
  IMPLICIT,
  MODALITY,
  part10,
  SEX,
  text,
  UNDEFINED,
} from '../helpers/dicom-bytes.js';
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

describe('files that are not DICOM', () => {
  const notDicom: readonly [string, Buffer][] = [
    ['an empty file', Buffer.alloc(0)],
    ['one byte', Buffer.alloc(1)],
    ['zeros', Buffer.alloc(100_000)],
    ['text', Buffer.from('{"client": 1}'.repeat(100))],
    ['a preamble and nothing else', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')])],
    ['a file meta group and nothing else', part10(EXPLICIT)],
    ['zeros after the file meta group', part10(IMPLICIT, Buffer.alloc(4096))],
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
    assert.throws(() => reader.read(openLocalFile(join(folder, 'none.dcm'))), { code: 'ENOENT' });
    assert.throws(() => reader.read(openLocalFile(folder)), { code: 'EISDIR' });
  });
});

/** A header of which MG was read, and then no more. */
function endedEarly(found: DicomHeader): ReadableHeader {
  assert.equal(cellOf(found, 'modality'), 'MG');
  if (found.state !== 'ended_early') assert.fail(found.state);
  return found;
}

test('zeros after some elements: what stands before them is read', () => {
  const start = [header(0x00080060, 2), Buffer.from('MG')];
  assert.match(
    endedEarly(read(part10(IMPLICIT, ...start, Buffer.alloc(4096)))).cut ?? '',
    /the file ends within/,
  );
  // So many that nobody looks for what comes after them.
  const [end] = endedEarly(read(part10(IMPLICIT, ...start, Buffer.alloc(200_000)))).odd;
  assert.match(end!.reason, /^begin zero bytes, and nothing else follows/);
});

describe('unusual starts', () => {
  const prefix = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);
  const version = text(0x00020013, 'SH', 'MAKER 1');
  const implicit = Buffer.concat([header(0x00080060, 2), Buffer.from('MG')]);

  test('a file meta group without a transfer syntax, or none after the prefix: the first element tells', () => {
    for (const start of [prefix, Buffer.concat([prefix, version])])
      for (const modality of [MODALITY, implicit]) {
        const found = read(start, modality);
        assert.equal(cellOf(found, 'modality'), 'MG');
        assert.equal(cellOf(found, 'transfer_syntax_uid'), null);
      }
  });
});

describe('lying lengths', () => {
  test('a length past the end of the file: what stands before is kept, and nothing more is read', () => {
    const lie = header(0x00091001, 3_000_000_000, 'OB');
    const found = endedEarly(read(part10(EXPLICIT, MODALITY, lie), Buffer.alloc(200_000)));
    assert.match(found.cut ?? '', /ends within \(0009,1001\)/);
    assert.ok(found.bytesRead <= 16_384);
  });

  test('elements of gigabytes are stepped over, and not read', () => {
    const large = header(0x00091001, 200_000_000, 'OB');
    const start = part10(EXPLICIT, MODALITY, large);
    const rest = Buffer.concat([SEX, header(0x7fe00010, 4, 'OW'), Buffer.alloc(4)]);
    writeFileSync(file, start);
    truncateSync(file, start.length + 200_000_000);
    appendFileSync(file, rest);
    const found = reader.read(openLocalFile(file));
    assert.equal(cellOf(found, 'patient_sex'), 'F');
    if (found.state !== 'complete') assert.fail(found.state);
    assert.equal(found.pixelDataOffset, start.length + 200_000_000 + SEX.length);
    assert.equal(found.missingBytes, 0);
    assert.deepEqual(found.odd, []);
    assert.ok(found.bytesRead <= 2 * 16_384, `${found.bytesRead}`);
  });

  test('a sequence of 80 MB is stepped over, of whatever length, and the memory does not hold it', () => {
    const value = header(0x00091002, 80_000_000, 'OB');
    const open = [header(0x00091001, UNDEFINED, 'SQ'), header(0xfffee000, UNDEFINED), value];
    const end = [header(0xfffee00d, 0), header(0xfffee0dd, 0)];
    const small = Buffer.alloc(80_000_000);
    for (let at = 0; at < small.length; at += 8) small.writeUInt32LE(0xe000fffe, at);
    const rest = [SEX, header(0x7fe00010, 0, 'OW')];
    for (const [name, most, parts] of [
      ['a long value', 100_000, [...open, Buffer.alloc(80_000_000), ...end]],
      ['ten million items', 90_000_000, [header(0x00091001, UNDEFINED, 'SQ'), small, end[1]!]],
      ['of defined length', 100_000, [header(0x00091001, 80_000_000, 'SQ'), small]],
    ] as const) {
      const found = read(part10(EXPLICIT, MODALITY, ...parts, ...rest));
      assert.equal(cellOf(found, 'patient_sex'), 'F', name);
      assert.equal(found.state, 'complete', name);
      assert.ok(found.bytesRead < most, `${name}: ${found.bytesRead}`);
    }
  });

  test('a sequence whose items run past it costs its own columns, and has a row', () => {
    const item = header(0xfffee000, 40);
    const sequence = Buffer.concat([header(0x00540220, 16, 'SQ'), item, Buffer.alloc(8)]);
    const found = read(part10(EXPLICIT, MODALITY, sequence, text(0x20500020, 'CS', 'IDENTITY')));
    assert.equal(cellOf(found, 'presentation_lut_shape'), 'IDENTITY');
    assert.equal(cellOf(found, 'view_code_value'), null);
    if (found.state === 'unreadable') assert.fail(found.reason);
    assert.deepEqual(
      found.odd.map(({ oddity, place }) => [oddity, place]),
      [['sequence', `(0054,0220) at byte ${part10(EXPLICIT, MODALITY).length}`]],
    );
  });

  test('a sequence without its delimiter: what stands before is kept', () => {
    const item = Buffer.concat([header(0xfffee000, UNDEFINED), MODALITY, header(0xfffee00d, 0)]);
    for (const vr of ['SQ', 'UN']) {
      const found = read(part10(EXPLICIT, MODALITY, header(0x00540220, UNDEFINED, vr), item));
      assert.match(endedEarly(found).cut ?? '', /the file ends within/);
    }
    const implicitItem = Buffer.concat([
      header(0xfffee000, UNDEFINED),
      header(0x00080100, 2),
      Buffer.from('AB'),
      header(0xfffee00d, 0),
    ]);
    const modality = Buffer.concat([header(0x00080060, 2), Buffer.from('MG')]);
    for (const tag of [0x00540220, 0x00451010])
      endedEarly(read(part10(IMPLICIT, modality, header(tag, UNDEFINED), implicitItem)));
  });

  test('nesting without end: what stands before is kept', () => {
    const level = Buffer.concat([header(0x00540220, UNDEFINED, 'SQ'), header(0xfffee000, UNDEFINED)]);
    const levels = Buffer.concat(Array.from({ length: 200_000 }, () => level));
    const found = endedEarly(read(part10(EXPLICIT, MODALITY, levels)));
    const end = found.odd.at(-1)!;
    assert.match(`${end.place} ${end.reason}`, /^\(0054,0220\) at byte \d+ is nested too deep/);
  });

  test('a sequence of a million items is not read, and what stands around it is', () => {
    const items = Buffer.alloc(8_000_000);
    for (let at = 0; at < items.length; at += 8) items.writeUInt32LE(0xe000fffe, at);
    const views = [header(0x00540220, UNDEFINED, 'SQ'), items, header(0xfffee0dd, 0)];
    const found = read(part10(EXPLICIT, MODALITY, ...views, text(0x20500020, 'CS', 'IDENTITY')));
    assert.equal(cellOf(found, 'view_code_value'), null);
    assert.equal(cellOf(found, 'presentation_lut_shape'), 'IDENTITY');
    if (found.state === 'unreadable') assert.fail(found.reason);
    assert.match(found.odd[0]!.reason, /too many elements/);
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

  test('elements of VRs that dicom-parser does not know are read over within items', () => {
    for (const vr of ['OV', 'SV', 'UV', 'ZZ']) {
      const wide = Buffer.concat([header(0x00080099, 8, vr), Buffer.alloc(8, 0x11), value]);
      const known = Buffer.concat([header(0xfffee000, wide.length), wide]);
      const open = Buffer.concat([header(0xfffee000, UNDEFINED), wide, header(0xfffee00d, 0)]);
      for (const sequence of [
        [header(0x00540220, known.length, 'SQ'), known],
        [header(0x00540220, UNDEFINED, 'SQ'), open, header(0xfffee0dd, 0)],
      ]) {
        const found = read(part10(EXPLICIT, MODALITY, ...sequence, text(0x00540400, 'CS', 'X')));
        assert.equal(cellOf(found, 'view_code_value'), 'R-1', vr);
      }
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

  test('a broken item of an open sequence in a long file does not make the whole file be read', () => {
    // The item says 4 bytes, its element takes 11.
    const broken = Buffer.concat([header(0xfffee000, 4), value]);
    const sequence = Buffer.concat([header(0x00540220, UNDEFINED, 'SQ'), broken]);
    const found = endedEarly(read(part10(EXPLICIT, MODALITY, sequence), Buffer.alloc(1_000_000, 0x41)));
    assert.ok(found.bytesRead <= 16_384);
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
