import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readJson, readJsonLines } from '../helpers/output.js';
import { results, runHere, snapshots } from '../crash/helpers.js';
import { runCli } from '../helpers/cli.js';
import { flip, fresh, writeClient } from './helpers.js';

/** Of each mismatch the run that saw it first, and how many are new and resolved. */

interface Seen {
  readonly mismatch: string;
  readonly run_id: string;
  readonly time: string;
}

interface Manifest {
  readonly run_id: string;
  readonly started: string;
  readonly mismatches: { total: number; since: string | null; new: number; resolved: number };
}

const manifestOf = (out: string) => readJson<Manifest>(out, 'current', 'manifest.json');

function historyOf(out: string) {
  const { since, new: fresh, resolved } = manifestOf(out).mismatches;
  return { since, new: fresh, resolved };
}

/** Run that first saw the mismatches of a client (null: of the database), by the line of each in mismatches.jsonl. */
function firstSeen(out: string, client: string | null): string[] {
  const runs = new Map(
    readJsonLines<Seen>(out, 'current', 'first-seen.jsonl').map((row) => [row.mismatch, row.run_id]),
  );
  return readFileSync(join(out, 'current', 'mismatches.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && (JSON.parse(line) as { client_id: string | null }).client_id === client)
    .map((line) => runs.get(createHash('sha256').update(line).digest('hex'))!);
}

describe('over runs in which mismatches come, stay and go', () => {
  // Each client without its nbss file gives one mismatch, the absent images tree gives one.
  const database = fresh();
  const out = fresh();
  const ids: string[] = [];
  const wrong = (id: string) => {
    writeClient(database, id, {});
    rmSync(join(database, 'data', id, `nbss_${id}.json`));
  };
  const right = (id: string) => { writeClient(database, id, {}); }; // prettier-ignore
  const runAgain = async (more = {}) => ids.push((await runHere(database, out, more)).runId);

  test('first: everything is new, and compared with nothing', async () => {
    wrong('optm1');
    wrong('optm2');
    right('optm3');
    await runAgain();
    assert.deepEqual(historyOf(out), { since: null, new: 3, resolved: 0 });
    assert.deepEqual([null, 'optm1', 'optm2'].map((id) => firstSeen(out, id)), [[ids[0]], [ids[0]], [ids[0]]]); // prettier-ignore
  });

  test('second: one new, one resolved, two stay those of the first', async () => {
    right('optm1');
    wrong('optm1001');
    await runAgain();
    assert.deepEqual(historyOf(out), { since: ids[0], new: 1, resolved: 1 });
    assert.deepEqual(firstSeen(out, 'optm2'), [ids[0]]);
    assert.deepEqual(firstSeen(out, null), [ids[0]]);
    assert.deepEqual(firstSeen(out, 'optm1001'), [ids[1]]);
  });

  test('third, with the second alone kept of those before: known ones keep runs whose snapshots are gone', async () => {
    wrong('optm3');
    await runAgain({ keep: 1 });
    assert.deepEqual(readdirSync(join(out, 'snapshots')), [ids[2]]);
    assert.deepEqual(historyOf(out), { since: ids[1], new: 1, resolved: 0 });
    assert.deepEqual(
      ['optm2', 'optm1001', 'optm3'].map((id) => firstSeen(out, id)),
      [[ids[0]], [ids[1]], [ids[2]]],
    );
  });

  test('a mismatch that comes back is new again', async () => {
    wrong('optm1');
    await runAgain();
    assert.deepEqual(historyOf(out), { since: ids[2], new: 1, resolved: 0 });
    assert.deepEqual(firstSeen(out, 'optm1'), [ids[3]]);
  });

  test('the file is sorted, has each mismatch once, and gives the time of the run', () => {
    const lines = readJsonLines<Seen>(out, 'current', 'first-seen.jsonl');
    const hashes = lines.map(({ mismatch }) => mismatch);
    assert.deepEqual(hashes, [...new Set(hashes)].sort());
    assert.equal(lines.length, manifestOf(out).mismatches.total);
    const { run_id: id, started } = manifestOf(out);
    assert.deepEqual(lines.filter((row) => row.run_id === id).map(({ time }) => time), [started]); // prettier-ignore
  });

  test('the tables and mismatches.jsonl are those of a run that knows no history', async () => {
    const other = fresh();
    await runHere(database, other);
    assert.deepEqual(results(out), results(other));
    assert.notEqual(historyOf(out).new, historyOf(other).new);
  });

  test('where nothing changed, nothing is new, and the summary says since when', () => {
    const run = runCli(['run', database, '--out', out]);
    assert.match(run.stdout, /^nothing changed/m);
    assert.match(run.stdout, new RegExp(`^0 new, 0 resolved since ${ids[3]!}$`, 'm'));
    right('optm1');
    right('optm2');
    wrong('optm4');
    const next = runCli(['run', database, '--out', out]);
    assert.match(next.stdout, new RegExp(`^1 new, 2 resolved since ${ids[3]!}$`, 'm'));
  });

  test('a history that is damaged is not believed: the run says so and begins anew', () => {
    const file = join(out, 'current', 'first-seen.jsonl');
    // A digit of a run id: the line stays what it was, but for its meaning.
    flip(file, readFileSync(file, 'utf8').indexOf('"run_id":"20') + 12);
    wrong('optm5');
    const run = runCli(['run', database, '--out', out, '--no-progress']);
    assert.equal(run.code, 0);
    assert.match(
      run.stderr,
      /first-seen\.jsonl is damaged or missing: every mismatch counts as first seen now/,
    );
    const total = manifestOf(out).mismatches.total;
    assert.deepEqual(historyOf(out), { since: null, new: total, resolved: 0 });
    assert.doesNotMatch(run.stdout, /resolved since/);
  });

  test('without a manifest in the snapshot before, the history of the newest whole one goes on', async () => {
    const broken = manifestOf(out).run_id;
    writeFileSync(join(out, 'current', 'manifest.json'), '{"run_id"');
    // The one before it is no whole one either: the test above damaged its history.
    const [whole, damaged, last] = snapshots(out).slice(-3);
    assert.equal(last, broken);
    right('optm5');
    await runAgain();
    assert.ok(damaged !== undefined && whole !== undefined);
    assert.equal(historyOf(out).since, whole);
  });

  test('a database without a mismatch has an empty history, which the next run reads', async () => {
    const clean = fresh();
    const output = fresh();
    writeClient(clean, 'optm1', {});
    mkdirSync(join(clean, 'images', 'optm1'), { recursive: true });
    await runHere(clean, output);
    assert.equal(readFileSync(join(output, 'current', 'first-seen.jsonl'), 'utf8'), '');
    assert.deepEqual(historyOf(output), { since: null, new: 0, resolved: 0 });
    const since = manifestOf(output).run_id;
    rmSync(join(clean, 'data', 'optm1', 'nbss_optm1.json'));
    await runHere(clean, output);
    assert.deepEqual(historyOf(output), { since, new: 1, resolved: 0 });
  });
});
