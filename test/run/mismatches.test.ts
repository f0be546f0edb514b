import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ParquetFile } from 'parquet-wasm/node';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { makeSample } from '../../scripts/sample/database.js';
import { MISMATCH_KINDS, type MismatchKind } from '../../schemas/mismatch-kinds.js';
import { isRoot, runCli, temporaryFolder } from '../helpers/cli.js';
import { dump2dcm, noDcmtk } from '../helpers/dcmtk.js';
import { readJsonLines } from '../helpers/output.js';
import { sharedRun } from '../helpers/shared-run.js';

interface Found {
  readonly kind: MismatchKind;
  readonly severity: string;
  readonly client_id: string | null;
  readonly study_instance_uid: string | null;
  readonly sop_instance_uid: string | null;
  readonly path: string | null;
  readonly detail: string;
}

/** Made by folder cases: meaning-undefined depends on the months of a run, frames-of-an-enhanced-object; nbss-codes has no dates. */
const MADE_BY_CASES: readonly MismatchKind[] = [
  'frames_differ',
  'episode_outcome_undefined',
  'cancer_undated',
  'copy_unfinished',
];

/** Made by the tests of test/attacks. */
const MADE_BY_ATTACKS: readonly MismatchKind[] = [
  'client_gone',
  'client_too_large',
  'content_changed_unseen',
  'link_outside',
  'unexpected_records',
];

/** Made by the tests of side tables. */
const MADE_BY_SIDE_TABLES: readonly MismatchKind[] = ['side_row_unmatched', 'side_key_repeated'];

/** Kinds that tests below make by hand. */
const MADE_HERE: readonly MismatchKind[] = ['image_root_absent', 'folder_unreadable', 'text_undecodable'];

const cause = ({ kind, client_id, study_instance_uid, sop_instance_uid }: Found) =>
  [kind, client_id, study_instance_uid, sop_instance_uid].join(' ');
const causes = (rows: readonly Found[]) => rows.map(cause).sort();

function runOn(database: string, out: string, options: { asNobody?: boolean } = {}): Found[] {
  const run = runCli(['run', database, '--out', out, '--no-progress'], options);
  assert.equal(run.code, 0, run.stderr);
  return readJsonLines<Found>(out, 'current', 'mismatches.jsonl');
}

