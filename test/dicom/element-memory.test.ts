import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { DicomHeaderReader, type DicomHeader } from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { makeSample } from '../../scripts/sample/database.js';
import { mutate } from '../fuzz/mutate.js';
import { Random } from '../fuzz/random.js';
import { scratchFolder } from '../helpers/dcmtk.js';
import {
  DEFLATED,
  EXPLICIT,
  header,
  IMPLICIT,
  MODALITY,
  part10,
  text,
  UNDEFINED,
} from '../helpers/dicom-bytes.js';

const selection = loadTagSelection();
const folder = scratchFolder();
const path = join(folder, 'file.dcm');

/** Reads files one after the other with one reader; each must be read as by a reader that met no other. */
function readInTurn(files: readonly Buffer[]): DicomHeader[] {
  const reader = new DicomHeaderReader(selection);
  return files.map((bytes) => {
    writeFileSync(path, bytes);
    const found = reader.read(openLocalFile(path));
    assert.deepEqual(found, new DicomHeaderReader(selection).read(openLocalFile(path)));
    return found;
  });
}

function cells(files: readonly Buffer[], column: string): unknown[] {
  const index = selection.tags.findIndex((tag) => tag.column.name === column);
  return readInTurn(files).map((found) =>
    found.state === 'unreadable' ? found.reason : found.values.cells[index],
  );
}

const PIXELS = Buffer.concat([header(0x7fe00010, 4, 'OW'), Buffer.alloc(4)]);

