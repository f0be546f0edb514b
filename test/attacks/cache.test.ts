import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { verifySnapshot } from '../../pipeline/snapshot/verify-snapshot.js';
import { readReceipt, writeReceipt } from '../../pipeline/snapshot/receipts.js';
import {
  copyOutput,
  reasons,
  results,
  runHere,
  threeRanges,
  scratchFolder,
  type Finished,
} from '../crash/helpers.js';
import { isRoot, runCli } from '../helpers/cli.js';
import { howMany, itemsOf } from '../helpers/extent.js';
import { BOUNDED } from '../helpers/processes.js';
import { filesBelow } from '../sample/tree.js';
import { copyProgram, runLogged, runRefusing } from './helpers.js'; // prettier-ignore

/** Rows 1, 5, 6 and 7 of the attacks: what may be kept of an earlier run. */

const scratch = scratchFolder();
const database = threeRanges(join(scratch, 'db'));
const undisturbed = join(scratch, 'undisturbed');
const range = 'optm-0000000';
let expected: Record<string, string> = {};

before(async () => {
  await runHere(database, undisturbed);
  expected = results(undisturbed);
});

/** An output that a run over the database as it is now would not change: tests before may have touched files of it. */
async function upToDate(out: string): Promise<void> {
  copyOutput(undisturbed, out);
  await runHere(database, out);
}

function findFile(tree: string, pattern: RegExp): string {
  return join(database, tree, filesBelow(join(database, tree)).sort().find((path) => pattern.test(path))!); // prettier-ignore
}

function assertPublished({ code, stderr, stdout }: Finished, says: RegExp): void {
  assert.equal(code, 0, stderr);
  assert.match(stdout, says);
}

/** First, while no file of the database was touched: each of its ranges could be taken up. */
describe('what an interrupted run left', () => {
  const interrupted = join(scratch, 'interrupted');
  before(async () => {
    assert.equal((await runRefusing('renameSync=EIO:manifest.json', database, interrupted)).code, 1);
  });

  test('--full takes up nothing of it', async () => {
    const out = join(scratch, 'full');
    copyOutput(interrupted, out);
    assert.deepEqual(reasons(await runHere(database, out, { full: true })), { full: 3 });
    assert.deepEqual(results(out), expected);
  });

  test('a receipt that names a table too many: its range is read', async () => {
    const stopped = join(scratch, 'extra-table');
    copyOutput(interrupted, stopped);
    const building = filesBelow(stopped).find((path) => path.endsWith(`ranges/${range}.json`))!;
    const at = join(stopped, building.slice(0, -`/ranges/${range}.json`.length));
    const receipt = readReceipt(at, range)!;
    const { images } = receipt.files.parquet;
    mkdirSync(join(at, 'tables/extra'));
    renameSync(join(at, images!.path), join(at, 'tables/extra/part.parquet'));
    writeReceipt(at, { ...receipt, files: { parquet: { ...receipt.files.parquet, extra: { ...images!, path: 'tables/extra/part.parquet' } } } });
    const summary = await runHere(database, stopped);
    assert.equal(reasons(summary)['resumed'], 2);
    assert.deepEqual(results(stopped), expected);
    assert.ok(!readdirSync(join(stopped, 'current/tables')).includes('extra'));
  }); // prettier-ignore
});

