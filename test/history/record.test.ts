import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { pino } from 'pino';
import { logProgress, NO_PROGRESS } from '../../pipeline/run/progress.js';
import { run } from '../../pipeline/run/run.js';
import { DEFAULT_LIMITS } from '../../pipeline/snapshot/gate/limits.js';
import { openOutput } from '../../pipeline/snapshot/output-folder.js';
import { noteUnderWay, readRecords, type RunRecord } from '../../pipeline/snapshot/run-record.js';
import { findRoots } from '../../pipeline/source/roots.js';
import { leftovers, runHere } from '../crash/helpers.js';
import { runCli } from '../helpers/cli.js';
import { parseJsonLines, readJson, readJsonLines, readManifest, type Json } from '../helpers/output.js';
import { runOptions, type MoreOptions } from '../helpers/run-options.js';
import { fresh, writeClient } from './helpers.js';

/** What each run leaves on record, whatever became of it. */

const lastRun = (out: string) => readJson<RunRecord>(out, 'last-run.json');

function databaseOf(clients: number): string {
  const database = fresh();
  for (let i = 1; i <= clients; i++) writeClient(database, `optm${i}`, {});
  return database;
}

/** What every record must be: the last line of runs.jsonl, and not more than what lies there. */
function assertOnRecord(out: string, lines: number): RunRecord {
  const all = readJsonLines<RunRecord>(out, 'runs.jsonl');
  assert.equal(all.length, lines);
  assert.deepEqual(all.at(-1), lastRun(out));
  const record = lastRun(out);
  if (record.snapshot !== null) assert.ok(existsSync(join(out, record.snapshot, 'manifest.json')));
  // An interrupted run leaves its ranges to the next one.
  assert.deepEqual(leftovers(out).filter((name) => name !== 'refused' && !name.startsWith('.building-')), []); // prettier-ignore
  return record;
}

