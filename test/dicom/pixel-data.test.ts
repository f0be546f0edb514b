import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DicomHeaderReader, type DicomHeader } from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { EXPLICIT, header, IMPLICIT, JPEG, MODALITY, part10, UNDEFINED } from '../helpers/dicom-bytes.js';
import { scratchFolder } from '../helpers/dcmtk.js';

const selection = loadTagSelection();
const reader = new DicomHeaderReader(selection);
const folder = scratchFolder();
const file = join(folder, 'image.dcm');

function read(...parts: Buffer[]): DicomHeader {
  writeFileSync(file, Buffer.concat(parts));
  return reader.read(openLocalFile(file));
}

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
    truncateSync(file, 500_000_000);
    const found = reader.read(openLocalFile(file));
    assert.equal(found.state, 'complete');
    assert.equal(found.bytesRead, 16_384);
    assert.equal(found.fileBytes, 500_000_000);
  });
});

describe('the values of pixel data', () => {
  const valuesOf = (...parts: Buffer[]) => {
    const found = read(...parts);
    if (found.state === 'unreadable') assert.fail(found.reason);
    return found.pixelValues;
  };

  test('begin after tag, VR and length, and are as many bytes as these say', () => {
    // PS3.5 7.1.2: 12 bytes of OW in explicit VR. 7.1.3: 8 bytes in implicit VR.
    const explicit = part10(EXPLICIT, MODALITY);
    assert.deepEqual(valuesOf(explicit, header(0x7fe00010, 1000, 'OW'), Buffer.alloc(1000)), {
      offset: explicit.length + 12,
      bytes: 1000,
    });
    const implicit = part10(IMPLICIT, header(0x00080060, 2), Buffer.from('MG'));
    assert.deepEqual(valuesOf(implicit, header(0x7fe00010, 600), Buffer.alloc(600)), {
      offset: implicit.length + 8,
      bytes: 600,
    });
  });

  test('are as declared where the file is cut, and none where they are encapsulated or there is no element', () => {
    const native = part10(EXPLICIT, MODALITY, header(0x7fe00010, 1000, 'OW'));
    assert.deepEqual(valuesOf(native, Buffer.alloc(10)), { offset: native.length, bytes: 1000 });
    assert.equal(valuesOf(part10(JPEG, MODALITY, header(0x7fe00010, UNDEFINED, 'OB'))), null);
    assert.equal(valuesOf(part10(EXPLICIT, MODALITY)), null);
  });
});
