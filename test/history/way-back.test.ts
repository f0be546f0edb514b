import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { before, beforeEach, describe, test } from 'node:test';
import { EnvironmentFault, VerificationError } from '../../pipeline/base/fault.js';
import { useOnRecord } from '../../pipeline/run/use.js';
import { DEFAULT_LIMITS } from '../../pipeline/snapshot/gate/limits.js';
import { openOutput } from '../../pipeline/snapshot/output-folder.js';
import { noteUnderWay, readRecords, type RunRecord } from '../../pipeline/snapshot/run-record.js';
import { runLogged } from '../attacks/helpers.js';
import { leftovers, reasons, runHere, snapshots } from '../crash/helpers.js';
import { runCli } from '../helpers/cli.js';
import { readJson } from '../helpers/output.js';
import { flip, fresh, writeClient } from './helpers.js';

/** `omidb-etl use` and `path`, a lost `current`, and `diff` with one snapshot. */

const settings = () => ({ now: new Date(), signal: new AbortController().signal, onWait: () => undefined });
const use = (out: string, id: string) => useOnRecord(out, id, settings());
const current = (out: string) => basename(readlinkSync(join(out, 'current')));

// An output with two snapshots, and a refused one; each test has a copy.
const database = fresh();
const made = join(fresh(), 'made');
let out = '';
let ids: string[] = [];
let refused = '';

before(async () => {
  for (let i = 1; i <= 6; i++) writeClient(database, `optm${i}`, {});
  await runHere(database, made);
  writeClient(database, 'optm7', {});
  await runHere(database, made);
  for (let i = 3; i <= 7; i++) rmSync(join(database, 'data', `optm${i}`), { recursive: true });
  await assert.rejects(runHere(database, made, { gate: DEFAULT_LIMITS }), /fell from 7 to 2/);
  ids = snapshots(made);
  refused = readRecords(made).at(-1)!.run_id!;
});

beforeEach(() => {
  out = join(fresh(), 'out');
  cpSync(made, out, { recursive: true, verbatimSymlinks: true });
});

describe('use', () => {
  test('turns current back, and forward again, on record', async () => {
    const { before: was } = await use(out, ids[0]!);
    assert.deepEqual([was, current(out)], [ids[1], ids[0]]);
    await use(out, ids[1]!);
    assert.equal(current(out), ids[1]);
    const records = readRecords(out).slice(-2);
    assert.deepEqual(records.map(({ status, run_id: id, current: is }) => [status, id, is]), [['used', ids[0], ids[0]], ['used', ids[1], ids[1]]]); // prettier-ignore
    // What the last run did is not what was put in use since.
    assert.equal(readJson<RunRecord>(out, 'last-run.json').status, 'refused');
    assert.deepEqual(leftovers(out), ['refused']);
  });

  test('of the one that is current changes nothing, and is not on record', async () => {
    const lines = readRecords(out).length;
    assert.equal((await use(out, ids[1]!)).before, ids[1]);
    assert.deepEqual([current(out), readRecords(out).length], [ids[1], lines]);
  });

  test('publishes the one that the gate refused; the next run has nothing to do', async () => {
    await use(out, refused);
    assert.equal(current(out), refused);
    assert.deepEqual(snapshots(out), [...ids, refused]);
    const { changed } = await runHere(database, out, { gate: DEFAULT_LIMITS });
    assert.equal(changed, false);
    assert.deepEqual(leftovers(out), []);
  });

  test('does not turn to one that is not as it was published', async () => {
    flip(join(out, 'snapshots', ids[0]!, 'tables/clients/optm-0000000.parquet'), 40);
    await assert.rejects(use(out, ids[0]!), VerificationError);
    assert.equal(current(out), ids[1]);
    flip(join(out, 'refused', refused, 'mismatches.jsonl'), 4);
    await assert.rejects(use(out, refused), VerificationError);
    assert.deepEqual([current(out), snapshots(out)], [ids[1], ids]);
  });

  for (const name of ['current', '20200101T000000.000Z-000000', '../snapshots', '.', ''])
    test(`knows no snapshot ${JSON.stringify(name)}`, async () => {
      await assert.rejects(use(out, name), EnvironmentFault);
      assert.equal(current(out), ids[1]);
    });

  test('and a run at once: one of them has the output', async () => {
    const held = await openOutput(out, { ...settings(), onMended: () => undefined });
    await assert.rejects(use(out, ids[0]!), /another run writes to/);
    // What the run took up is not there any more.
    await assert.rejects(use(out, refused), /is the run id of no snapshot/);
    held.close();
    await use(out, ids[0]!);
    assert.equal(current(out), ids[0]);
  });

  test('works where a file names the current snapshot, and where current is lost', async () => {
    rmSync(join(out, 'current'));
    await use(out, ids[0]!);
    assert.equal(current(out), ids[0]);
    rmSync(join(out, 'current'));
    writeFileSync(join(out, 'current.json'), `{"snapshot":"snapshots/${ids[1]!}"}\n`);
    assert.equal((await use(out, ids[0]!)).before, ids[1]);
    assert.equal(current(out), ids[0]);
  });

  test('says that a run died, where it finds its mark', async () => {
    noteUnderWay(out, { run_id: '20200101T000000.000Z-aaaaaa', started: '2020-01-01T00:00:00.000Z', roots: null, software: { name: '', version: '', node: '' }, options: {} }); // prettier-ignore
    await use(out, ids[0]!);
    assert.deepEqual(readRecords(out).slice(-2).map(({ status }) => status), ['died', 'used']); // prettier-ignore
  });

  test('from the command line says what is current now, and what was', () => {
    const used = runCli(['use', ids[0]!, '--out', out]);
    assert.equal(used.code, 0, used.stderr);
    assert.match(used.stdout, new RegExp(`^${ids[0]!} is the current snapshot now, it was ${ids[1]!}\nverified: \\d+ files, 6 clients`)); // prettier-ignore
    const none = runCli(['use', 'nothing', '--out', out]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /^omidb-etl: nothing is the run id of no snapshot of /);
  });
});