describe('the record of a run', () => {
  const database = databaseOf(6);
  const out = join(fresh(), 'out');

  test('that published says what its manifest says', async () => {
    const { runId } = await runHere(database, out, { echo: { keep: 7 }, failOn: 'warning' });
    const record = assertOnRecord(out, 1);
    const manifest = readManifest(join(out, 'current')) as ReturnType<typeof readManifest> & Json;
    assert.deepEqual(Object.keys(record).slice(0, 4), ['format_version', 'status', 'exit_code', 'run_id']);
    assert.deepEqual(
      [record.status, record.exit_code, record.run_id, record.snapshot, record.current, record.failure],
      ['published', 0, runId, `snapshots/${runId}`, runId, null],
    );
    assert.deepEqual(record.counts, { clients: 6, studies: 0, images: 0, dicom_files: 0, boxes: 0 });
    assert.deepEqual([record.mismatches!.total, record.mismatches!.by_kind], [manifest.mismatches.total, manifest.mismatches.by_kind]); // prettier-ignore
    assert.deepEqual([record.reasons, record.options], [{ first: 1 }, { keep: 7, fail_on: 'warning' }]);
    assert.equal(record.roots!.data, join(database, 'data'));
    assert.ok(Date.parse(record.finished!) >= Date.parse(record.started));
  });

  test('that found nothing to publish has an id of its own, and read nothing', async () => {
    const record = (await runHere(database, out), assertOnRecord(out, 2));
    assert.deepEqual(
      [record.status, record.exit_code, record.reasons, record.gate],
      ['unchanged', 0, {}, null],
    );
    assert.notEqual(record.run_id, record.current);
    assert.equal(record.snapshot, `snapshots/${record.current!}`);
    assert.deepEqual([record.mismatches!.since, record.mismatches!.new, record.mismatches!.resolved], [record.current, 0, 0]); // prettier-ignore
  });

  test('whose mismatches are over --fail-on has exit code 3, published or not', async () => {
    writeFileSync(join(database, 'data', 'optm1', 'imagedb_optm1.json'), '{');
    await runHere(database, out, { failOn: 'error' });
    await runHere(database, out, { failOn: 'error' });
    const [published, unchanged] = readJsonLines<RunRecord>(out, 'runs.jsonl').slice(-2);
    assert.deepEqual([published!.status, published!.exit_code], ['published', 3]);
    assert.deepEqual([unchanged!.status, unchanged!.exit_code], ['unchanged', 3]);
  });

  test('that was refused has the sentence, the limits and where the snapshot is', async () => {
    const away = ['optm2', 'optm3', 'optm4', 'optm5'];
    for (const id of away) renameSync(join(database, 'data', id), join(database, id));
    await assert.rejects(runHere(database, out, { gate: DEFAULT_LIMITS }), /fell/);
    for (const id of away) renameSync(join(database, id), join(database, 'data', id));
    const record = assertOnRecord(out, 5);
    assert.deepEqual([record.status, record.exit_code, record.snapshot], ['refused', 4, `refused/${record.run_id!}`]); // prettier-ignore
    assert.match(record.failure!, /^clients fell from 6 to 2 /);
    assert.equal(record.counts!.clients, 2);
    assert.deepEqual(record.gate!.results[0], { what: 'clients', direction: 'fall', limit: '2%, at least 3', allowed: 3, before: 6, now: 2, over: 1 }); // prettier-ignore
    assert.notEqual(record.current, record.run_id);
  });

  test('that the user stopped', async () => {
    const stop = AbortSignal.abort();
    const context = {
      log: pino({ level: 'silent' }),
      progress: NO_PROGRESS,
      now: () => new Date(),
      signal: stop,
    };
    await assert.rejects(run(runOptions(findRoots({ database }), out), context), /stopped/);
    const { status, exit_code: code, failure, snapshot } = lastRun(out);
    assert.deepEqual(
      [status, code, failure, snapshot],
      ['interrupted', 1, 'stopped; nothing was published', null],
    );
  });

  test('that failed, before it held the output and after', async () => {
    const current = lastRun(out).current;
    renameSync(join(database, 'data'), join(database, 'gone'));
    mkdirSync(join(database, 'data'));
    await assert.rejects(runHere(database, out), /holds no client folders/);
    rmSync(join(database, 'data'), { recursive: true });
    renameSync(join(database, 'gone'), join(database, 'data'));
    const record = assertOnRecord(out, 7);
    assert.deepEqual(
      [record.status, record.exit_code, record.run_id, record.current],
      ['failed', 1, null, current],
    );
    assert.match(record.failure!, /holds no client folders/);
  });

  test('that failed in a folder that was not there: the folder is made, for owner and group', () => {
    const empty = join(fresh(), 'nothing');
    const failed = runCli(['run', join(fresh(), 'not-mounted'), '--out', empty]);
    assert.equal(failed.code, 1);
    assert.match(lastRun(empty).failure!, /not-mounted is not there/);
    assert.equal(statSync(empty).mode & 0o007, 0, 'nobody else looks into it');
  });

  test('none where the command was wrong and names a folder that is not ours', () => {
    const mine = fresh();
    const listed = join(mine, 'list.txt');
    writeFileSync(listed, 'optm99\n');
    assert.equal(runCli(['run', database, '--clients-file', listed, '--out', mine]).code, 2);
    assert.equal(existsSync(join(mine, 'last-run.json')), false);
    assert.equal(runCli(['run', database, '--out', join(database, 'data', 'out')]).code, 2);
    assert.equal(existsSync(join(database, 'data', 'out')), false);
    // In an output of ours it is on record.
    assert.equal(runCli(['run', database, '--clients-file', listed, '--out', out]).code, 2);
    assert.deepEqual([lastRun(out).status, lastRun(out).exit_code], ['failed', 2]);
  });
});

