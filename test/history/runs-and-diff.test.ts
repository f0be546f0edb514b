import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readlinkSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { runHere } from '../crash/helpers.js';
import { CLI, runCli } from '../helpers/cli.js';
import { howMany, itemsOf, SEED } from '../helpers/extent.js';
import { parseJsonLines, readJson, readManifest } from '../helpers/output.js';
import { BOUNDED } from '../helpers/processes.js';
import { selectTags } from '../helpers/run-options.js';
import { fresh, writeClient } from './helpers.js';

/** `omidb-etl runs` and `omidb-etl diff`, on three runs over a database in which clients come, change and go. */

const database = fresh();
const out = fresh();
const ids: string[] = [];
const MARK = 'words that no list of changes may quote';

const episode = (type: string, comment: string) => ({
  EpisodeType: type,
  SCREENING: { L: { DateTaken: '2014-03-05', Comment: comment } },
});

before(async () => {
  const again = async () => ids.push((await runHere(database, out)).runId);
  writeClient(database, 'optm1', { site: `${MARK} 1`, nbss: { '11': episode('R', `${MARK} 1`) } });
  writeClient(database, 'optm2', { nbss: { '21': episode('R', ''), '22': episode('F', '') } });
  // A range that nothing happens to.
  writeClient(database, 'optm5001', { nbss: { '51': episode('R', '') } });
  await again();
  // The site of optm1 and the type of her episode change, optm2 loses an episode, optm1001 comes; one mismatch comes.
  writeClient(database, 'optm1', { site: `${MARK} 2`, nbss: { '11': episode('F', `${MARK} 1`) } });
  writeClient(database, 'optm2', { nbss: { '21': episode('R', '') } });
  writeClient(database, 'optm1001', { nbss: { '31': episode('R', '') } });
  rmSync(join(database, 'data/optm1001/imagedb_optm1001.json'));
  await again();
  // Client and mismatch go again.
  rmSync(join(database, 'data/optm1001'), { recursive: true });
  await again();
});

interface Line {
  readonly table: string;
  readonly change: string;
  readonly key: Record<string, unknown>;
  readonly columns: readonly string[];
}

function diff(...args: string[]): Line[] {
  const run = runCli(['diff', '--out', out, '--format', 'json', ...args]);
  assert.equal(run.code, 0, run.stderr);
  assert.doesNotMatch(run.stdout, new RegExp(MARK));
  return parseJsonLines<Line & Record<string, unknown>>(run.stdout);
}

const of = (lines: readonly Line[], table: string) =>
  lines.filter((line) => line.table === table).map(({ change, key, columns }) => [change, key, columns]);

