import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DuckDb } from '../../pipeline/engine/duckdb.js';
import { findDuplicateImages } from '../../pipeline/stages/reconcile/duplicates.js';

const folder = mkdtempSync(join(tmpdir(), 'omidb-duplicates-'));
let db: DuckDb;

before(async () => {
  db = await DuckDb.openSmall(folder);
});

after(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

type Row = readonly [client: string, study: string, sop: string, json: string | null, dicom: string | null];

/** A part file of `images`, written by DuckDB: the columns that are looked at. */
async function part(name: string, rows: readonly Row[]) {
  const text = (value: string | null) => (value === null ? 'NULL::VARCHAR' : `'${value}'`);
  const values = rows.map((row) => `(${row.map(text).join(', ')})`).join(', ');
  await db.query(`
    COPY (SELECT client_id, study_instance_uid, NULL::VARCHAR AS series_instance_uid, sop_instance_uid,
            json_path, dicom_path, json_path IS NOT NULL AS has_json, dicom_path IS NOT NULL AS has_dicom
          FROM (VALUES ${values}) t(client_id, study_instance_uid, sop_instance_uid, json_path, dicom_path))
    TO '${join(folder, name)}' (FORMAT parquet)`);
  return { path: name, rows: rows.length, bytes: 0, sha256: '' };
}

describe('images whose files lie in two places', () => {
  test('every place after the first is a mismatch, in natural order of client, whatever part it lies in', async () => {
    const late = await part('late.parquet', [
      ['optm10', '1.1', '9.1', 'optm10/1.1/9.1.json', 'optm10/1.1/9.1.dcm'],
      ['optm10', '1.1', '9.2', 'optm10/1.1/9.2.json', null],
    ]);
    const early = await part('early.parquet', [
      ['optm2', '1.2', '9.1', 'optm2/1.2/9.1.json', null],
      ['optm1', '1.4', '9.1', null, 'optm1/1.4/9.1.dcm'],
      ['optm1', '1.3', '9.3', 'optm1/1.3/9.3.json', null],
    ]);
    const found = await findDuplicateImages(db, folder, [late, early]);
    assert.deepEqual(
      found.map(({ kind, client_id, study_instance_uid, sop_instance_uid, expected, found: place }) => [
        kind,
        client_id,
        study_instance_uid,
        sop_instance_uid,
        expected,
        place,
      ]),
      [
        ['image_uid_duplicate', 'optm2', '1.2', '9.1', 'optm1/1.4/9.1.dcm', 'optm2/1.2/9.1.json'],
        ['image_uid_duplicate', 'optm10', '1.1', '9.1', 'optm1/1.4/9.1.dcm', 'optm10/1.1/9.1.dcm'],
      ],
    );
  });

  test('an image that only imagedb lists a second time has no second place', async () => {
    const only = await part('listed.parquet', [
      ['optm1', '1.1', '9.1', 'optm1/1.1/9.1.json', null],
      ['optm2', '1.2', '9.1', null, null],
    ]);
    assert.deepEqual(await findDuplicateImages(db, folder, [only]), []);
  });

  test('without parts there are none', async () => {
    assert.deepEqual(await findDuplicateImages(db, folder, []), []);
  });
});