describe('a range of which something could not be read', () => {
  const FAILURES = [
    ['openSync', 'EIO', '/nbss_'],
    ['openSync', 'EACCES', '.dcm'],
    ['openSync', 'ESTALE', '/imagedb_'],
    ['readdirSync', 'EIO', 'images/optm'],
  ] as const;
  for (const [call, code, name] of itemsOf(FAILURES, 1)) {
    test(`because of ${code} at ${call}: is read again, and then right`, async () => {
      const out = join(scratch, `${call}-${code}`);
      assertPublished(await runRefusing(`${call}=${code}:${name}`, database, out), /published/);
      assert.notDeepEqual(results(out), expected);
      const summary = await runHere(database, out);
      assert.ok((reasons(summary)['unread'] ?? reasons(summary)['changed'])! > 0);
      assert.deepEqual(results(out), expected);
      assert.equal((await runHere(database, out)).changed, false);
    });
  }

  test('also when another run was interrupted after it', async () => {
    const out = join(scratch, 'unread-resumed');
    const { code } = await runRefusing('openSync=EIO:/nbss_ renameSync=EIO:manifest.json', database, out);
    assert.equal(code, 1);
    assert.ok(reasons(await runHere(database, out))['unread']! > 0);
    assert.deepEqual(results(out), expected);
  });

  test(
    'because its owner forbade it: read once he allows it',
    { skip: isRoot ? false : 'needs root' },
    () => {
      const open = join(scratch, 'open');
      const out = join(open, 'out');
      mkdirSync(out, { recursive: true });
      chmodSync(scratch, 0o755);
      chownSync(out, 65534, 65534);
      const file = findFile('data', /nbss/);
      chmodSync(file, 0o600);
      const first = runCli(['run', database, '--out', out, '--no-progress'], { asNobody: true });
      assert.equal(first.code, 0, first.stderr);
      assert.notDeepEqual(results(out), expected);
      const second = runCli(['run', database, '--out', out, '--no-progress']);
      assert.match(second.stdout, /1 client ranges read: files could not be read the last time/);
      assert.deepEqual(results(out), expected);
      chmodSync(file, 0o644);
    },
  );
});

describe('a file that was changed and looks as before', () => {
  const FILES = [
    ['data', /nbss/],
    ['data', /imagedb/],
    ['data', /^[^/]+\/[\d.]+\/.*\.json$/],
    ['images', /\.dcm$/],
  ] as const;
  for (const [tree, pattern] of itemsOf(FILES, 1)) {
    test(`${pattern.source} of the same size, its time put back: its range is read again`, async () => {
      const out = join(scratch, `put-back-${tree}-${pattern.source.length}`);
      copyOutput(undisturbed, out);
      const file = findFile(tree, pattern);
      const { atimeMs, mtimeMs, size } = statSync(file);
      utimesSync(file, atimeMs / 1000, Math.floor(mtimeMs / 1000));
      await runHere(database, out);
      const content = readFileSync(file);
      writeFileSync(file, content);
      utimesSync(file, atimeMs / 1000, Math.floor(mtimeMs / 1000));
      assert.equal(statSync(file).size, size);
      const summary = await runHere(database, out);
      assert.deepEqual(reasons(summary), { changed: 1, carried: 2 });
      assert.deepEqual(results(out), expected);
    });
  }
});

test('a database that was moved is not read again, and the manifest says where it is', async () => {
  const out = join(scratch, 'moved-out');
  const moved = join(scratch, 'moved');
  await upToDate(out);
  renameSync(database, moved);
  const summary = await runHere(moved, out);
  assert.deepEqual(reasons(summary), { carried: 3 });
  assert.deepEqual(results(out), expected);
  assert.match(readFileSync(join(out, 'current/manifest.json'), 'utf8'), /"data": "[^"]*\/moved\/data"/);
  assert.equal((await runHere(moved, out)).changed, false);
  renameSync(moved, database);
});

