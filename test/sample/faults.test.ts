import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { MISMATCH_KINDS } from '../../schemas/mismatch-kinds.js';
import { makeSample } from '../../scripts/sample/database.js';
import type { TruthRow } from '../../scripts/sample/fault.js';
import { ALL_INJECTIONS, FAULT_KINDS } from '../../scripts/sample/faults.js';
import { asObject, datasetBytes, filesBelow, readClientFile, readObject, scratchFolder } from './tree.js';

/**
 * A matter of the run, of permissions that no file's bytes show, and of the months that a run is told; frames that differ are
 * a folder case. Clients that are too large, links that lead out and names that only look like records have tests of their
 * own (test/attacks): a sample is plain files of a small size. Side tables are no part of a database.
 */
const NOT_OF_A_DATABASE = [
  'image_root_absent',
  'folder_unreadable',
  'episode_outcome_undefined',
  'cancer_undated',
  'frames_differ',
  'client_too_large',
  // Of what was published before, and of a copy under way.
  'client_gone',
  'content_changed_unseen',
  'copy_unfinished',
  'link_outside',
  'unexpected_records',
  'side_row_unmatched',
  'side_key_repeated',
];
const folder = scratchFolder();
const faulty = join(folder, 'faulty');
const clean = join(folder, 'clean');
/** Two for each way to damage one: then every second stays sound. */
const CLIENTS = 2 * ALL_INJECTIONS.length;
let truth: TruthRow[] = [];

before(() => {
  makeSample({ out: clean, clients: CLIENTS, seed: 5, faults: [], pixels: 'sparse' });
  makeSample({ out: faulty, clients: CLIENTS, seed: 5, faults: FAULT_KINDS, pixels: 'sparse' });
  const lines = readFileSync(join(faulty, 'truth.jsonl'), 'utf8').trim().split('\n');
  truth = lines.map((line) => JSON.parse(line) as TruthRow);
});

const ofKind = (kind: string): TruthRow[] => truth.filter((row) => row.kind === kind);
const at = (root: 'data' | 'images', path: string | null): string => join(faulty, root, path ?? '');

/** Checks each row of a kind against the files as they are. */
function every(kind: string, check: (row: TruthRow) => boolean): void {
  const rows = ofKind(kind);
  assert.ok(rows.length > 0, kind);
  for (const row of rows) assert.ok(check(row), JSON.stringify(row));
}

function imagedbStudy({ client_id, study_instance_uid }: TruthRow): Record<string, unknown> {
  const { STUDIES } = readClientFile(at('data', client_id), 'imagedb_');
  return asObject(asObject(STUDIES)[study_instance_uid!]);
}

/** Whether imagedb lists the image under its study. */
function isListed(row: TruthRow): boolean {
  return Object.values(imagedbStudy(row)).some((series) => row.sop_instance_uid! in asObject(series));
}

describe('the faults of a sample', () => {
  test('are of every kind that a database can show', () => {
    const expected = Object.keys(MISMATCH_KINDS).filter((kind) => !NOT_OF_A_DATABASE.includes(kind));
    assert.deepEqual([...new Set(truth.map(({ kind }) => kind))].sort(), expected.sort());
  });

  test('are listed with the columns of the mismatches and how they were caused', () => {
    const columns = [
      'kind',
      'client_id',
      'study_instance_uid',
      'series_instance_uid',
      'sop_instance_uid',
      'path',
      'how',
    ];
    for (const row of truth) {
      assert.deepEqual(Object.keys(row), columns);
      assert.ok(row.how.length > 10);
      // An image is named with its series and study.
      if (row.sop_instance_uid !== null)
        assert.ok(row.series_instance_uid !== null && row.study_instance_uid !== null);
    }
  });

  test('leave the other clients as they are without faults', () => {
    const damaged = new Set(truth.map(({ client_id }) => client_id));
    const sound = readdirSync(join(clean, 'data')).filter((client) => !damaged.has(client));
    assert.ok(sound.length > 20);
    for (const client of sound)
      for (const path of filesBelow(join(clean, 'data', client)))
        assert.ok(
          readFileSync(join(clean, 'data', client, path)).equals(
            readFileSync(at('data', `${client}/${path}`)),
          ),
        );
  });

  test('of one kind only are what was asked for', () => {
    const out = join(folder, 'one');
    makeSample({ out, clients: 30, seed: 5, faults: ['tag_conflict'], pixels: 'sparse' });
    const rows = readFileSync(join(out, 'truth.jsonl'), 'utf8').trim().split('\n');
    assert.ok(rows.length > 1);
    for (const row of rows) assert.equal((JSON.parse(row) as TruthRow).kind, 'tag_conflict');
  });
});