describe('headers that repeat what was met before', () => {
  test('the same bytes are other words in another character set', () => {
    const maker = text(0x00080070, 'LO', '\xc9\xe4');
    const inLatin = part10(EXPLICIT, text(0x00080005, 'CS', 'ISO_IR 100'), maker, PIXELS);
    const inGreek = part10(EXPLICIT, text(0x00080005, 'CS', 'ISO_IR 126'), maker, PIXELS);
    // ISO 8859-1 and ISO 8859-7 at C9 and E4.
    assert.deepEqual(cells([inLatin, inGreek, inGreek, inLatin], 'manufacturer'), [
      '\u00c9\u00e4',
      '\u0399\u03b4',
      '\u0399\u03b4',
      '\u00c9\u00e4',
    ]);
  });

  test('the same bytes are another number where pixels are signed, wherever that stands', () => {
    const padding = Buffer.concat([header(0x00280120, 2), Buffer.from([0xff, 0xff])]);
    const representation = (value: number) => Buffer.concat([header(0x00280103, 2), Buffer.from([value, 0])]);
    const unsigned = part10(IMPLICIT, representation(0), padding, header(0x7fe00010, 0));
    const signed = part10(IMPLICIT, representation(1), padding, header(0x7fe00010, 0));
    const later = part10(IMPLICIT, padding, representation(1), header(0x7fe00010, 0));
    assert.deepEqual(
      cells([unsigned, signed, later, unsigned], 'pixel_padding_value'),
      [65535, -1, -1, 65535],
    );
  });

  test('the same element in another encoding is not taken for it', () => {
    const implicit = part10(
      IMPLICIT,
      Buffer.concat([header(0x00080060, 2), Buffer.from('CT')]),
      header(0x7fe00010, 0),
    );
    const explicit = part10(EXPLICIT, MODALITY, PIXELS);
    assert.deepEqual(cells([explicit, implicit, explicit, implicit], 'modality'), ['MG', 'CT', 'MG', 'CT']);
  });

  test('of an element that stands twice the first counts, met before or not', () => {
    const computed = text(0x00080060, 'CS', 'CT');
    const twice = part10(EXPLICIT, MODALITY, computed, PIXELS);
    const turned = part10(EXPLICIT, computed, MODALITY, PIXELS);
    assert.deepEqual(cells([twice, turned, twice, turned], 'modality'), ['MG', 'CT', 'MG', 'CT']);
  });

  test('sequences are found again at another offset, of defined and undefined length', () => {
    const code = text(0x00080100, 'SH', 'R-10226');
    const item = Buffer.concat([header(0xfffee000, code.length), code]);
    const defined = Buffer.concat([header(0x00540220, item.length, 'SQ'), item]);
    const open = Buffer.concat([header(0x00540220, UNDEFINED, 'SQ'), item, header(0xfffee0dd, 0)]);
    // VRs with a 32-bit length have two reserved bytes before it.
    for (const sequence of [defined, open]) {
      const files = ['', 'longer', 'much longer than before'].map((model) =>
        part10(EXPLICIT, text(0x00081090, 'LO', model), sequence, PIXELS),
      );
      assert.deepEqual(cells([...files, ...files], 'view_code_value'), new Array(6).fill('R-10226'));
    }
  });

  test('how much of sequences is read at most does not depend on what was met before', () => {
    const item = header(0xfffee000, 0);
    const items = (count: number) => Buffer.concat(new Array<Buffer>(count).fill(item));
    const views = Buffer.concat([header(0x00540220, 50 * item.length, 'SQ'), items(50)]);
    const region = (count: number) =>
      Buffer.concat([header(0x00082218, count * item.length, 'SQ'), items(count)]);
    const file = (count: number) => part10(EXPLICIT, region(count), views, PIXELS);
    const odd = readInTurn([part10(EXPLICIT, views, PIXELS), file(299_950), file(299_951)]).map((found) =>
      found.state === 'unreadable' ? found.reason : found.odd.length + (found.state === 'complete' ? 0 : 1),
    );
    // 300,000 items may stand in a header.
    assert.deepEqual(odd.slice(0, 2), [0, 0]);
    assert.notEqual(odd[2], 0);
  });

  test('a file that ends within an element that was met before is cut', () => {
    const whole = part10(EXPLICIT, MODALITY, PIXELS);
    const cut = whole.subarray(0, whole.indexOf(MODALITY) + MODALITY.length - 1);
    const [, second] = readInTurn([whole, cut]);
    // Nothing of its dataset is whole.
    assert.equal(second?.state, 'unreadable');
  });

  test('a header of more tags than are remembered is read to its end, and so are those after it', () => {
    const others = Array.from({ length: 5000 }, (_, i) => text(0x00111000 + i, 'CS', 'A'));
    const breast = text(0x00180015, 'CS', 'BREAST');
    const many = part10(EXPLICIT, MODALITY, ...others, breast, PIXELS);
    const few = part10(EXPLICIT, MODALITY, others[0]!, breast, PIXELS);
    assert.deepEqual(cells([few, many, few, many], 'body_part_examined'), new Array(4).fill('BREAST'));
  });

  test('deflated files share what other explicit files have met', () => {
    const plain = part10(EXPLICIT, MODALITY, PIXELS);
    const deflated = part10(DEFLATED, deflateRawSync(Buffer.concat([MODALITY, PIXELS])));
    assert.deepEqual(cells([plain, deflated, deflated, plain], 'modality'), ['MG', 'MG', 'MG', 'MG']);
  });

  test('the headers of a sample, broken in random ways among whole ones, are read as if alone', () => {
    const database = join(folder, 'database');
    makeSample({ out: database, clients: 6, seed: 5, faults: [], pixels: 'sparse' });
    const names = readdirSync(join(database, 'images'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.dcm'))
      .sort();
    const headers = names.map((name) => readFileSync(join(database, 'images', name)).subarray(0, 40_000));
    assert.ok(headers.length > 20);
    const random = new Random(11);
    const broken = headers.flatMap((bytes) => [
      bytes,
      mutate('dicom', bytes, random.pick(headers), random),
      mutate('dicom', bytes, random.pick(headers), random),
    ]);
    readInTurn([...headers, ...broken, ...headers]);
  });
});