describe('diff', () => {
  test('gives new, gone and changed rows with their keys and the columns that changed, and no value', () => {
    const lines = diff(ids[0]!, ids[1]!);
    assert.deepEqual(of(lines, 'clients'), [
      ['changed', { client_id: 'optm1' }, ['site']],
      ['changed', { client_id: 'optm2' }, ['episode_count']],
      ['new', { client_id: 'optm1001' }, []],
    ]);
    assert.deepEqual(of(lines, 'episodes'), [
      ['changed', { client_id: 'optm1', episode_id: '11' }, ['episode_type']],
      ['changed', { client_id: 'optm2', episode_id: '21' }, ['next_episode_id', 'months_to_next_episode']],
      ['gone', { client_id: 'optm2', episode_id: '22' }, []],
      ['new', { client_id: 'optm1001', episode_id: '31' }, []],
    ]);
    assert.deepEqual(of(lines, 'screening_sides'), [
      ['gone', { client_id: 'optm2', episode_id: '22', event_number: 1, side: 'L' }, []],
      ['new', { client_id: 'optm1001', episode_id: '31', event_number: 1, side: 'L' }, []],
    ]);
    // An episode without a study is a mismatch: one goes. Of a client without imagedb only that is reported.
    const where = { study_instance_uid: null, series_instance_uid: null, sop_instance_uid: null };
    assert.deepEqual(
      of(lines, 'mismatches').map(([change, key]) => [change, (key as Record<string, string>)['kind'], (key as Record<string, string>)['client_id']]),
      [['gone', 'episode_without_study', 'optm2'], ['new', 'imagedb_missing', 'optm1001']],
    ); // prettier-ignore
    const [, key] = of(lines, 'mismatches').at(-1)! as [string, Record<string, unknown>];
    assert.deepEqual(key, { kind: 'imagedb_missing', client_id: 'optm1001', ...where, path: key['path'] });
    assert.deepEqual([...new Set(lines.map(({ table }) => table))].sort(), ['breasts', 'clients', 'episodes', 'events', 'mismatches', 'screening_sides', 'splits']); // prettier-ignore
  });

  test('is of the last two snapshots when none is named, and turns round when they do', () => {
    const gone = diff();
    assert.deepEqual(gone, diff(ids[1]!, 'current'));
    assert.deepEqual(of(gone, 'clients'), [['gone', { client_id: 'optm1001' }, []]]);
    const back = diff('current', join(out, 'snapshots', ids[1]!));
    assert.deepEqual(of(back, 'clients'), [['new', { client_id: 'optm1001' }, []]]);
    assert.equal(back.length, gone.length);
  });

  test('tells new mismatches and resolved ones as the manifest counts them', () => {
    for (const [from, to] of [
      [0, 1],
      [1, 2],
    ] as const) {
      // prettier-ignore
      const { mismatches } = readJson<{ mismatches: { new: number; resolved: number } }>(out, 'snapshots', ids[to]!, 'manifest.json'); // prettier-ignore
      const changes = of(diff(ids[from]!, ids[to]!), 'mismatches').map(([change]) => change);
      assert.equal(changes.filter((change) => change === 'new').length, mismatches.new);
      assert.equal(changes.filter((change) => change === 'gone').length, mismatches.resolved);
    }
  });

  test('counts for a reader: rows by table, columns by how often they changed', () => {
    const { stdout } = runCli(['diff', ids[0]!, ids[1]!, '--out', out]);
    assert.match(stdout, new RegExp(`^${ids[0]!} -> ${ids[1]!}$`, 'm'));
    assert.match(stdout, /^table +new +gone +changed$/m);
    assert.match(stdout, /^clients +1 +0 +2$/m);
    assert.match(stdout, /^mismatches +1 +1 +0$/m);
    assert.match(stdout, /^episodes\.episode_type +1$/m);
    assert.doesNotMatch(stdout, new RegExp(MARK));
    assert.doesNotMatch(stdout, /^images/m);
    assert.match(
      runCli(['diff', 'current', 'current', '--out', out]).stdout,
      /no row is new, gone or changed/,
    );
  });

  test('of snapshots with other columns: those of both are compared, the others named', async () => {
    const own = fresh();
    const csv = (column: string) => {
      const tags = join(fresh(), 'tags.csv');
      writeFileSync(tags, `keyword,column\nKVP,kvp\nManufacturer,${column}\n`);
      return tags;
    };
    await runHere(database, own, { rows: { tags: selectTags(csv('maker')) } });
    await runHere(database, own, { rows: { tags: selectTags(csv('made_by')) } });
    const { stdout, code } = runCli(['diff', '--out', own]);
    assert.equal(code, 0);
    assert.match(stdout, /no row is new, gone or changed/);
    assert.match(stdout, /^columns that are new: images\.made_by$/m);
    assert.match(stdout, /^columns that are gone: images\.maker$/m);
  });

  test('ends in peace when its reader has seen enough', () => {
    const pipe = '"$0" "$1" diff --out "$2" --format json | head -n 1';
    const run = spawnSync('sh', ['-c', pipe, process.execPath, CLI, out], { encoding: 'utf8', ...BOUNDED });
    assert.equal(run.stderr, '');
    assert.equal(parseJsonLines(run.stdout).length, 1);
  });

  test('of an unknown snapshot, of a damaged one: one sentence and exit 1', async () => {
    const single = fresh();
    await runHere(database, single);
    const id = basename(readlinkSync(join(single, 'current')));
    const refused = (args: readonly string[], says: RegExp) => {
      const run = runCli(['diff', ...args]);
      assert.equal(run.code, 1);
      assert.match(run.stderr, says);
      assert.match(run.stderr, /^omidb-etl: [^\n]+\n$/);
      assert.doesNotMatch(run.stderr, /error of the program/);
    };
    refused(['--out', fresh()], /holds no published tables/);
    refused([id, 'tomorrow', '--out', single], /tomorrow is no snapshot/);
    writeFileSync(join(single, 'current', 'schema.json'), '{"tables": [{');
    refused(
      [id, id, '--out', single],
      /schema\.json cannot be read .*: omidb-etl verify says what is damaged/,
    );
    writeFileSync(join(single, 'current', 'manifest.json'), '');
    refused([id, id, '--out', single], /manifest\.json cannot be read, .*omidb-etl verify says/);
  });
});