describe('mismatches of a run', () => {
  const folder = temporaryFolder();

  test('every fault put into a sample is found, once, and nothing else', () => {
    const { database, current } = sharedRun('faulty');
    const truth = readJsonLines<Found>(database, 'truth.jsonl');
    assert.deepEqual([...new Set(truth.map(({ kind }) => kind))].sort(), [...FAULT_KINDS].sort());
    assert.deepEqual(causes(readJsonLines<Found>(current, 'mismatches.jsonl')), causes(truth));
  });

  test('several faults to a client are all found too', () => {
    const database = join(folder, 'crowded');
    makeSample({ out: database, clients: 24, seed: 7, faults: FAULT_KINDS, pixels: 'sparse' });
    const truth = readJsonLines<Found>(database, 'truth.jsonl');
    assert.ok(truth.length > 24);
    assert.deepEqual(causes(runOn(database, join(folder, 'crowded-out'))), causes(truth));
  });

  test('are a Parquet file for readers that use its page index too', async () => {
    const { current } = sharedRun('faulty');
    const lines = readJsonLines(current, 'mismatches.jsonl').length;
    const content = readFileSync(join(current, 'tables', 'mismatches', 'mismatches.parquet'));
    const file = await ParquetFile.fromFile(new Blob([content]));
    assert.equal(file.metadata().fileMetadata().numRows(), lines);
  });

  test('a sound database has no mismatch', () => {
    const { current } = sharedRun('sound');
    assert.deepEqual(readJsonLines(current, 'mismatches.jsonl'), []);
  });

  test('a copy without images says so once, and not for each client', () => {
    const { database } = sharedRun('sound');
    mkdirSync(join(folder, 'data-only'));
    cpSync(join(database, 'data'), join(folder, 'data-only', 'data'), { recursive: true });
    const found = runOn(join(folder, 'data-only'), join(folder, 'data-only-out'));
    assert.deepEqual(
      found.map(({ kind, client_id }) => [kind, client_id]),
      [['image_root_absent', null]],
    );
  });

  test('a folder that cannot be listed is one row, and nothing follows from it', () => {
    const database = join(folder, 'closed');
    makeSample({ out: database, clients: 12, seed: 3, faults: [], pixels: 'sparse' });
    const studyOf = (client: string) => {
      const study = readdirSync(join(database, 'images', client))[0];
      assert.ok(study !== undefined, client);
      return `${client}/${study}`;
    };
    const closed = [
      ['data', 'optm1'],
      ['images', 'optm2'],
      ['data', studyOf('optm3')],
      ['images', studyOf('optm4')],
    ] as const;
    const out = join(folder, 'closed-out');
    mkdirSync(out);
    // Permissions do not bind root: then the run is another user's.
    for (const open of [folder, out]) chmodSync(open, 0o777);
    for (const [tree, path] of closed) chmodSync(join(database, tree, path), 0o000);
    const found = runOn(database, out, { asNobody: isRoot });
    for (const [tree, path] of closed) chmodSync(join(database, tree, path), 0o755);
    assert.deepEqual(
      found.map(({ kind, path }) => [kind, path]),
      closed.map(([, path]) => ['folder_unreadable', path]),
    );
  });

  test('a text that does not fit its character set is one row', { skip: noDcmtk }, () => {
    const database = join(folder, 'text');
    const [study, series, image] = ['1.2.3', '1.2.3.4', '1.2.3.4.5'];
    for (const tree of ['data', 'images'])
      mkdirSync(join(database, tree, 'optm1', study), { recursive: true });
    const data = join(database, 'data', 'optm1');
    const imagedb = {
      ClientID: 'optm1',
      STUDIES: { [study]: { StudyDate: '20200102', EpisodeID: '1', [series]: { [image]: null } } },
    };
    const nbss = { ClientID: 'optm1', '1': { EpisodeOpenedDate: '20200101', StudyList: [study] } };
    writeFileSync(join(data, 'imagedb_optm1.json'), JSON.stringify(imagedb));
    writeFileSync(join(data, 'nbss_optm1.json'), JSON.stringify(nbss));
    const header = { '00080018': { vr: 'UI', Value: [image] } };
    writeFileSync(join(data, study, `${image}.json`), JSON.stringify(header));
    const dicom = dump2dcm(join(folder, 'text.dcm'), [
      '(0008,0005) CS [ISO_IR 192]',
      '(0008,0016) UI [1.2.840.10008.5.1.4.1.1.1.2]',
      `(0008,0018) UI [${image}]`,
      // 0xE9 alone is no UTF-8.
      '(0008,0070) LO [Soci\u00e9t\u00e9]',
      `(0020,000d) UI [${study}]`,
      `(0020,000e) UI [${series}]`,
      '(0028,0100) US 8',
      '(7fe0,0010) OB 00\\00',
    ]);
    cpSync(dicom, join(database, 'images', 'optm1', study, `${image}.dcm`));
    const found = runOn(database, join(folder, 'text-out'));
    assert.deepEqual(causes(found), [`text_undecodable optm1 ${study} ${image}`]);
  });

  test('every kind of the contract is made by the sample, by a test above, an attack or a folder case', () => {
    const made = new Set<string>([
      ...FAULT_KINDS,
      ...MADE_HERE,
      ...MADE_BY_CASES,
      ...MADE_BY_ATTACKS,
      ...MADE_BY_SIDE_TABLES,
    ]);
    assert.deepEqual([...made].sort(), Object.keys(MISMATCH_KINDS).sort());
  });

  test('every row has its severity and a detail that is one sentence', () => {
    for (const row of readJsonLines<Found>(sharedRun('faulty').current, 'mismatches.jsonl')) {
      assert.equal(row.severity, MISMATCH_KINDS[row.kind].severity);
      assert.match(row.detail, /^\S.*\.$/);
    }
  });
});
