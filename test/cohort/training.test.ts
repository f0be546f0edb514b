import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeSample } from '../../scripts/sample/database.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { openDuckDb } from '../helpers/duckdb.js';
import { BOUNDED } from '../helpers/processes.js';
import { findPython, hasModule } from '../helpers/python.js';

/** docs/training.md: its reader, on a sample whose pixels hold something, against pydicom. */

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/training.md', import.meta.url)), 'utf8');
const [reader, use] = [...PAGE.matchAll(/^```python\n([^]*?)^```/gm)].map(([, text]) => text!);

const folder = temporaryFolder();
const found = findPython(join(folder, 'python'));
const python = 'python' in found ? found.python : null;
const why =
  'missing' in found ? found.missing : hasModule(python!, 'pydicom') ? false : 'Python has no pydicom';

const CHECK = `
import pydicom
checked = set()
for index in range(len(training)):
    row = training.rows.iloc[index]
    for view in VIEWS:
        image = training.image(index, view)
        assert image.dicom_path == row[f"{view}_presentation_path"], view
        # One image of each encoding is enough.
        if pd.isna(image.pixel_values_offset) or image.transfer_syntax_uid in checked:
            continue
        checked.add(image.transfer_syntax_uid)
        dataset = pydicom.dcmread(Path(training.root) / image.dicom_path)
        values = pixels(training.root, image)
        assert isinstance(values, np.memmap)
        assert values.any() and np.array_equal(values, dataset.pixel_array), view
        images, label = training[index]
        assert label == float(row.cancer_within_3_years), index
        first = dataset.pixel_array[0, 1] / (2 ** dataset.BitsStored - 1)
        if dataset.PhotometricInterpretation == "MONOCHROME1":
            first = 1 - first
        light = images[view]
        assert light.dtype == np.float32 and abs(light[0, 1] - first) < 1e-5, view
positives = int(training.labels.sum())
assert training.positive_weight() == (len(training) - positives) / max(positives, 1)
assert set(training.rows["client_id"]).isdisjoint(Exams("cohorts/cancer-detection-4view", "test").rows["client_id"])
print("checked", len(training), *sorted(checked))
`;

describe('docs/training.md', { skip: why }, () => {
  test('its reader maps plain pixels as pydicom decodes them, with the label and the split of the cohort', async () => {
    const database = join(folder, 'database');
    makeSample({ out: database, clients: 14, seed: 5, faults: [], pixels: 'sparse' });
    const first = runCli(['run', database, '--no-progress', '--log-level', 'error'], { cwd: folder });
    assert.equal(first.code, 0, first.stderr);
    await fillPixels(database);
    const made = runCli(['cohort', 'cancer-detection-4view', '--to', 'cohorts/cancer-detection-4view'], { cwd: folder }); // prettier-ignore
    assert.equal(made.code, 0, made.stderr);
    const program = join(folder, 'training.py');
    writeFileSync(program, `${reader!}\n${use!}\n${CHECK}`);
    const { status, stdout, stderr } = spawnSync(python!, [program], {
      cwd: folder,
      encoding: 'utf8',
      ...BOUNDED,
    });
    assert.equal(status, 0, stderr);
    // Explicit little endian, and more; exams too.
    assert.match(stdout, /^checked [1-9]\d* .*\b1\.2\.840\.10008\.1\.2\.1\b/m);
  });
});

/** Writes a pattern over the first rows of the pixels of plain files, whose last element they are. */
async function fillPixels(database: string): Promise<void> {
  const ask = await openDuckDb();
  const rows = await ask(`SELECT dicom_path, pixel_values_bytes
FROM read_parquet('${folder}/output/current/tables/image_summary/*.parquet') WHERE pixel_values_bytes IS NOT NULL`);
  // No value of more than 12 bits, in whichever order its bytes are.
  const pattern = Buffer.from(Uint8Array.from({ length: 40_000 }, (_, i) => i % 15));
  for (const row of rows) {
    const path = join(database, 'images', String(row['dicom_path']));
    const file = openSync(path, 'r+');
    writeSync(file, pattern, 0, pattern.length, statSync(path).size - Number(row['pixel_values_bytes']));
    closeSync(file);
  }
} // prettier-ignore