describe('each fault is really there', () => {
  test('folders and files that are missing or too many', () => {
    every(
      'client_only_in_data',
      ({ path }) => existsSync(at('data', path)) && !existsSync(at('images', path)),
    );
    every(
      'client_only_in_images',
      ({ path }) => existsSync(at('images', path)) && !existsSync(at('data', path)),
    );
    every(
      'study_only_in_data',
      ({ path }) => existsSync(at('data', path)) && !existsSync(at('images', path)),
    );
    every(
      'study_only_in_images',
      ({ path }) => existsSync(at('images', path)) && !existsSync(at('data', path)),
    );
    every(
      'study_not_on_disk',
      (row) => Object.keys(imagedbStudy(row)).length > 0 && !existsSync(at('images', row.path)),
    );
    every(
      'study_not_in_imagedb',
      (row) => existsSync(at('data', row.path)) && Object.keys(imagedbStudy(row)).length === 0,
    );
    for (const which of ['imagedb', 'nbss'])
      every(
        `${which}_missing`,
        ({ client_id }) =>
          !readdirSync(at('data', client_id)).some((name) => name.toLowerCase().startsWith(which)),
      );
    every('unexpected_entry', ({ path }) => existsSync(at('data', path)) || existsSync(at('images', path)));
  });

  test('images that one of the three views lacks', () => {
    const jsonOf = ({ client_id, study_instance_uid, sop_instance_uid }: TruthRow): string[] =>
      readdirSync(at('data', `${client_id}/${study_instance_uid}`)).filter((name) =>
        name.startsWith(`${sop_instance_uid}.`),
      );
    const hasDicom = ({ client_id, study_instance_uid, sop_instance_uid }: TruthRow): boolean =>
      existsSync(at('images', `${client_id}/${study_instance_uid}/${sop_instance_uid}.dcm`));
    every('image_json_missing', (row) => jsonOf(row).length === 0 && hasDicom(row) && isListed(row));
    every('dicom_missing', (row) => jsonOf(row).length === 1 && !hasDicom(row) && isListed(row));
    every('image_not_in_imagedb', (row) => jsonOf(row).length === 1 && hasDicom(row) && !isListed(row));
    every('image_not_on_disk', (row) => jsonOf(row).length === 0 && !hasDicom(row) && isListed(row));
    every('image_json_duplicate', (row) => jsonOf(row).length === 2 && hasDicom(row));
    const files = filesBelow(join(faulty, 'images'));
    every(
      'image_uid_duplicate',
      ({ sop_instance_uid }) =>
        files.filter((path) => path.endsWith(`/${sop_instance_uid}.dcm`)).length === 2,
    );
  });

  test('headers that cannot be read or contradict', () => {
    const cleanSize = ({ path }: TruthRow): number => statSync(join(clean, 'images', path!)).size;
    every('dicom_truncated', (row) => statSync(at('images', row.path)).size < cleanSize(row) - 1000);
    every('dicom_unreadable', (row) => statSync(at('images', row.path)).size < 6000);
    const header = (row: TruthRow): Record<string, unknown> => {
      const study = `${row.client_id}/${row.study_instance_uid}`;
      const name = readdirSync(at('data', study)).find((file) =>
        file.startsWith(`${row.sop_instance_uid}.`),
      )!;
      return readObject(at('data', `${study}/${name}`));
    };
    const first = (row: TruthRow, tag: string): unknown =>
      (asObject(header(row)[tag])['Value'] as unknown[])[0];
    every('sop_instance_uid_conflict', (row) => first(row, '00080018') !== row.sop_instance_uid);
    every('study_instance_uid_conflict', (row) => first(row, '0020000D') !== row.study_instance_uid);
    every('series_instance_uid_conflict', (row) => first(row, '0020000E') !== row.series_instance_uid);
    every('json_unreadable', ({ path }) => {
      const text = readFileSync(at('data', path), 'utf8');
      assert.throws(() => JSON.parse(text));
      return true;
    });
    every('text_undecodable', ({ path }) => {
      const file = datasetBytes(at('images', path));
      return file.includes(Buffer.from('Thoraxn\u00e4he', 'latin1')) && file.includes('ISO_IR 192');
    });
    every('json_encoding_invalid', ({ path }) => {
      assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(at('data', path))));
      return true;
    });
  });

  test('links between studies and episodes', () => {
    const episodesOf = ({ client_id }: TruthRow) => readClientFile(at('data', client_id), 'nbss_');
    const episodeId = (row: TruthRow): string =>
      JSON.stringify(imagedbStudy(row)['EpisodeID'] ?? null).replaceAll('"', '');
    every('study_episode_relinked', (row) => !(episodeId(row) in episodesOf(row)));
    every('study_episode_unresolved', (row) => !(episodeId(row) in episodesOf(row)));
    every('study_date_missing', (row) => imagedbStudy(row)['StudyDate'] === '');
    every(
      'client_id_conflict',
      ({ client_id, path }) => readObject(at('data', path))['ClientID'] !== client_id,
    );
    every('study_list_conflict', (row) => {
      const lists = Object.entries(episodesOf(row)).map(
        ([id, episode]) => [id, asObject(episode)['StudyList']] as const,
      );
      const naming = lists.filter(([, list]) =>
        JSON.stringify(list ?? null).includes(row.study_instance_uid!),
      );
      return naming[0]?.[0] !== episodeId(row);
    });
  });
});