describe('a run that died', () => {
  const database = databaseOf(2);
  const out = join(fresh(), 'out');
  const ID = '20200101T000000.000Z-aaaaaa';
  const begun = { run_id: ID, started: '2020-01-01T00:00:00.000Z', roots: null, software: { name: 'omidb-etl', version: '0', node: '0' }, options: {} }; // prettier-ignore

  before(() => runHere(database, out));

  /** What the next run says of a run that left so much. */
  async function died(): Promise<RunRecord[]> {
    const known = readRecords(out).length;
    await runHere(database, out);
    return readRecords(out).slice(known, -1);
  }

  test('before it published is said by the next run, and nothing more', async () => {
    noteUnderWay(out, begun);
    const [record, ...others] = await died();
    assert.deepEqual(others, []);
    const { status, exit_code: code, run_id: id, started, finished, snapshot, current } = record!;
    assert.deepEqual({ status, code, id, started, finished, snapshot }, { status: 'died', code: null, id: ID, started: begun.started, finished: null, snapshot: null }); // prettier-ignore
    assert.equal(current, lastRun(out).current);
    assert.deepEqual(await died(), []);
  });

  for (const folder of ['snapshots', 'refused'])
    test(`after its snapshot got its name in ${folder} is said with it`, async () => {
      const place = join(out, folder, ID);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'manifest.json'), '{}');
      noteUnderWay(out, begun);
      rmSync(join(out, 'runs.jsonl'));
      const [record] = await died();
      // A refused one without a finished range is nothing that the next run could take up.
      assert.equal(record!.snapshot, folder === 'refused' ? null : `snapshots/${ID}`);
      rmSync(place, { recursive: true, force: true });
    });

  test('after its record was written is not said again', async () => {
    const { run_id: id } = lastRun(out);
    noteUnderWay(out, { ...begun, run_id: id! });
    assert.deepEqual(await died(), []);
  });

  test('within a line of the record: the next line stands by itself', async () => {
    writeFileSync(join(out, 'runs.jsonl'), '{"format_version":1,"stat', { flag: 'a' });
    writeFileSync(join(out, '.last-run-0123456789ab.tmp'), '{"form');
    await runHere(database, out);
    assert.deepEqual(readRecords(out).at(-1), lastRun(out));
    assert.deepEqual(leftovers(out), []);
  });
});

test('two runs at once: the second is on record, and does not take the first for dead', async () => {
  const database = databaseOf(2);
  const out = join(fresh(), 'out');
  const held = await openOutput(out, { now: new Date(), signal: new AbortController().signal, onWait: () => undefined, onMended: () => undefined }); // prettier-ignore
  const begun = { run_id: '20200101T000000.000Z-bbbbbb', started: '2020-01-01T00:00:00.000Z', roots: null, software: { name: '', version: '', node: '' }, options: {} }; // prettier-ignore
  noteUnderWay(out, begun);
  await assert.rejects(runHere(database, out), /another run writes to/);
  held.close();
  const records = readRecords(out);
  assert.deepEqual(records.map(({ status }) => status), ['failed']); // prettier-ignore
  assert.ok(existsSync(join(out, '.run-under-way.json')));
});

describe('what a run says while it goes', () => {
  const database = databaseOf(3);

  async function eventsOf(out: string, more: MoreOptions = {}): Promise<Json[]> {
    let log = '';
    const sink = pino({ level: 'info', base: null }, { write: (text: string) => void (log += text) });
    const context = { log: sink, progress: logProgress(sink, () => performance.now(), null), now: () => new Date(), signal: new AbortController().signal }; // prettier-ignore
    await run(runOptions(findRoots({ database }), out, more), context).catch(() => undefined); // prettier-ignore
    assert.doesNotMatch(log, /optm\d/, 'no value of the database is in the log');
    return parseJsonLines(log).filter((line) => 'event' in line);
  }
  const names = (events: readonly Json[]) => events.map(({ event }) => event);

  test('is in the log as events, whatever becomes of it', async () => {
    const out = fresh();
    const published = await eventsOf(out);
    assert.deepEqual(names(published), ['started', 'planned', 'progress', 'published']);
    assert.deepEqual([published[1]!['clients'], published[2]!['clients'], published[2]!['of']], [3, 3, 3]);
    assert.equal(published[3]!['run_id'], lastRun(out).run_id);
    assert.deepEqual(names(await eventsOf(out)), ['started', 'planned', 'progress', 'unchanged']);
    const limit = { text: '0', amount: { number: 0, isPercent: false }, atLeast: 0 };
    rmSync(join(database, 'data', 'optm3'), { recursive: true });
    const refused = await eventsOf(out, { gate: { drops: { clients: limit }, rises: {} } });
    assert.deepEqual(names(refused), ['started', 'planned', 'progress', 'refused']);
    assert.deepEqual((refused[3]!['over'] as Json[]).map(({ what, over }) => [what, over]), [['clients', 1]]); // prettier-ignore
    const failed = await eventsOf(out, { rows: { includeClients: ['optm7'] } });
    assert.deepEqual(names(failed), ['started', 'failed']);
    assert.deepEqual([failed[1]!['fault'], failed[1]!['failure']], ['usage', null]);
  });

  test('is in the log file too, and --summary-json leaves stdout to the record, of a failure too', () => {
    const [out, log] = [fresh(), join(fresh(), 'log')];
    const ran = runCli(['run', database, '--out', out, '--summary-json', '--log-file', log, '--json-logs', '--no-progress']); // prettier-ignore
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(JSON.parse(ran.stdout), lastRun(out));
    assert.equal(ran.log, '');
    assert.deepEqual(names(readJsonLines(log)), ['started', 'planned', 'progress', 'published']);
    const failed = runCli(['run', join(database, 'nowhere'), '--out', out, '--summary-json']);
    assert.equal(failed.code, 1);
    assert.deepEqual(JSON.parse(failed.stdout), lastRun(out));
    assert.match(failed.stderr, /^omidb-etl: .*nowhere is not there/);
  });
});

