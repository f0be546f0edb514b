import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { DicomHeaderReader, type ReadableHeader } from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { scratchFolder } from '../helpers/dcmtk.js';
import { element, FORMS, tagBytes, u16, u32 } from '../helpers/encoded-dataset.js';
import { pixels, selected } from '../helpers/odd-dataset.js';

/** Files that do not begin, or are not encoded, as they say. */

const selection = loadTagSelection();
const file = join(scratchFolder(), 'odd.dcm');
const [implicit, explicit] = [FORMS[0]!, FORMS[1]!];
const DEFLATED = '1.2.840.10008.1.2.1.99';
const ZEROS = Buffer.alloc(128);
const PREFIX = Buffer.from('DICM');
const dataset = Buffer.concat([...selected(explicit), pixels(explicit)]);

function read(...parts: readonly Buffer[]): ReadableHeader {
  writeFileSync(file, Buffer.concat(parts));
  const found = new DicomHeaderReader(selection).read(openLocalFile(file));
  if (found.state === 'unreadable') assert.fail(found.reason);
  return found;
}

const meta = (syntax: string) =>
  element(explicit, 0x00020010, 'UI', syntax.padEnd(Math.ceil(syntax.length / 2) * 2, '\0'));

/** All values but that of the transfer syntax. */
const valuesOf = ({ values }: ReadableHeader) =>
  values.cells.filter((_, index) => selection.tags[index]!.keyword !== 'TransferSyntaxUID');

const expected = valuesOf(read(ZEROS, PREFIX, meta(explicit.syntax), dataset));
const blankVr = Buffer.concat([
  element(explicit, 0x00020001, 'OB', Buffer.from([0, 1])),
  tagBytes(explicit, 0x00020002),
  Buffer.from('  '),
  u16(explicit, 4),
  Buffer.from('1.2\0'),
]);
const commands = Buffer.concat([
  element(implicit, 0x00000000, 'UL', u32(implicit, 20)),
  element(implicit, 0x00000002, 'UI', '1.2.3.4.5.'),
  element(implicit, 0x00000100, 'US', u16(implicit, 1)),
]);

const FILES: readonly (readonly [string, readonly Buffer[], string[]])[] = [
  ['a preamble of zeros without the prefix', [ZEROS, meta(explicit.syntax), dataset], []],
  [
    'a VR of two blanks in the file meta group',
    [ZEROS, PREFIX, blankVr, meta(explicit.syntax), dataset],
    ['vr'],
  ],
  ['a dataset that should be deflated and is not', [ZEROS, PREFIX, meta(DEFLATED), dataset], ['encoding']],
  ['a deflated dataset', [ZEROS, PREFIX, meta(DEFLATED), deflateRawSync(dataset)], []],
  ['a deflated dataset with a header of zlib', [ZEROS, PREFIX, meta(DEFLATED), deflateSync(dataset)], []],
  [
    'the elements of a command before an implicit dataset',
    [ZEROS, PREFIX, meta(implicit.syntax), commands, ...selected(implicit), pixels(implicit)],
    ['group'],
  ],
];

describe('a file that is not as it says', () => {
  for (const [name, parts, odd] of FILES)
    test(`${name} is read`, () => {
      const found = read(...parts);
      assert.deepEqual(valuesOf(found), expected);
      assert.equal(found.state, 'complete');
      assert.deepEqual(
        found.odd.map(({ oddity }) => oddity),
        odd,
      );
    });
});