describe('runs', () => {
  test('lists every snapshot, oldest first, and marks the current one', () => {
    const { stdout, code } = runCli(['runs', '--out', out]);
    assert.equal(code, 0);
    const rows = stdout.split('\n').filter((line) => /^\d{8}T/.test(line));
    assert.deepEqual(rows.map((row) => row.split(' ')[0]), ids); // prettier-ignore
    assert.deepEqual(rows.map((row) => / \* /.test(row)), [false, false, true]); // prettier-ignore
    // Clients, new and resolved mismatches; of the first run nothing can be new.
    assert.match(rows[0]!, /Z-\w{6} .* \d+s +3 +0 [^*]* \d+$/);
    assert.match(rows[1]!, / +1 +1$/);
    // That she is gone is new, once.
    assert.match(rows[2]!, / +1 +1$/);
  });

  test('in JSON gives each with counts that are those of its manifest', () => {
    const lines = parseJsonLines(runCli(['runs', '--out', out, '--format', 'json']).stdout);
    assert.deepEqual(
      lines.map((line) => line['run_id']),
      ids,
    );
    const { run_id: id, started, seconds, mismatches, tables } = readManifest(join(out, 'current')) as ReturnType<typeof readManifest> & Record<string, unknown>; // prettier-ignore
    const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
    assert.deepEqual(lines.at(-1), {
      run_id: id,
      status: 'published',
      exit_code: 0,
      current: true,
      started,
      seconds,
      clients: 3,
      images: 0,
      rows,
      mismatches: mismatches.by_severity,
      since: ids[1],
      new: 1,
      resolved: 1,
      failure: null,
    });
  });

  const damages = ['', '{"run_id": "x"', 'null', '[]', '{"run_id": "x", "inputs": {}, "tables": {}}'];
  const contents = itemsOf(damages, 2);
  const ways = howMany(contents.length, damages.length, 'ways');
  test(`lists a snapshot whose manifest is damaged in ${ways}, and nothing that is no snapshot`, async (t) => {
    t.diagnostic(`seed ${SEED}`);
    const output = fresh();
    for (const content of contents) {
      await runHere(database, output);
      writeFileSync(join(output, 'current', 'manifest.json'), content);
      utimesSync(join(database, 'data/optm1/imagedb_optm1.json'), new Date(), new Date());
    }
    await runHere(database, output);
    mkdirSync(join(output, 'snapshots', 'mine'));
    const run = runCli(['runs', '--out', output]);
    assert.equal(run.code, 0, run.stderr);
    const rows = run.stdout.split('\n').filter((line) => /^\d{8}T|mine/.test(line));
    assert.equal(rows.length, contents.length + 1);
    for (const row of rows.slice(0, -1)) assert.match(row, /^\S+ +manifest\.json cannot be read\b/);
    const lines = parseJsonLines(runCli(['runs', '--out', output, '--format', 'json']).stdout);
    assert.equal(lines[0]!['clients'], null);
  });

  test('says when current leads elsewhere, and when there is no snapshot', async () => {
    const output = fresh();
    const none = runCli(['runs', '--out', output]);
    assert.equal(none.code, 1);
    assert.match(
      none.stderr,
      /^omidb-etl: .* holds no snapshots: run omidb-etl run DATABASE first, or give --out\n$/,
    );
    await runHere(database, output);
    rmSync(join(output, 'current'));
    symlinkSync('nowhere', join(output, 'current'));
    assert.match(runCli(['runs', '--out', output]).stdout, /current is none of these/);
  });
});
