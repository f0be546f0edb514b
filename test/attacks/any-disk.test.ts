import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { refuseAddresses } from '../../pipeline/commands/addresses.js';
import { assertPlaceForOutput } from '../../pipeline/commands/output-place.js';
import { turnCurrent } from '../../pipeline/snapshot/publish.js';
import { makeFolder } from '../../pipeline/storage/folders.js';
import { runCli } from '../helpers/cli.js';
import { hashesBelow } from '../helpers/output.js';
import { fresh, writeClient } from '../history/helpers.js';
import { leftovers, reasons, runHere, scratchFolder, snapshots } from '../crash/helpers.js';
import { runLogged } from './helpers.js';

/** Outputs that were copied, moved, or named where none can be; names that other systems cannot have. */

const scratch = scratchFolder();
const database = join(scratch, 'db');
for (const id of ['optm1', 'optm2']) writeClient(database, id, {});
const output = join(scratch, 'output');

before(() => runHere(database, output));

/** What `cp -rL` makes of the output. */
function copied(): string {
  const out = join(fresh(), 'out');
  cpSync(output, out, { recursive: true, dereference: true });
  return out;
}

describe('current is a folder, as cp -rL makes it', () => {
  const [id] = [() => snapshots(output).at(-1)!];

  test('every command reads it', () => {
    const out = copied();
    assert.equal(runCli(['verify', '--out', out]).code, 0);
    assert.match(runCli(['runs', '--out', out]).stdout, /\* current/);
    const asked = runCli([
      'query',
      'SELECT count(*)::INT AS n FROM clients',
      '--out',
      out,
      '--format',
      'json',
    ]);
    assert.equal(asked.stdout, '{"n":2}\n');
  });

  test('the snapshot before it is not the one that it is a copy of', async () => {
    const first = join(fresh(), 'out');
    const db = join(fresh(), 'db');
    writeClient(db, 'optm1', {});
    await runHere(db, first);
    writeClient(db, 'optm2', {});
    await runHere(db, first);
    const out = join(fresh(), 'out');
    cpSync(first, out, { recursive: true, dereference: true });
    assert.match(
      runCli(['diff', '--out', out, '--format', 'json']).stdout,
      /"table":"clients","change":"new"/,
    );
  });

  test('a run makes it the link again, keeps the copy, says so, and reads nothing', async () => {
    const out = copied();
    const { summary, log } = await runLogged(database, out);
    assert.equal(summary.changed, false);
    assert.match(log, /current was a folder.*may be removed/);
    assert.equal(readlinkSync(join(out, 'current')), `snapshots/${id()}`);
    const copy = `current.copy-${id()}`;
    assert.deepEqual(hashesBelow(join(out, copy)), hashesBelow(join(out, 'snapshots', id())));
    assert.deepEqual(leftovers(out), [copy]);
  });

  test('it becomes the snapshot where that is not there', async () => {
    const out = copied();
    rmSync(join(out, 'snapshots', id()), { recursive: true });
    const { summary } = await runLogged(database, out);
    assert.equal(summary.changed, false);
    assert.deepEqual(snapshots(out), [id()]);
    assert.equal(readlinkSync(join(out, 'current')), `snapshots/${id()}`);
    assert.deepEqual(leftovers(out), []);
  });

  test('a run that dies before it turned the link back: the next one does', async () => {
    const out = copied();
    const dies = () => {
      renameSync(join(out, 'current'), join(out, 'current.copy'));
      throw new Error('killed');
    };
    assert.throws(() => { turnCurrent(out, id(), dies); }, /killed/); // prettier-ignore
    assert.equal((await runLogged(database, out)).summary.changed, false);
    assert.equal(readlinkSync(join(out, 'current')), `snapshots/${id()}`);
  });

  test('one that holds something else than the snapshot of its id is not touched', async () => {
    const out = copied();
    const list = join(out, 'current', 'checksums.sha256');
    writeFileSync(
      list,
      readFileSync(list, 'utf8').replace(/^./, (c) => (c === '0' ? '1' : '0')),
    );
    const both = () => ['current', 'snapshots'].map((name) => hashesBelow(join(out, name)));
    const was = both();
    await assert.rejects(runHere(database, out), /holds another snapshot/);
    assert.deepEqual(both(), was);
  });
});

test('an output that was moved, beside a database that was moved: no range is read again', async () => {
  const [db, out] = [join(fresh(), 'db'), join(fresh(), 'out')];
  writeClient(db, 'optm1', {});
  await runHere(db, out);
  const [otherDb, otherOut] = [join(fresh(), 'elsewhere'), join(fresh(), 'there')];
  renameSync(db, otherDb);
  renameSync(out, otherOut);
  const summary = await runHere(otherDb, otherOut);
  assert.deepEqual(reasons(summary), { carried: 1 });
  assert.equal(runCli(['verify', '--out', otherOut]).code, 0);
});