describe('a current that is lost or leads to nothing', () => {
  const damages: Record<string, () => void> = {
    'was removed': () => {
      rmSync(join(out, 'current'));
    },
    'leads nowhere': () => {
      rmSync(join(out, 'current'));
      symlinkSync('snapshots/nowhere', join(out, 'current'));
    },
    'leads to a snapshot without its manifest': () => {
      const broken = join(out, 'snapshots', '20990101T000000.000Z-000000');
      mkdirSync(broken);
      rmSync(join(out, 'current'));
      symlinkSync(relative(out, broken), join(out, 'current'));
    },
  };
  for (const [how, damage] of Object.entries(damages))
    test(`because it ${how}: the newest snapshot that is whole takes its place before the run, and that is said`, async () => {
      damage();
      const { summary, log } = await runLogged(database, out);
      assert.match(log, new RegExp(`it leads to ${ids[1]!} now, the newest snapshot that is whole`));
      assert.equal(
        readJson<{ gate: { against: string } }>(out, 'current', 'manifest.json').gate.against,
        ids[1],
      );
      assert.equal(summary.changed, true);
    });

  test('without a change the run then reads nothing', async () => {
    await runHere(database, out);
    rmSync(join(out, 'current'));
    assert.equal((await runHere(database, out)).changed, false);
  });

  test('an older one where the newest is damaged; all anew where none is whole', async () => {
    rmSync(join(out, 'current'));
    flip(join(out, 'snapshots', ids[1]!, 'tables/clients/optm-0000000.parquet'), 40);
    assert.match((await runLogged(database, out)).log, new RegExp(`it leads to ${ids[0]!} now`));
    rmSync(join(out, 'refused'), { recursive: true, force: true });
    for (const id of snapshots(out)) flip(join(out, 'snapshots', id, 'schema.json'), 40);
    rmSync(join(out, 'current'));
    assert.deepEqual(reasons(await runHere(database, out)), { first: 1 });
  });

  test('is said by the commands that read it', () => {
    rmSync(join(out, 'current'));
    const { code, stderr } = runCli(['path', '--out', out]);
    assert.equal(code, 1);
    assert.match(stderr, /leads to no snapshot, and there are some: omidb-etl use RUN/);
  });
});

describe('path', () => {
  test('prints where the tables lie, links resolved, with either name of the current snapshot', () => {
    const tables = join(out, 'snapshots', ids[1]!, 'tables');
    assert.equal(runCli(['path', '--out', out]).stdout, `${tables}\n`);
    rmSync(join(out, 'current'));
    writeFileSync(join(out, 'current.json'), `{"snapshot":"snapshots/${ids[1]!}"}\n`);
    assert.equal(runCli(['path', 'images', '--out', out]).stdout, `${join(tables, 'images')}\n`);
    const refusedTables = join(out, 'refused', refused, 'tables');
    assert.equal(runCli(['path', '--snapshot', refused, '--out', out]).stdout, `${refusedTables}\n`);
    const none = runCli(['path', 'pictures', '--out', out]);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /there is no table pictures .*clients, /);
  });
});

test('diff with one snapshot says so, and that is no failure', async () => {
  const one = join(fresh(), 'one');
  await runHere(database, one);
  const table = runCli(['diff', '--out', one]);
  assert.deepEqual([table.code, table.stderr], [0, '']);
  assert.match(
    table.stdout,
    /holds no snapshot before the current one, \S+: there is nothing to compare it with\n$/,
  );
  const json = runCli(['diff', '--out', one, '--format', 'json']);
  assert.deepEqual([json.code, json.stdout], [0, '']);
});
