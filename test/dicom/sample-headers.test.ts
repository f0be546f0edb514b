import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { DicomHeaderReader, type ReadableHeader } from '../../pipeline/dicom/dicom-header.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { makeSample } from '../../scripts/sample/database.js';
import { dcm2json, noDcmtk, scratchFolder } from '../helpers/dcmtk.js';
import { expectedCell } from '../helpers/dicom-samples.js';

const selection = loadTagSelection();
const SYNTAX = selection.tags.findIndex((tag) => tag.keyword === 'TransferSyntaxUID');
const reader = new DicomHeaderReader(selection);
const folder = scratchFolder();
const database = join(folder, 'database');

interface SampleImage {
  readonly dicom: string;
  readonly json: string;
  readonly header: ReadableHeader;
}

describe('the headers of a sample database', () => {
  const images: SampleImage[] = [];

  before(() => {
    makeSample({ out: database, clients: 4, seed: 3, faults: [], pixels: 'sparse' });
    const names = readdirSync(join(database, 'images'), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((each) => each.endsWith('.dcm'))) {
      const dicom = join(database, 'images', name);
      const header = reader.read(openLocalFile(dicom));
      if (header.state === 'unreadable') assert.fail(header.reason);
      images.push({ dicom, json: join(database, 'data', name.replace(/\.dcm$/, '')), header });
    }
  });

  test('are complete and sound, and the pixels are not read', () => {
    assert.ok(images.length > 10, `${images.length} images`);
    for (const { header, dicom } of images) {
      assert.equal(header.state, 'complete', dicom);
      assert.equal(header.missingBytes, 0, dicom);
      assert.deepEqual(header.values.invalid, [], dicom);
      assert.ok(header.bytesRead < 100_000, `${dicom}: ${header.bytesRead} bytes`);
    }
  });

  test('have the values that dcm2json reads', { skip: noDcmtk }, () => {
    const seen = new Map<string | null, number>();
    const cut = join(folder, 'header.dcm');
    for (const { header, dicom } of images) {
      const syntax = header.values.cells[SYNTAX] as string | null;
      const count = (seen.get(syntax) ?? 0) + 1;
      seen.set(syntax, count);
      if (count > 5) continue;
      // dcm2json would write out the pixels, and refuses private values that its dictionary takes for text.
      writeFileSync(cut, readFileSync(dicom).subarray(0, header.pixelDataOffset ?? undefined));
      execFileSync('dcmodify', ['-q', '-nb', '-ep', cut]);
      const json = dcm2json(cut);
      selection.tags.forEach((tag, index) => {
        // It is of the file meta group, which dcm2json leaves out.
        if (index === SYNTAX) return;
        assert.deepEqual(header.values.cells[index], expectedCell(json, tag), `${dicom} ${tag.column.name}`);
      });
    }
  });

  test('have the values of their DICOM JSON', () => {
    let compared = 0;
    for (const { header, json } of images) {
      const text = readJson(`${json}.json`) ?? readJson(`${json}.dcm.json`);
      if (text === null) continue;
      compared++;
      const { values } = new JsonHeaderReader(selection).read(JSON.parse(text) as Record<string, unknown>);
      assert.deepEqual(values, header.values, json);
    }
    assert.equal(compared, images.length);
  });
});

function readJson(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