describe('addresses in place of paths', () => {
  for (const address of ['s3://bucket/omi-db', 'https://host/x', 'HDFS://n/x', 'file:///data/omi-db'])
    test(address, () => {
      assert.throws(() => { refuseAddresses({ out: address }); }, { code: 'usage' }); // prettier-ignore
    });

  test('are refused in one sentence, exit 2, and nothing is made', () => {
    const cwd = fresh();
    for (const args of [['s3://bucket/omi-db'], [database, '--out', 's3://bucket/out'], ['--data-dir', 'file:///data']]) {
      const { code, stderr } = runCli(['run', ...args], { cwd });
      assert.equal(code, 2);
      assert.match(stderr, /^omidb-etl: \S+ is an address, and paths are of this machine: [^\n]+\n$/);
    }
    assert.deepEqual(readdirSync(cwd), []);
  }); // prettier-ignore

  test('a file:// address is told its path; names with a colon, drives and SQL are no addresses', () => {
    assert.throws(() => { refuseAddresses({ out: 'file:///data/x' }); }, /: give \/data\/x$/); // prettier-ignore
    refuseAddresses({
      a: 'C:\\data',
      b: 'C://data',
      c: 'a:b/c',
      sql: "SELECT 's3://x'",
      n: 3,
      list: ['x=1'],
    });
  });
});

describe('places that are none for an output', () => {
  const refused = (out: string, folders: readonly string[], says: RegExp) => {
    assert.throws(() => { assertPlaceForOutput(out, folders); }, (error: Error) => says.test(error.message)); // prettier-ignore
  };

  test('folders of the system', () => {
    for (const out of ['/proc', '/proc/omidb/out', '/sys/out', '/dev/out']) refused(out, [], /folder of the system/);
    for (const out of ['/dev/shm/out', '/processed/out', '/system', scratch]) assertPlaceForOutput(out, []);
  }); // prettier-ignore

  test('in the database, also by way of a link, and around it', () => {
    const link = join(fresh(), 'link');
    symlinkSync(database, link);
    for (const out of [database, join(database, 'out'), join(database, 'data', 'x', 'y'), join(link, 'out')])
      refused(out, [database], /lies in the database/);
    refused(scratch, [database], /holds the database/);
    refused('/', [database], /holds the database/);
    assertPlaceForOutput(`${database}-tables`, [database]);
  });

  test('a run is refused in one sentence, exit 2, within no time', () => {
    for (const out of ['/proc/omidb/out', join(database, 'out')]) {
      const { code, stderr } = runCli(['run', database, '--out', out]);
      assert.equal(code, 2);
      assert.match(stderr, /^omidb-etl: [^\n]+ with --out\n$/);
    }
    assert.deepEqual(readdirSync(database), ['data']);
  });

  test('a folder that cannot be made is an error, not a wait', { skip: !existsSync('/proc/self') }, () => {
    assert.throws(() => { makeFolder('/proc/omidb/a/b'); }, { code: 'ENOENT' }); // prettier-ignore
    const run = runCli(['run', database, '--out', join(fresh(), 'o'), '--log-file', '/proc/omidb/log']);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /log file .* cannot be opened/);
  });
});

describe('who may look into an output', () => {
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

  test('owner and group, where a run makes it; one that is there keeps its mode', async () => {
    const [made, there] = [join(fresh(), 'a', 'made'), fresh()];
    const umask = process.umask(0o022);
    try {
      mkdirSync(join(there, 'x'), { mode: 0o755 });
      await runHere(database, made);
      await runHere(database, join(there, 'x'));
      assert.deepEqual([modeOf(made), modeOf(join(made, '..'))], ['750', '755']);
      assert.equal(modeOf(join(there, 'x')), '755');
      process.umask(0o077);
      makeFolder(join(there, 'y'), 0o750);
      assert.equal(modeOf(join(there, 'y')), '700');
    } finally {
      process.umask(umask);
    }
  });
});

test('every name that a run writes may be one on Windows', () => {
  // Naming files, paths and namespaces, Microsoft Learn.
  const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
  const impossible = /[<>:"/\\|?*\u0000-\u001f]|[. ]$/;
  const names = (readdirSync(output, { recursive: true }) as string[]).flatMap((path) => path.split('/'));
  assert.ok(names.length > 50);
  for (const name of names) assert.doesNotMatch(name, reserved);
  for (const name of names) assert.doesNotMatch(name, impossible);
  // Two that differ in case only would be one.
  const folders = new Set(names);
  assert.equal(new Set([...folders].map((name) => name.toLowerCase())).size, folders.size);
});
