import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { MISMATCH_KINDS } from '../../schemas/mismatch-kinds.js';
import { makeClient } from '../../scripts/sample/client.js';
import { NEEDS_KIND, type FaultKind, type TruthRow } from '../../scripts/sample/fault.js';
import { ALL_INJECTIONS, FAULT_KINDS, FaultInjector } from '../../scripts/sample/faults.js';
import { writeClient } from '../../scripts/sample/write.js';
import { asObject, datasetBytes, readClientFile, readObject, scratchFolder } from './tree.js';

/**
 * Faults of headers and records, those among them that wait for their kind of mismatch: dcmtk and the files themselves
 * are the witnesses that they are what their truth says.
 */

const noDcmtk = spawnSync('dcmdump', ['--version']).error === undefined ? false : 'dcmtk is not installed';
const CLIENTS = 150;
const SEED = 3;
const KINDS: readonly FaultKind[] = [...NEEDS_KIND, 'number_invalid', 'image_uid_duplicate', 'code_unknown'];
const out = scratchFolder();
const truth: TruthRow[] = [];

before(() => {
  const injector = new FaultInjector(SEED, KINDS, CLIENTS, ALL_INJECTIONS);
  for (let index = 0; index < CLIENTS; index++) {
    const client = makeClient(SEED, index);
    truth.push(...injector.apply(client));
    writeClient(client, out, 'sparse', { files: 0, images: 0, bytes: 0 });
  }
});

const at = (root: 'data' | 'images', path: string | null): string => join(out, root, path ?? '');

/** Truth lines whose cause reads so; never none. */
function caused(how: RegExp): TruthRow[] {
  const rows = truth.filter((row) => how.test(row.how));
  assert.ok(rows.length > 0, String(how));
  return rows;
}

