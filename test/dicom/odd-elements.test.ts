import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DicomHeaderReader, type ReadableHeader } from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { dcm2json, noDcmtk, scratchFolder, type DicomJson } from '../helpers/dcmtk.js';
import { expectedCell } from '../helpers/dicom-samples.js';
import { fileOf, FORMS } from '../helpers/encoded-dataset.js';
import { ODD, pixels, selected, SOUND } from '../helpers/odd-dataset.js';

const selection = loadTagSelection();
const file = join(scratchFolder(), 'odd.dcm');

function read(bytes: Buffer): ReadableHeader {
  writeFileSync(file, bytes);
  const found = new DicomHeaderReader(selection).read(openLocalFile(file));
  if (found.state === 'unreadable') assert.fail(found.reason);
  return found;
}

describe('one odd element, before, between and after the selected ones, costs none of them', () => {
  for (const form of FORMS)
    for (const [name, make] of [...ODD, ...SOUND]) {
      const odd = make(form);
      if (odd === null) continue;
      test(`${name}, ${form.name}`, () => {
        const elements = selected(form);
        const expected = read(fileOf(form, ...elements, pixels(form)));
        assert.deepEqual(expected.odd, []);
        for (let at = 0; at <= elements.length; at++) {
          const found = read(fileOf(form, ...elements.toSpliced(at, 0, odd), pixels(form)));
          assert.deepEqual(found.values, expected.values, `before element ${at}`);
          assert.equal(found.state, 'complete', `before element ${at}`);
          assert.equal(found.missingBytes, 0, `before element ${at}`);
          if (ODD.some(([own]) => own === name))
            assert.ok(found.odd.length > 0, `no row before element ${at}`);
        }
      });
    }
});

describe('what dcmtk reads of such files, where it reads them', { skip: noDcmtk }, () => {
  for (const form of FORMS)
    test(form.name, () => {
      let witnessed = 0;
      for (const [name, make] of [...ODD, ...SOUND]) {
        const odd = make(form);
        if (odd === null) continue;
        const found = read(fileOf(form, ...selected(form).toSpliced(6, 0, odd), pixels(form)));
        const json = witness(file);
        if (json === null) continue;
        witnessed++;
        selection.tags.forEach((tag, index) => {
          // Of the file meta group, of which dcm2json gives what stands in the dataset.
          if (tag.keyword === 'TransferSyntaxUID') return;
          const expected = expectedCell(json, tag);
          if (expected !== null)
            assert.deepEqual(found.values.cells[index], expected, `${name}: ${tag.column.name}`);
        });
      }
      assert.ok(witnessed > 10, `dcmtk reads ${witnessed}`);
    });
});

/** What dcm2json gives; null where it refuses the file, or writes what is no JSON. */
function witness(path: string): DicomJson | null {
  try {
    return dcm2json(path);
  } catch {
    return null;
  }
}
