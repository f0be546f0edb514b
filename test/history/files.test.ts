import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { VerificationError } from '../../pipeline/base/fault.js';
import { findFileFaults } from '../../pipeline/snapshot/checksums.js';
import { verifySnapshot } from '../../pipeline/snapshot/verify-snapshot.js';
import { runCli } from '../helpers/cli.js';
import { howMany, itemsOf, SEED } from '../helpers/extent.js';
import { hashesBelow, readManifest } from '../helpers/output.js';
import { sharedRun } from '../helpers/shared-run.js';
import { copyOf, flip, flipped, fresh } from './helpers.js';

/** What happened to the files of a snapshot after it was published. */

const { out, current } = sharedRun('faulty');
const files = Object.keys(hashesBelow(current));

async function failure(snapshot: string): Promise<string> {
  try {
    await verifySnapshot(snapshot);
  } catch (error) {
    assert.ok(error instanceof VerificationError, String(error));
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  return 'verified';
}

describe('a published snapshot', () => {
  test('is verified as it is: by current, by run id, by path', () => {
    const id = readManifest(current).run_id;
    const WAYS = [
      ['current', out],
      [id, out],
      [join('snapshots', id), out],
      [current, '/'],
    ] as const;
    for (const [name, cwd] of itemsOf(WAYS, 2)) {
      const run = runCli(['verify', name, '--out', out], { cwd });
      assert.equal(run.code, 0, run.stderr);
      assert.match(
        run.stdout,
        new RegExp(`^verified /.*/snapshots/${id}: ${files.length} files, 24 tables, `),
      );
    }
    assert.equal(runCli(['verify', '--out', out]).code, 0);
  });

  test('has checksums that sha256sum accepts, of every file but themselves', () => {
    const check = spawnSync('sha256sum', ['--check', '--strict', 'checksums.sha256'], {
      cwd: current,
      encoding: 'utf8',
    });
    assert.equal(check.status, 0, check.stderr);
    const checked = check.stdout.trim().split('\n').map((line) => line.replace(/: OK$/, '')); // prettier-ignore
    assert.deepEqual(
      checked.sort(),
      files.filter((path) => path !== 'checksums.sha256'),
    );
  });

  // All but the checksums, which have a test of their own.
  const listed = files.filter((name) => name !== 'checksums.sha256');
  const flippedFiles = itemsOf(listed, 4);
  const which = howMany(flippedFiles.length, listed.length, 'files');
  test(`tells of one flipped byte in any of ${which}: at its start, in its middle, at its end`, async (t) => {
    t.diagnostic(`seed ${SEED}`);
    const snapshot = copyOf(current);
    for (const path of flippedFiles) {
      const file = join(snapshot, path);
      const content = readFileSync(file);
      // A file without a byte gets one.
      const damaged = content.length === 0 ? [Buffer.from('x')] : [0, content.length >> 1, content.length - 1].map((place) => flipped(content, place)); // prettier-ignore
      for (const bytes of damaged) {
        writeFileSync(file, bytes);
        const { faults } = await findFileFaults(snapshot);
        assert.deepEqual(faults, [{ path, fault: 'is not as it was published: its sha256 differs' }]);
      }
      writeFileSync(file, content);
    }
    assert.equal(await failure(snapshot), 'verified');
  });

  const sound = join(sharedRun('sound').current, 'checksums.sha256');
  const places = placesToFlip(readFileSync(sound));
  const flippedPlaces = [...itemsOf(places.slice(0, -1), 3), places.at(-1)!];
  test(`tells of a flipped byte at ${howMany(flippedPlaces.length, places.length, 'places')} of the checksums`, async (t) => {
    t.diagnostic(`seed ${SEED}`);
    const snapshot = copyOf(sharedRun('sound').current);
    const file = join(snapshot, 'checksums.sha256');
    for (const place of flippedPlaces) {
      // 0x20 turns a lower-case digit of the hash into an upper-case one, which sha256sum takes for the same.
      for (const mask of [0x01, 0x20, 0x80]) {
        flip(file, place, mask);
        const { faults } = await findFileFaults(snapshot);
        assert.notDeepEqual(faults, [], `byte ${place} ^ ${mask}`);
        flip(file, place, mask);
      }
    }
    assert.deepEqual((await findFileFaults(snapshot)).faults, []);
  });

  const cases: readonly (readonly [string, (snapshot: string) => void, RegExp])[] = [
    ['a missing part', (s) => { rmSync(join(s, 'tables/codes/codes.parquet')); }, /table codes: tables\/codes\/codes\.parquet is missing$/],
    ['a missing manifest', (s) => { rmSync(join(s, 'manifest.json')); }, /published: manifest\.json is missing$/],
    ['missing checksums', (s) => { rmSync(join(s, 'checksums.sha256')); }, /published: checksums\.sha256 is missing$/],
    ['empty checksums', (s) => { writeFileSync(join(s, 'checksums.sha256'), ''); }, /checksums\.sha256 is empty$/],
    ['a part too many', (s) => { writeFileSync(join(s, 'tables/images/copy.parquet'), 'PAR1'); }, /table images: tables\/images\/copy\.parquet is not listed in checksums\.sha256$/],
    ['a file too many in a folder of its own', (s) => { mkdirSync(join(s, 'x')); writeFileSync(join(s, 'x/y z'), ''); }, /published: x\/y z is not listed in/],
    ['a link in place of a file', (s) => { renameSync(join(s, 'schema.json'), `${s}.json`); symlinkSync(`${s}.json`, join(s, 'schema.json')); }, /schema\.json is not a plain file$/],
    ['a folder in place of a file', (s) => { rmSync(join(s, 'schema.json')); mkdirSync(join(s, 'schema.json')); }, /schema\.json is missing$/],
    ['two files swapped', (s) => { swap(s, 'tables/images', 'tables/series'); }, /table images: .*differs; .*table series: .*differs/],
    ['all parts gone', (s) => { for (const table of readdirSync(join(s, 'tables'))) rmSync(join(s, 'tables', table), { recursive: true }); }, /is missing; and \d+ files more$/],
  ]; // prettier-ignore
  for (const [name, damage, says] of cases) {
    test(`tells of ${name}`, async () => {
      const snapshot = copyOf(current);
      damage(snapshot);
      assert.match(await failure(snapshot), says);
    });
  }

  /** Of the checksums a line whole (hash, the two spaces, path, line end), then samples, then the end. */
  function placesToFlip(checksums: Buffer): number[] {
    const lineEnd = checksums.indexOf(0x0a);
    const found = [...Array(lineEnd + 2).keys()].filter((place) => place < 3 || place > 60);
    for (let place = 200; place < checksums.length; place += 397) found.push(place);
    return [...found, checksums.length - 1];
  }

  function swap(snapshot: string, a: string, b: string): void {
    const [first, second] = [a, b].map((table) => join(snapshot, table, 'optm-0000000.parquet')) as [
      string,
      string,
    ];
    renameSync(first, `${snapshot}.swap`);
    renameSync(second, first);
    renameSync(`${snapshot}.swap`, second);
  }
});

describe('omidb-etl verify', () => {
  test('ends with 1 and one sentence when a byte is not as it was', () => {
    const snapshot = copyOf(current);
    flip(join(snapshot, 'tables/marks/optm-0000000.parquet'), 400);
    const run = runCli(['verify', snapshot]);
    assert.equal(run.code, 1);
    assert.equal(run.stdout, '');
    assert.equal(
      run.stderr,
      `omidb-etl: ${snapshot} is not as it was published: table marks: tables/marks/optm-0000000.parquet is not as it was published: its sha256 differs\n`,
    );
  });

  test('of nothing published, of an unknown run, with a value too many: one sentence', () => {
    for (const [args, code, says] of [
      [['--out', fresh()], 1, /current holds no published tables: run omidb-etl run DATABASE first/],
      [['20200101T000000.000Z-abcdef', '--out', out], 1, /is no snapshot: .*omidb-etl runs lists them/],
      [['a', 'b'], 2, /Unknown argument: b/],
      [['--out'], 2, /out/],
    ] as const) {
      const run = runCli(['verify', ...args]);
      assert.equal(run.code, code, run.stderr);
      assert.match(run.stderr, says);
      assert.match(run.stderr, /^omidb-etl: [^\n]+\n$/);
    }
  });
});