/** What dcmdump prints for some tags of the DICOM file of a row, without its comments. */
function dumped({ path }: TruthRow, ...tags: string[]): { lines: string[]; stderr: string } {
  const options = tags.flatMap((tag) => ['+P', tag]);
  const { status, stdout, stderr } = spawnSync('dcmdump', ['+p', ...options, at('images', path)], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => line.replace(/ +#.*/, '')), stderr };
}

function headerOf({ client_id, study_instance_uid, sop_instance_uid }: TruthRow): Record<string, unknown> {
  const study = at('data', `${client_id}/${study_instance_uid}`);
  return readObject(
    join(
      study,
      readdirSync(study).find((name) => name.startsWith(`${sop_instance_uid}.`))!,
    ),
  );
}

const value = (header: Record<string, unknown>, tag: string): unknown =>
  (asObject(header[tag])['Value'] as unknown[] | undefined)?.[0];

/** The objects below `L` and `R` of every block of every episode of a client, with their keys. */
function lesionKeys({ client_id }: TruthRow): string[] {
  const episodes = Object.values(readClientFile(at('data', client_id), 'nbss_')).map(asObject);
  const blocks = episodes.flatMap((episode) =>
    Object.entries(episode)
      .filter(([name]) => /^[A-Z]+$/.test(name) && !name.endsWith('SCREENING'))
      .map(([, block]) => asObject(block)),
  );
  return blocks.flatMap((block) => ['L', 'R'].flatMap((side) => Object.keys(asObject(block[side]))));
}

describe('faults that wait for their kind', () => {
  test('are in no sample as long as the kind, or what it comes with, is not there', () => {
    for (const kind of FAULT_KINDS) assert.ok(kind in MISMATCH_KINDS, kind);
    for (const kind of NEEDS_KIND) {
      assert.ok(
        ALL_INJECTIONS.some((injection) => injection.kind === kind),
        kind,
      );
      assert.equal(FAULT_KINDS.includes(kind), kind in MISMATCH_KINDS, kind);
    }
  });

  test('each name a file that is there, and every one of them can be made', () => {
    assert.deepEqual(new Set(truth.map(({ kind }) => kind)), new Set(KINDS));
    for (const { path } of truth) assert.ok(existsSync(at('images', path)) || existsSync(at('data', path)));
  });
});

describe('DICOM files that are odd', () => {
  test('are DICOM to dcmftest', { skip: noDcmtk }, () => {
    const paths = truth.filter(({ path }) => path!.endsWith('.dcm')).map(({ path }) => at('images', path));
    assert.ok(paths.length > 20);
    const answers = execFileSync('dcmftest', paths, { encoding: 'utf8' }).trim().split('\n');
    assert.deepEqual(
      answers.filter((line) => !line.startsWith('yes:')),
      [],
    );
  });

  test('are read by dcmdump past what is odd, which it names', { skip: noDcmtk }, () => {
    const odd = [
      [caused(/element of group 0002/), /Invalid Element \(0002,0012\) found in data set/],
      [caused(/element of group 000[1357]/), /Invalid Element \(000[1357],1001\) found in data set/],
      [caused(/VR of a private element is none/), /VR .*while parsing element \(0019,0301\)/],
    ] as const;
    for (const [rows, warning] of odd)
      for (const row of rows) {
        const { lines, stderr } = dumped(row, '0008,0018', '5200,9229', '0028,0010');
        assert.match(stderr, warning, row.how);
        assert.equal(lines[0], `(0008,0018) UI [${row.sop_instance_uid!}]`);
        assert.equal(lines.at(-1), `(0028,0010) US ${String(value(headerOf(row), '00280010'))}`);
      }
  });

  test('have the file meta in implicit VR', { skip: noDcmtk }, () => {
    for (const row of caused(/file meta information is in implicit VR/)) {
      const bytes = readFileSync(at('images', row.path)).subarray(128, 148);
      // DICM, (0002,0000), 32-bit length 4, the group length, (0002,0001).
      assert.equal(bytes.subarray(0, 12).toString('latin1'), 'DICM\x02\0\0\0\x04\0\0\0');
      assert.equal(bytes.readUInt32LE(16), 0x00010002);
      assert.deepEqual(dumped(row, '0008,0018').lines, [`(0008,0018) UI [${row.sop_instance_uid!}]`]);
    }
  });

  test('have a ViewCodeSequence of VR UN with explicit items', () => {
    for (const row of caused(/ViewCodeSequence is UN/)) {
      const bytes = datasetBytes(at('images', row.path));
      const start = bytes.indexOf(Buffer.from('\x54\0\x20\x02UN\0\0', 'latin1'));
      const item = bytes.subarray(start + 12, start + 28);
      // An item, and in it (0008,0100) with its VR.
      assert.equal(item.readUInt32LE(0), 0xe000fffe);
      assert.equal(item.subarray(8, 14).toString('latin1'), '\x08\0\0\x01SH');
    }
  });

  test('say what the truth says, to dcmdump', { skip: noDcmtk }, () => {
    const lines = (how: RegExp, ...tags: string[]): string[][] =>
      caused(how).map((row) => dumped(row, ...tags).lines);
    for (const [side, view] of lines(/letter of the other breast/, '0020,0062', '0018,5101'))
      assert.ok(
        /\[L\]/.test(side!) ? /\[R(CC|MLO|ML|LM|XCCL)\]/.test(view!) : /\[L(CC|MLO|ML|LM|XCCL)\]/.test(view!),
      );
    for (const [series, image] of lines(/Laterality and ImageLaterality/, '0020,0060', '0020,0062'))
      assert.notEqual(series!.slice(12), image!.slice(12));
    for (const [view, code] of lines(/ViewPosition is ML/, '0018,5101', '0054,0220.0008,0100')) {
      assert.match(view!, /\[ML\]$/);
      assert.match(code ?? '', /R-10226|399368009|SQ/);
    }
    for (const found of lines(/no header has a SOPInstanceUID/, '0008,0018')) assert.deepEqual(found, []);
    for (const [age] of lines(/PatientAge lacks its zeros/, '0010,1010')) assert.match(age!, /\[\d{2}Y\]$/);
    for (const [exposure] of lines(/Exposure, an IS, is 2\.5/, '0018,1152'))
      assert.match(exposure!, /\[2\.5\]$/);
    for (const [kvp] of lines(/KVP is no number/, '0018,0060')) assert.match(kvp!, /FD nan/i);
  });
});

describe('JSON and records that are odd', () => {
  test('a bare token costs the JSON its grammar, and nothing else', () => {
    for (const token of ['NaN', 'Infinity', '28.'])
      for (const { path } of caused(new RegExp(`bare token ${token.replace('.', '\\.')}`))) {
        const text = readFileSync(at('data', path), 'utf8');
        assert.throws(() => JSON.parse(text));
        const mended: unknown = JSON.parse(text.replace(`[${token}]`, '[28]'));
        assert.equal(value(asObject(mended), '00180060'), 28);
      }
  });

  test('a mark lies on the breast that its lesion is not in', () => {
    for (const row of caused(/a mark stands under an image of the other breast/)) {
      const study = asObject(
        asObject(readClientFile(at('data', row.client_id), 'imagedb_')['STUDIES'])[row.study_instance_uid!],
      );
      const [mark, ...others] = Object.values(
        asObject(asObject(study[row.series_instance_uid!])[row.sop_instance_uid!]),
      ).map(asObject);
      assert.deepEqual(others, []);
      const episode = asObject(
        readClientFile(at('data', row.client_id), 'nbss_')[study['EpisodeID'] as string],
      );
      const lesions = asObject(episode['LESION']);
      const side = value(headerOf(row), '00200062') as 'L' | 'R';
      for (const number of (mark!['LinkedNBSSLesionNumber'] as string).split(',')) {
        assert.ok(!(number in asObject(lesions[side])), row.client_id);
        assert.ok(number in asObject(lesions[side === 'L' ? 'R' : 'L']), row.client_id);
      }
    }
  });

  test('lesions have keys with zeros, or that are no number', () => {
    for (const row of caused(/keys like 01/)) assert.ok(lesionKeys(row).some((key) => /^0\d$/.test(key)));
    for (const row of caused(/key that is no number/)) assert.ok(lesionKeys(row).includes('unnumbered'));
  });

  test('women share an image: its UID alone, or all of its header but whose it is', () => {
    for (const row of caused(/is the same image/)) {
      const [, owner] = /an image of (\w+) /.exec(row.how)!;
      const studies = readdirSync(at('images', owner!));
      const study = studies.find((uid) =>
        existsSync(at('images', `${owner!}/${uid}/${row.sop_instance_uid!}.dcm`)),
      );
      const original = headerOf({ ...row, client_id: owner!, study_instance_uid: study! });
      const copy = headerOf(row);
      const differing = Object.keys(original).filter(
        (tag) => JSON.stringify(original[tag]) !== JSON.stringify(copy[tag]),
      );
      // PatientName, PatientID, study and series.
      assert.deepEqual(differing.sort(), ['0020000D', '0020000E', '00100010', '00100020'].sort());
    }
  });
});
