import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DicomHeaderReader, type ReadableHeader } from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { scratchFolder } from '../helpers/dcmtk.js';
import { element, fileOf, FORMS, tagBytes, u32 } from '../helpers/encoded-dataset.js';
import {
  ODD,
  openSequence,
  pixels,
  PRIVATE,
  selected,
  SOUND,
  UNDEFINED,
  type Odd,
} from '../helpers/odd-dataset.js';

const selection = loadTagSelection();
const file = join(scratchFolder(), 'odd.dcm');

function read(bytes: Buffer): ReadableHeader {
  writeFileSync(file, bytes);
  const found = new DicomHeaderReader(selection).read(openLocalFile(file));
  if (found.state === 'unreadable') assert.fail(found.reason);
  return found;
}

/** Megabytes, of which nobody knows how to step over them but by looking at what comes after. */
const FAR: readonly Odd[] = [
  [
    'an element of 3 MB in the other VR form',
    (form) => element({ ...form, explicit: !form.explicit }, PRIVATE, 'OB', Buffer.alloc(3_000_000, 1)),
  ],
  [
    'a VR of two blanks, with a length of 32 bits',
    (form) =>
      form.explicit
        ? Buffer.concat([
            tagBytes(form, PRIVATE),
            Buffer.from('  \0\0'),
            u32(form, 3_000_000),
            Buffer.alloc(3_000_000, 1),
          ])
        : null,
  ],
];

/** A file is first read up to here; 4 and 8 bytes are a tag, and a header with a short length. */
const FIRST_PIECE = 16 * 1024;
const AROUND = [-3000, -40, -14, -12, -10, -8, -6, -4, -2, 0].map((bytes) => FIRST_PIECE + bytes);

describe('where a file is read in pieces, that an odd element crosses the end of one costs nothing', () => {
  for (const form of FORMS)
    for (const [name, make] of [...ODD, ...SOUND, ...FAR]) {
      const odd = make(form);
      if (odd === null) continue;
      test(`${name}, ${form.name}`, () => {
        const elements = selected(form);
        const pixel = element(form, 0x7fe00010, 'OW', Buffer.alloc(100_000, 1));
        const expected = read(fileOf(form, ...elements, pixel));
        const before = fileOf(form, ...elements.slice(0, 7)).length;
        for (const start of AROUND) {
          const filler = element(
            form,
            0x00190f00,
            'OB',
            Buffer.alloc(start - before - (form.explicit ? 12 : 8), 1),
          );
          const found = read(fileOf(form, ...elements.toSpliced(7, 0, filler, odd), pixel));
          assert.deepEqual(found.values, expected.values, `at byte ${start}`);
          assert.equal(found.state, 'complete', `at byte ${start}`);
          assert.equal(found.missingBytes, 0, `at byte ${start}`);
        }
      });
    }
});

describe('a dataset in implicit VR where the transfer syntax says explicit', () => {
  const implicit = FORMS[0]!;
  for (const syntax of ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.4.70', '1.2.3.4']) {
    const form = { ...implicit, syntax };
    const elements = selected(implicit);

    test(`${syntax}, before pixels of megabytes`, () => {
      const expected = read(fileOf(implicit, ...elements, pixels(implicit)));
      const found = read(
        fileOf(form, ...elements, element(implicit, 0x7fe00010, 'OW', Buffer.alloc(4_000_000))),
      );
      assert.deepEqual(withoutSyntax(found), withoutSyntax(expected));
      assert.equal(found.state, 'complete');
      assert.ok(found.bytesRead < 100_000, `${found.bytesRead} bytes`);
    });

    test(`${syntax}, before compressed pixels and with a private sequence of undefined length`, () => {
      const expected = read(fileOf(implicit, ...elements, pixels(implicit)));
      const frames = ['', 'abcd'].map((frame) => element(implicit, 0xfffee000, '', frame));
      const compressed = element(implicit, 0x7fe00010, 'OB', Buffer.concat(frames), UNDEFINED);
      const found = read(fileOf(form, ...elements.toSpliced(7, 0, openSequence(implicit)), compressed));
      assert.deepEqual(withoutSyntax(found), withoutSyntax(expected));
      assert.equal(found.state, 'complete');
    });
  }
});

function withoutSyntax({ values }: ReadableHeader): unknown[] {
  return values.cells.filter((_, index) => selection.tags[index]!.keyword !== 'TransferSyntaxUID');
}

test('without a transfer syntax, a dataset may begin with a sequence of undefined length of a group that it cannot have', () => {
  const form = FORMS[0]!;
  const elements = selected(form);
  const expected = read(fileOf(form, ...elements, pixels(form)));
  const item = element(form, 0xfffee000, '', Buffer.alloc(0), UNDEFINED);
  const ends = [element(form, 0xfffee00d, '', ''), element(form, 0xfffee0dd, '', '')];
  const sequence = element(form, 0x00010001, 'SQ', Buffer.concat([item, ...ends]), UNDEFINED);
  const dataset = Buffer.concat([sequence, ...elements, pixels(form)]);
  // Its meta group holds an implementation class UID alone.
  const meta = element({ ...form, explicit: true }, 0x00020012, 'UI', '1.2.3\0');
  const found = read(Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, dataset]));
  assert.deepEqual(withoutSyntax(found), withoutSyntax(expected));
});