describe('what was built', () => {
  const program = copyProgram(join(scratch, 'program'));
  const out = join(scratch, 'built');
  const run = (env: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [join(program, 'dist/bundle/omidb-etl.js'), 'run', database, '--out', out, '--no-progress'], {
      encoding: 'utf8',
      ...BOUNDED,
      env: { ...process.env, ...env },
    }); // prettier-ignore

  test('in another time zone and language is the same, byte for byte', () => {
    const { status, stderr } = run({ TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' });
    assert.equal(status, 0, stderr);
    assert.deepEqual(results(out), expected);
  });

  test('is not read again where only the time zone and the language are others', () => {
    for (const env of [
      {},
      ...itemsOf([{ TZ: 'Asia/Tokyo' }, { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' }], 1),
    ])
      assert.match(run(env).stdout, /nothing changed/);
  });

  const CHANGES = [
    ['a line of the program', 'dist/bundle/worker-code.js', '\n// changed\n'],
    ['a code list of the schema', 'schemas/dicom/tags.csv', '\n'],
  ] as const;
  for (const [what, file, text] of itemsOf(CHANGES, 1)) {
    test(`${what} is another, the version the same: everything is read again`, () => {
      appendFileSync(join(program, file), text);
      const { stdout, stderr } = run();
      assert.match(stdout, /3 client ranges read: files, options or the program changed/, stderr);
    });
  }
});

describe('a side table', () => {
  test('that was changed and has size and time as before: a new snapshot, and no range is read again', async () => {
    const out = join(scratch, 'side');
    const path = join(scratch, 'side.csv');
    const run = () => runHere(database, out, { sideTables: [{ name: 'own', path }] });
    const write = (value: string) => {
      writeFileSync(path, `client_id,x\noptm1,${value}\n`);
      utimesSync(path, 1_700_000_000, 1_700_000_000);
    };
    copyOutput(undisturbed, out);
    write('1');
    await run();
    assert.equal((await run()).changed, false);
    const part = () => readFileSync(join(out, 'current/tables/side_own/side_own.parquet'));
    const first = part();
    write('2');
    const summary = await run();
    assert.deepEqual([summary.changed, reasons(summary)], [true, { carried: 3 }]);
    assert.notDeepEqual(part(), first);
    write('1');
    await run();
    assert.deepEqual(part(), first);
  });
});

describe('a current snapshot that is not as it was published', () => {
  const flip = (file: string) => {
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
  };
  const edit = (file: string, change: (json: Record<string, unknown>) => void) => {
    const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    change(json);
    writeFileSync(file, JSON.stringify(json));
  };
  const DAMAGES: Readonly<Record<string, (current: string) => void>> = {
    'a part of the right size with a wrong byte': (at) => { flip(join(at, 'tables/series', `${range}.parquet`)); },
    'a part that is missing': (at) => { rmSync(join(at, 'tables/marks', `${range}.parquet`)); },
    'a part that is cut': (at) => { truncateSync(join(at, 'tables/images', `${range}.parquet`), 100); },
    'a part of codes that is missing': (at) => { rmSync(join(at, 'tables/codes'), { recursive: true }); },
    'a stray part': (at) => { writeFileSync(join(at, 'tables/images/optm-0999000.parquet'), 'PAR1'); },
    'mismatches.jsonl with a line more': (at) => { appendFileSync(join(at, 'mismatches.jsonl'), '{}\n'); },
    'mismatches.jsonl missing': (at) => { rmSync(join(at, 'mismatches.jsonl')); },
    'schema.json with a wrong byte': (at) => { flip(join(at, 'schema.json')); },
    'schema.json missing': (at) => { rmSync(join(at, 'schema.json')); },
    'a receipt missing': (at) => { rmSync(join(at, 'ranges', `${range}.json`)); },
    'the checksums missing': (at) => { rmSync(join(at, 'checksums.sha256')); },
    'the checksums cut': (at) => { truncateSync(join(at, 'checksums.sha256'), 500); },
    'a manifest without work': (at) => { edit(join(at, 'manifest.json'), (json) => { delete json['work']; }); },
    'a manifest with empty inputs': (at) => { edit(join(at, 'manifest.json'), (json) => { json['inputs'] = {}; }); },
    'a manifest with tables of nothing': (at) => { edit(join(at, 'manifest.json'), (json) => { json['tables'] = { images: null }; }); },
    'a manifest with another count': (at) => { edit(join(at, 'manifest.json'), (json) => { json['seconds'] = 7; }); },
    'a manifest missing': (at) => { rmSync(join(at, 'manifest.json')); },
    'the history missing': (at) => { rmSync(join(at, 'first-seen.jsonl')); },
  }; // prettier-ignore
  const out = join(scratch, 'damaged');
  const names = Object.keys(DAMAGES);
  const chosen = itemsOf(names, 2);

  test(`${howMany(chosen.length, names.length, 'damages')}: made anew, and said; then nothing changed`, async (t) => {
    await upToDate(out);
    for (const what of chosen) {
      DAMAGES[what]!(join(out, 'current'));
      const { summary, log } = await runLogged(database, out);
      assert.equal(summary.changed, true, what);
      // One whose manifest cannot be read is no snapshot: the one before it is current again first.
      assert.match(log, /anew|the newest snapshot that is whole/, what);
      assert.deepEqual(results(out), expected, what);
      assert.equal((await verifySnapshot(summary.snapshot)).tables > 0, true, what);
    }
    assert.equal((await runHere(database, out)).changed, false);
    t.diagnostic(chosen.join('; '));
  });
});
