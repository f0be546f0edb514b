import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import {
  DicomHeaderReader,
  type DicomHeader,
  type ReadableHeader,
} from '../../pipeline/dicom/dicom-header.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { dcm2json, dcmcjpeg, dcmconv, dump2dcm, noDcmtk, scratchFolder } from '../helpers/dcmtk.js';
import { expectedCell, sampleDump } from '../helpers/dicom-samples.js';

const selection = loadTagSelection();
const reader = new DicomHeaderReader(selection);
const folder = scratchFolder();

function readable(header: DicomHeader): ReadableHeader {
  if (header.state === 'unreadable') assert.fail(header.reason);
  return header;
}

/** TransferSyntaxUID is of the file meta group, which dcm2json leaves out. */
const TRANSFER_SYNTAX_COLUMN = selection.tags.findIndex((tag) => tag.keyword === 'TransferSyntaxUID');

describe('a header in any encoding', { skip: noDcmtk }, () => {
  const plain = join(folder, 'plain.dcm');
  const files = new Map<string, { file: string; syntax: string | null }>();
  let expected: unknown[] = [];

  const add = (name: string, syntax: string | null, make: (file: string) => void): void => {
    const file = join(folder, `${name}.dcm`);
    make(file);
    files.set(name, { file, syntax });
  };
  const convert = (name: string, syntax: string | null, ...options: string[]): void => {
    add(name, syntax, (file) => dcmconv(plain, file, ...options));
  };
  const cutStart = (name: string, bytes: number): void => {
    add(name, '1.2.840.10008.1.2.1', (file) => {
      writeFileSync(file, readFileSync(plain).subarray(bytes));
    });
  };

  before(() => {
    dump2dcm(plain, sampleDump(selection), '+te');
    const json = dcm2json(plain);
    expected = selection.tags.map((tag) => expectedCell(json, tag));
    convert('explicit little endian', '1.2.840.10008.1.2.1', '+te');
    convert('implicit little endian', '1.2.840.10008.1.2', '+ti');
    convert('explicit big endian', '1.2.840.10008.1.2.2', '+tb');
    convert('deflated', '1.2.840.10008.1.2.1.99', '+td');
    convert('sequences of undefined length', '1.2.840.10008.1.2.1', '+te', '-e');
    convert('implicit, sequences of undefined length', '1.2.840.10008.1.2', '+ti', '-e');
    convert('big endian, sequences of undefined length', '1.2.840.10008.1.2.2', '+tb', '-e');
    convert('group lengths', '1.2.840.10008.1.2.1', '+te', '+g');
    convert('dataset alone, explicit', null, '-F', '+te');
    convert('dataset alone, implicit', null, '-F', '+ti');
    convert('dataset alone, big endian', null, '-F', '+tb');
    cutStart('no preamble', 132);
    cutStart('prefix without preamble', 128);
    add('JPEG lossless', '1.2.840.10008.1.2.4.70', (file) => dcmcjpeg(plain, file, '+e1'));
  });

  test('the sample has a value for each selected element but the one of the file meta group', () => {
    const absent = selection.tags.filter((_, index) => expected[index] === null);
    assert.deepEqual(
      absent.map((tag) => tag.keyword),
      ['TransferSyntaxUID'],
    );
  });

  test('gives the values that dcm2json reads', () => {
    assert.equal(files.size, 14);
    for (const [name, { file, syntax }] of files) {
      const header = readable(reader.read(openLocalFile(file)));
      const cells = expected.with(TRANSFER_SYNTAX_COLUMN, syntax);
      assert.deepEqual(header.values.cells, cells, name);
      assert.deepEqual(header.values.invalid, [], name);
      assert.deepEqual(header.odd, [], name);
      assert.equal(header.state, 'complete', name);
      assert.equal(header.missingBytes, 0, name);
      assert.deepEqual(header.values.identity, {
        sopInstanceUid: '1.2.826.0.1.3680043.10.1.3',
        studyInstanceUid: '1.2.826.0.1.3680043.10.1.1',
        seriesInstanceUid: '1.2.826.0.1.3680043.10.1.2',
        rows: 8,
        columns: 8,
        sopClassUid: '1.2.840.10008.5.1.4.1.1.1.2',
      });
    }
  });

  test('gives the cells that its DICOM JSON gives', () => {
    const fromJson = new JsonHeaderReader(selection).read(dcm2json(plain));
    assert.deepEqual(fromJson.values.cells, expected);
    assert.deepEqual(fromJson.values.invalid, []);
  });

  test('never gives a wrong value when it is cut anywhere', () => {
    const cutFile = join(folder, 'cut.dcm');
    for (const [name, { file }] of files) {
      const bytes = readFileSync(file);
      const whole = readable(reader.read(openLocalFile(file)));
      const end = whole.pixelDataOffset ?? bytes.length;
      const ended = { count: 0 };
      for (let cut = 0; cut <= end; cut += 64) {
        writeFileSync(cutFile, bytes.subarray(0, cut));
        const header = reader.read(openLocalFile(cutFile));
        if (header.state === 'unreadable') {
          assert.notEqual(header.reason, '');
          continue;
        }
        header.values.cells.forEach((cell, index) => {
          if (cell !== null)
            assert.deepEqual(cell, whole.values.cells[index], `${name} cut at ${cut}: ${index}`);
        });
        if (header.state === 'ended_early') ended.count++;
        else if (name !== 'deflated') assert.equal(header.state, 'no_pixel_data', `${name} cut at ${cut}`);
      }
      assert.ok(ended.count > 10, `${name}: only ${ended.count} cuts end early`);
    }
  });

  test('a header that ends without pixel data is read as far as it goes', () => {
    const file = join(folder, 'no-pixels.dcm');
    const lines = sampleDump(selection).filter((line) => !line.startsWith('(7fe0'));
    dump2dcm(file, lines, '+ti');
    const header = readable(reader.read(openLocalFile(file)));
    assert.equal(header.state, 'no_pixel_data');
    assert.equal(header.pixelDataOffset, null);
    assert.deepEqual(header.values.cells, expected.with(TRANSFER_SYNTAX_COLUMN, '1.2.840.10008.1.2'));
    const deflated = readable(
      reader.read(openLocalFile(dcmconv(file, join(folder, 'no-pixels-deflated.dcm'), '+td'))),
    );
    assert.equal(deflated.state, 'no_pixel_data');
  });

  test('a private element of 100 KB before the pixels is read over, and no pixel', () => {
    const file = join(folder, 'big-private.dcm');
    const zeros = Array.from({ length: 100_000 }, () => '00').join('\\');
    const pixels = Array.from({ length: 200_000 }, () => 'ff').join('\\');
    const lines = sampleDump(selection).filter((line) => !line.startsWith('(7fe0'));
    const block = ['(0011,0010) LO [ACME]', `(0011,1001) OB ${zeros}`];
    dump2dcm(file, [...lines, ...block, `(7fe0,0010) OB ${pixels}`], '+te');
    for (const options of [['+te'], ['+ti'], ['+tb'], ['+td']]) {
      const converted = dcmconv(file, join(folder, 'big-private-converted.dcm'), ...options);
      const header = readable(reader.read(openLocalFile(converted)));
      assert.deepEqual(
        header.values.cells.toSpliced(TRANSFER_SYNTAX_COLUMN, 1),
        expected.toSpliced(TRANSFER_SYNTAX_COLUMN, 1),
      );
      assert.ok(header.bytesRead < 150_000, `${options.join()} read ${header.bytesRead} bytes`);
    }
  });
});