describe('omidb-etl runs', () => {
  test('lists what published nothing too, and why', async () => {
    const database = databaseOf(5);
    const out = join(fresh(), 'out');
    await runHere(database, out);
    await runHere(database, out);
    for (let i = 2; i <= 5; i++) rmSync(join(database, 'data', `optm${i}`), { recursive: true });
    await assert.rejects(runHere(database, out, { gate: DEFAULT_LIMITS }));
    const nowhere = runCli(['run', join(database, 'nowhere'), '--out', out]);
    const lines = parseJsonLines(runCli(['runs', '--out', out, '--format', 'json']).stdout);
    assert.deepEqual(
      lines.map(({ status, exit_code: code, current, clients }) => [status, code, current, clients]),
      [['published', 0, true, 5], ['unchanged', 0, false, 5], ['refused', 4, false, 1], ['failed', 1, false, null]], // prettier-ignore
    );
    const { stdout } = runCli(['runs', '--out', out]);
    assert.match(stdout, /^\S+ \* +published /m);
    assert.match(stdout, /^- +failed /m);
    const bare = (text: string) => text.replace(/\s/g, '');
    const sentence = `the last run published nothing: ${nowhere.stderr.slice('omidb-etl: '.length)}`;
    assert.ok(bare(stdout).endsWith(bare(sentence)), stdout);
  });
});

describe('--metrics-file', () => {
  const database = databaseOf(5);
  const out = join(fresh(), 'out');
  const file = join(fresh(), 'omidb-etl.prom');
  const valueOf = (name: string) => new RegExp(`^omidb_etl_${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1]; // prettier-ignore
  const promtool = spawnSync('promtool', ['--version']).status === 0 ? false : 'there is no promtool';

  test('has the last success also after a run that failed, and what is current', async () => {
    await runHere(database, out, { metricsFile: file });
    const published = lastRun(out);
    assert.equal(Number(valueOf('last_success_timestamp_seconds')), Date.parse(published.finished!) / 1000);
    assert.equal(valueOf('snapshot_items{what="clients"}'), '5');
    // A data-only copy says so, once.
    assert.equal(valueOf('snapshot_mismatches{kind="image_root_absent",severity="info"}'), '1');
    for (let i = 2; i <= 5; i++) rmSync(join(database, 'data', `optm${i}`), { recursive: true });
    await assert.rejects(runHere(database, out, { metricsFile: file, gate: DEFAULT_LIMITS }));
    assert.deepEqual(
      ['last_run_exit_code', 'last_run_status{status="refused"}', 'last_run_status{status="published"}', 'snapshot_items{what="clients"}', 'gate_change{what="clients"}', 'gate_allowed{what="clients"}'].map(valueOf),
      ['4', '1', '0', '5', '4', '3'],
    ); // prettier-ignore
    assert.equal(Number(valueOf('last_success_timestamp_seconds')), Date.parse(published.finished!) / 1000);
    assert.ok(Number(valueOf('last_run_timestamp_seconds')) >= Date.parse(published.finished!) / 1000);
  });

  test('is what promtool takes for right', { skip: promtool }, () => {
    const checked = spawnSync('promtool', ['check', 'metrics'], {
      input: readFileSync(file),
      encoding: 'utf8',
    });
    assert.deepEqual([checked.status, checked.stdout, checked.stderr], [0, '', '']);
  });

  test('that cannot be written changes nothing of what the run did', async () => {
    writeClient(database, 'optm1', { site: 'efgh' });
    await runHere(database, out, { metricsFile: '/dev/null/metrics.prom' });
    assert.equal(lastRun(out).status, 'published');
  });
});
