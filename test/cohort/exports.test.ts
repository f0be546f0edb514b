import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseExports } from '../../pipeline/cohort/export/exports.js';
import { temporaryFolder } from '../helpers/cli.js';
import { readJson } from '../helpers/output.js';
import { BOUNDED } from '../helpers/processes.js';
import { findPython, hasModule } from '../helpers/python.js';
import { make, specOf } from './helpers.js';
import { exam, imagesOf, splitRow, tablesOfExams, writeSnapshot } from './snapshot.js';

/** Exports of cohorts made by hand, read by programs that are not ours. */

const folder = temporaryFolder();
const found = findPython(join(folder, 'python'));
const python = 'python' in found ? found.python : null;
const skip = (module: string) => {
  if (python === null) return 'missing' in found && found.missing;
  return hasModule(python, module) ? false : `Python has no ${module}`;
};

/** What a Python program prints as JSON. */
function ask(program: string, ...args: string[]): unknown {
  const { status, stdout, stderr } = spawnSync(python!, ['-c', program, ...args], {
    encoding: 'utf8',
    ...BOUNDED,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
}

const READ_CSV = `
import csv, json, sys
print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline='', encoding='utf8')))))
`;

const exams = [
  exam('optm1', '1.1', { l_days_to_cancer: 800, l_cancer_mode: 'screen', days_to_last_follow_up: 1500, l_label_strict: 'M' }),
  exam('optm2', '1.2', { days_to_last_follow_up: 2000, r_label_strict: 'B' }),
  exam('optm3', '1.3', { days_to_last_follow_up: null, l_label_strict: null }),
  exam('optm4', '1.4', { l_days_to_cancer: -3, l_cancer_mode: 'screen', r_label_strict: 'U' }),
  exam('optm5', '1.5', { r_cancer_mode: 'other' }),
  exam('optm6', '1.6', { r_mlo_presentation: null, is_complete: false }),
]; // prettier-ignore
const spec = specOf({
  label: { name: 'cancer', sql: 'coalesce(days_to_cancer > 0, false)' },
  split: { train: 1e-12, validation: 1 - 1e-12 },
});
const tables = tablesOfExams(exams);
const side = (sop: string) => (/\.[12]$/.test(sop) ? 'left' : 'right');
const snapshot = await writeSnapshot(folder, {
  ...tables,
  // Of optm1 as is expected, of optm2 all the other way round, of optm3 one, of optm4 one is not told.
  image_summary: tables.image_summary!.map((row) => {
    const [client, sop] = [String(row['client_id']), String(row['sop_instance_uid'])];
    const other = side(sop) === 'left' ? 'right' : 'left';
    if (client === 'optm2' || sop === '1.3.2') return { ...row, chest_wall_side: other };
    return { ...row, chest_wall_side: sop === '1.4.1' ? null : side(sop) };
  }),
});
const place = join(folder, 'exams');
const { exports } = await make(snapshot, spec, place, { exports: ['mirai', 'nyu-csv'] });

describe('mirai.csv', { skip: skip('csv') }, () => {
  test('has a row for each of four images, years rounded down, validation called dev', () => {
    const rows = ask(READ_CSV, join(place, 'mirai.csv')) as Record<string, string>[];
    // 800 / 365.25 = 2.19, 1500 / 365.25 = 4.1, 2000 / 365.25 = 5.5; of optm3 nothing is known afterwards.
    const expected = [['optm1', '1.1', '2', '4'], ['optm2', '1.2', '100', '5'], ['optm3', '1.3', '100', '0']].flatMap(
      ([client, study, cancer, followUp]) =>
        [['L', 'CC'], ['L', 'MLO'], ['R', 'CC'], ['R', 'MLO']].map(([laterality, view], i) => ({
          patient_id: client,
          exam_id: study,
          laterality,
          view,
          file_path: `/db/images/${client!}/${study!}/${study!}.${i + 1}.dcm`,
          years_to_cancer: cancer,
          years_to_last_followup: followUp,
          split_group: 'dev',
        })),
    ); // prettier-ignore
    assert.deepEqual(rows, expected);
  });

  test('leaves out what Mirai would take for something else, and counts it', () => {
    assert.deepEqual(exports[0], {
      name: 'mirai',
      files: ['mirai.csv'],
      rows: 3,
      left_out: { 'cancer before the exam': 1, 'cancer without a date': 1, 'without four views': 1 },
    });
    assert.match(readFileSync(join(place, 'README.md'), 'utf8'), /`mirai\.csv`: 3 rows of the cohort; left out: 1 cancer before the exam/);
    assert.deepEqual(readJson<{ exports: unknown }>(place, 'certificate.json').exports, exports);
  }); // prettier-ignore
});

describe('nyu.csv', { skip: skip('csv') }, () => {
  test('has a row for each exam with its four images, labels of breasts and whether images are mirrored', () => {
    const rows = ask(READ_CSV, join(place, 'nyu.csv')) as Record<string, string>[];
    assert.deepEqual(rows.map((row) => Object.values(row)), [
      ['optm1', '1.1', 'NO', 'optm1/1.1/1.1.1', 'optm1/1.1/1.1.2', 'optm1/1.1/1.1.3', 'optm1/1.1/1.1.4', '0', '0', '1', '0', 'validation'],
      ['optm2', '1.2', 'YES', 'optm2/1.2/1.2.1', 'optm2/1.2/1.2.2', 'optm2/1.2/1.2.3', 'optm2/1.2/1.2.4', '0', '1', '0', '0', 'validation'],
      ['optm5', '1.5', 'NO', 'optm5/1.5/1.5.1', 'optm5/1.5/1.5.2', 'optm5/1.5/1.5.3', 'optm5/1.5/1.5.4', '0', '0', '0', '0', 'validation'],
    ]);
    assert.deepEqual(Object.keys(rows[0]!).slice(3, 11), ['L-CC', 'L-MLO', 'R-CC', 'R-MLO', 'left_benign', 'right_benign', 'left_malignant', 'right_malignant']);
    assert.deepEqual(exports[1]!.left_out, { 'label of a breast not settled': 2, 'without four views': 1 });
  }); // prettier-ignore
});

describe('coco', () => {
  const box = (client: string, mark: string, corners: readonly (number | null)[], malignant: boolean, more = {}) => ({ client_id: client, study_instance_uid: client, sop_instance_uid: `${client}.1`, mark_id: mark, dicom_path: `${client}/1.1/a.dcm`, rows: 100, columns: 80, box_x_min: corners[0], box_y_min: corners[1], box_x_max: corners[2], box_y_max: corners[3], box_in_bounds: true, is_malignant: malignant, ...more }); // prettier-ignore
  const boxes = [
    box('optm1', '1', [10, 20, 30, 60], true),
    box('optm1', '2', [0, 0, 80, 100], false),
    box('optm2', '1', [5, 5, 6, 6], true),
    box('optm2', '2', [70, 5, 90, 6], true, { box_in_bounds: false }),
    box('optm2', '3', [null, null, null, null], true, { box_in_bounds: null }),
    box('optm2', '4', [5, 5, 5, 9], true),
    box('optm2', '5', [5, 5, 6, 6], true, { dicom_path: null }),
  ];
  const to = join(folder, 'boxes-cohort');
  const made = (async () => {
    const from = await writeSnapshot(join(folder, 'boxes'), { boxes, image_summary: ['optm1', 'optm2'].flatMap((client) => imagesOf(client, client).slice(0, 1)), splits: [splitRow('optm1'), splitRow('optm2')] }); // prettier-ignore
    const detection = specOf({
      unit: 'box',
      steps: [{ name: 'All', keep: 'is_malignant IS NOT NULL' }],
      label: { name: 'malignant', sql: 'is_malignant' },
      split: {
        train: 0.5,
        test: 0.5,
        hold_out: { train: "client_id = 'optm1'", test: "client_id = 'optm2'" },
      },
    });
    return make(from, detection, to, { exports: ['coco'] });
  })();

  test('counts the boxes that it cannot have', async () => {
    assert.deepEqual((await made).exports, [
      {
        name: 'coco',
        files: ['coco-train.json', 'coco-test.json'],
        rows: 3,
        left_out: {
          'out of bounds': 1,
          'without a DICOM file': 1,
          'without a place or a size of the image': 1,
          'without an area': 1,
        },
      },
    ]);
  });

  test('is read by pycocotools', { skip: skip('pycocotools') }, async () => {
    await made;
    const READ = `
import json, sys
from pycocotools.coco import COCO
coco = COCO(sys.argv[1])
print(json.dumps({'images': coco.loadImgs(coco.getImgIds()), 'boxes': coco.loadAnns(coco.getAnnIds()),
  'malignant': coco.getAnnIds(catIds=coco.getCatIds(catNms=['malignant'])), 'categories': coco.loadCats(coco.getCatIds()),
  'mask': [int(coco.annToMask({**a, 'segmentation': [[a['bbox'][0], a['bbox'][1], a['bbox'][0] + a['bbox'][2], a['bbox'][1], a['bbox'][0] + a['bbox'][2], a['bbox'][1] + a['bbox'][3], a['bbox'][0], a['bbox'][1] + a['bbox'][3]]]}).sum()) for a in coco.loadAnns(coco.getAnnIds())]}))
`;
    const categories = [{ id: 1, name: 'not malignant' }, { id: 2, name: 'malignant' }];
    assert.deepEqual(ask(READ, join(to, 'coco-train.json')), {
      images: [{ id: 1, file_name: 'optm1/1.1/a.dcm', width: 80, height: 100 }],
      boxes: [
        { id: 1, image_id: 1, category_id: 2, bbox: [10, 20, 20, 40], area: 800, iscrowd: 0 },
        { id: 2, image_id: 1, category_id: 1, bbox: [0, 0, 80, 100], area: 8000, iscrowd: 0 },
      ],
      malignant: [1],
      categories,
      // Pixels that the box covers, as pycocotools draws it: 20 by 40, and the whole image.
      mask: [800, 8000],
    });
    const other = ask(READ, join(to, 'coco-test.json')) as { boxes: unknown[]; categories: unknown };
    assert.deepEqual([other.boxes.length, other.categories], [1, categories]);
  }); // prettier-ignore
});

test('an export that there is not, or of another unit, is refused', () => {
  assert.deepEqual(parseExports('nyu-csv, mirai,mirai', spec), ['mirai', 'nyu-csv']);
  assert.throws(() => parseExports('mirai,yolo', spec), { code: 'usage', message: '--export has "yolo": there are mirai, coco, nyu-csv' });
  assert.throws(() => parseExports('coco', spec), { code: 'usage' });
  assert.throws(() => parseExports('', spec), { code: 'usage' });
}); // prettier-ignore
