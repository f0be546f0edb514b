import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { DEFLATED, EXPLICIT, header, IMPLICIT, part10, text, UNDEFINED } from '../helpers/dicom-bytes.js';
import { turnsOf } from '../helpers/extent.js';
import { Database, Findings, goodDicom, goodElements, IMAGE, STUDY, UNTOUCHED } from './database.js';
import { cpuSeconds } from '../helpers/cpu.js';

const PATH = `optm1/${STUDY}/${IMAGE}.dcm`;
const PIXELS = 0x7fe00010;
const item = (length: number) => header(0xfffee000, length);
const repeated = (bytes: Buffer, times: number) => Buffer.alloc(bytes.length * times, bytes);

/** Finds what a DICOM file gives: whatever that is, the image's JSON and all else of the client must be there. */
function withDicom(bytes: Buffer, size?: number): Findings {
  const database = new Database();
  database.dicom(bytes);
  if (size !== undefined) truncateSync(database.at(`images/${PATH}`), size);
  const start = cpuSeconds();
  const before = process.memoryUsage().rss;
  const found = Findings.of(database);
  assert.ok(cpuSeconds() - start < 60, 'it took more than a minute');
  assert.ok(process.memoryUsage().rss - before < 700e6, 'it took more than 700 MB');
  const own = found.mismatches.filter((row) => row['client_id'] === 'optm1').length;
  assert.equal(found.summary('optm1'), UNTOUCHED.replace('0 mismatches', `${own} mismatches`));
  assert.equal(found.summary('optm2'), UNTOUCHED);
  assert.equal(found.table('images')[0]!['modality'], 'MG', 'the JSON stands in');
  return found;
}

describe('DICOM files whose header cannot be read, or not to its end: one row, the JSON stands in, the rest of the client kept', () => {
  const good = goodElements();
  const nested = repeated(Buffer.concat([header(0x7f011002, UNDEFINED, 'SQ'), item(UNDEFINED)]), 100_000);
  const items = Buffer.concat([header(0x7f011003, UNDEFINED, 'SQ'), repeated(item(0), 2_000_000)]);
  const broken: readonly [string, Buffer, (number | undefined)?, string?][] = [
    ['no bytes', Buffer.alloc(0)],
    ['4 GB declared in a short file', part10(EXPLICIT, ...good, header(0x7f011001, 0xfffffffe, 'OB'))],
    [
      '4 GB declared in a file of 5 GB',
      part10(EXPLICIT, ...good, header(0x7f011001, 0xfffffff0, 'OB')),
      5e9,
      'dicom_element_odd',
    ],
    [
      'a length of 100 in a file that ends after 50',
      part10(EXPLICIT, ...good, header(0x7f011001, 100, 'OB'), Buffer.alloc(50)),
    ],
    [
      'sequences in each other 100,000 times',
      part10(EXPLICIT, ...good, nested),
      undefined,
      'dicom_element_odd',
    ],
    ['a sequence of two million items', part10(EXPLICIT, ...good, items)],
    [
      'an undefined length that never ends, 5 GB',
      part10(EXPLICIT, ...good, header(0x7f011001, UNDEFINED, 'SQ')),
      5e9,
      'dicom_element_odd',
    ],
    // Over the limit of what is inflated; a small set is soon made.
    [
      'hundreds of megabytes of zeros, deflated',
      part10(DEFLATED, deflateRawSync(Buffer.alloc(turnsOf(1e9, 2e8)))),
    ],
    ['JSON', Buffer.from('{"00080018":{}}')],
    ['5 GB of nothing', Buffer.alloc(0), 5e9],
  ];
  for (const [name, bytes, size, kind = 'dicom_unreadable'] of broken)
    test(name, () => {
      assert.deepEqual(withDicom(bytes, size).kinds(), [`${kind} ${PATH}`]);
    });

  test('cut at every tenth byte of its header', () => {
    const bytes = goodDicom();
    for (let size = 1; size < bytes.length - 16; size += 10) {
      const kinds = withDicom(bytes.subarray(0, size)).kinds();
      // Cut between two elements, a header cannot be told from one of a file without pixels.
      assert.ok(kinds.length > 0, `nothing was found at ${size}`);
    }
  });
});

describe('DICOM files that lie after their header', () => {
  test('4 GB of pixels declared, four bytes there: dicom_truncated', () => {
    const bytes = part10(EXPLICIT, ...goodElements(), header(PIXELS, 0xfffffff0, 'OW'), Buffer.alloc(4));
    assert.deepEqual(withDicom(bytes).kinds(), [`dicom_truncated ${PATH}`]);
  });

  test('fragments whose lengths leave the file', () => {
    const pixels = [header(PIXELS, UNDEFINED, 'OB'), item(0), item(0xfffffff0), Buffer.alloc(100)];
    assert.deepEqual(withDicom(part10(EXPLICIT, ...goodElements(), ...pixels)).kinds(), [
      `dicom_truncated ${PATH}`,
    ]);
  });

  test('a million empty fragments', () => {
    const fragments = repeated(item(0), 1e6);
    withDicom(part10(EXPLICIT, ...goodElements(), header(PIXELS, UNDEFINED, 'OB'), fragments));
  });
});

test('a value of sixty million components is no value, and takes no memory for each', () => {
  const length = 60_000_000;
  const dataset = [
    header(0x00080060, 2),
    Buffer.from('MG'),
    header(0x00280030, length),
    Buffer.alloc(length, '\\'),
  ];
  const pixels = [header(PIXELS, 4), Buffer.alloc(4)];
  const found = withDicom(part10(IMPLICIT, ...dataset, ...pixels));
  const [row] = found.mismatches.filter(({ kind }) => kind === 'number_invalid');
  assert.equal(row?.['path'], PATH);
});

test('NULs, line ends and escapes in a UID: reported as another UID, the file stays under its name', () => {
  const uid = text(0x00080018, 'UI', '1.2\0\n\x1b[31m.3');
  const found = withDicom(
    part10(EXPLICIT, uid, ...goodElements().slice(1), header(PIXELS, 4, 'OW'), Buffer.alloc(4)),
  );
  assert.ok(found.kinds().includes(`sop_instance_uid_conflict ${PATH}`));
  assert.equal(found.table('images')[0]!['sop_instance_uid'], IMAGE);
});
