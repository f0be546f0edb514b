import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { UsageFault } from '../../pipeline/base/fault.js';
import { shareToVerify } from '../../pipeline/commands/option-values.js';
import { withScratchDb } from '../../pipeline/engine/scratch-db.js';
import { changedClients, isSameContent, type RangeIn } from '../../pipeline/snapshot/changed-clients.js';
import { noReadCounts } from '../../pipeline/stages/read-counts.js';
import { dueRanges, nextTurns, readTurns, TURNS_FILE, writeTurns } from '../../pipeline/snapshot/content-turns.js'; // prettier-ignore
import { reasons, results, runHere, snapshots, startRun, type Finished } from '../crash/helpers.js';
import { fresh, writeClient } from '../history/helpers.js';
import { readJson, readJsonLines, type Json } from '../helpers/output.js';

/** Files that change behind their times: read again in turn (--verify-content). */

const FREEZE = fileURLToPath(new URL('./freeze-times.js', import.meta.url));
const NONE = { runs: 0, read: {} };

describe('whose turn it is', () => {
  /** The most runs that any range waits to be read again. */
  function longestWait(ranges: number, percent: number): number {
    const names = Array.from({ length: ranges }, (_, i) => `optm-${i}`);
    let turns = nextTurns(NONE, names, new Set(names));
    for (let run = 0; run < 300; run++) turns = nextTurns(turns, names, dueRanges(names, turns, percent));
    // Of each range the run that read it last, and the one before that it was read in.
    const seen = new Map<string, number>();
    let longest = 0;
    for (let run = 1; run <= 300; run++) {
      const due = dueRanges(names, turns, percent);
      for (const name of due) {
        longest = Math.max(longest, run - (seen.get(name) ?? run));
        seen.set(name, run);
      }
      turns = nextTurns(turns, names, due);
    }
    assert.equal(seen.size, ranges, 'every range has its turn');
    return longest;
  }

  for (const [ranges, percent, most] of [[1, 5, 1], [3, 50, 2], [4, 25, 4], [170, 5, 20], [7, 30, 4], [100, 7, 15], [10, 100, 1], [40, 2.5, 40]] as const)
    test(`of ${ranges} ranges, ${percent} % at a time: each within ${most} runs`, () => {
      assert.ok(longestWait(ranges, percent) <= most);
    }); // prettier-ignore

  test('rounds up to whole ranges, and not for what floating point adds', () => {
    const names = Array.from({ length: 100 }, (_, i) => `r${i}`);
    // 100 * 7 / 100 is 7.000000000000001.
    assert.equal(dueRanges(names, NONE, 7).size, 7);
    assert.equal(dueRanges(names, NONE, 0.1).size, 1);
  });

  test('a range that was read, or is new, goes to the end; of one that is gone nothing is kept', () => {
    const turns = nextTurns({ runs: 4, read: { a: 1, b: 2, gone: 3 } }, ['a', 'b', 'c'], new Set(['a', 'c']));
    assert.deepEqual(turns, { runs: 5, read: { a: 5, b: 2, c: 5 } });
    assert.deepEqual([...dueRanges(['a', 'b', 'c'], turns, 40)], ['b', 'a']);
  });

  test('a state that is damaged begins anew, and one that is not is read as it was written', () => {
    const out = fresh();
    assert.deepEqual(readTurns(out), NONE);
    for (const text of ['', 'null', '{"runs":1}', '{"runs":-1,"read":{}}', '{"runs":2,"read":{"a":"x"}}', '{"runs":2,"read":{"a":1'])
      { writeFileSync(join(out, TURNS_FILE), text); assert.deepEqual(readTurns(out), NONE, text); }
    writeTurns(out, { runs: 2, read: { a: 1 } });
    assert.deepEqual(readTurns(out), { runs: 2, read: { a: 1 } });
  }); // prettier-ignore

  test('the share is over 0 % and at most 100 %', () => {
    assert.equal(shareToVerify('2.5%'), 2.5);
    assert.equal(shareToVerify(undefined), null);
    for (const text of ['5', '0%', '100.1%', '-1%', '%', 'all', '1e1%'])
      assert.throws(() => shareToVerify(text), UsageFault);
  });
});

describe('which clients of a range changed', () => {
  function rangeWith(lines: readonly (readonly [string, string])[], sha256: string): RangeIn {
    const snapshot = fresh();
    const text = lines.map(([client_id, kind]) => `${JSON.stringify({ kind, client_id })}\n`).join('');
    writeFileSync(join(snapshot, 'm.jsonl'), text);
    const mismatches = { path: 'm.jsonl', rows: lines.length, bytes: text.length, sha256 };
    return { snapshot, receipt: { range: 'optm-0000000', fingerprint: '', clients: 3, files: { parquet: {} }, mismatches, counts: noReadCounts() } }; // prettier-ignore
  }

  test('by their mismatches alone: one more, one less, another, in natural order', async () => {
    const before = rangeWith([['optm2', 'a'], ['optm3', 'a'], ['optm9', 'a'], ['optm10', 'a']], '1'); // prettier-ignore
    const after = rangeWith([['optm1', 'a'], ['optm3', 'a'], ['optm9', 'a'], ['optm9', 'a'], ['optm10', 'b']], '2'); // prettier-ignore
    const changed = await withScratchDb(
      (db) => changedClients(db, before, after),
      new AbortController().signal,
    );
    assert.deepEqual(changed, ['optm1', 'optm2', 'optm9', 'optm10']);
    assert.equal(isSameContent(before.receipt, after.receipt), false);
    assert.equal(isSameContent(before.receipt, { ...before.receipt, fingerprint: 'other' }), true);
  });
});

describe('a file that changes behind its time', () => {
  const [database, out] = [join(fresh(), 'db'), join(fresh(), 'out')];
  // Three ranges: half of them are two in each run.
  for (const id of ['optm1', 'optm1001', 'optm2001', 'optm2002']) writeClient(database, id, { site: 'abcd' });
  const options = { args: ['--verify-content', '50%'], nodeArgs: ['--import', FREEZE] };

  async function runFrozen(folder = out): Promise<Finished> {
    const run = await startRun(database, folder, options).finished;
    assert.equal(run.code, 0, run.stderr);
    return run;
  }
  const rows = () => readJsonLines(join(out, 'current'), 'mismatches.jsonl').filter(({ kind }) => kind === 'content_changed_unseen'); // prettier-ignore
  const work = () => readJson<{ work: { client_ranges: Json } }>(out, 'current', 'manifest.json').work.client_ranges; // prettier-ignore

  test('is found when its turn comes, in a row and in the log, and not reported again', async () => {
    await runFrozen();
    writeClient(database, 'optm2001', { site: 'abce' });
    const before = await runFrozen();
    assert.match(before.stdout, /nothing changed: 2 client ranges were read again and are as published/);
    const found = await runFrozen();
    assert.match(found.stderr, /range optm-0002000 holds something else .* content_changed_unseen/);
    assert.deepEqual(work(), { rechecked: 2, carried: 1 });
    assert.deepEqual(rows().map((row) => [row['client_id'], row['severity']]), [['optm2001', 'warning']]); // prettier-ignore
    const [published, content] = [snapshots(out), results(out)];

    const after = await runFrozen();
    assert.match(after.stdout, /nothing changed/);
    assert.equal(after.stderr, '');
    assert.deepEqual([snapshots(out), results(out)], [published, content]);
  });

  test('and the run after a visible change says nothing of it: all is as a run of its own makes it', async () => {
    writeClient(database, 'optm1', { site: 'abcde' });
    await runFrozen();
    assert.deepEqual(rows(), []);
    const alone = join(fresh(), 'out');
    await runFrozen(alone);
    assert.deepEqual(results(out), results(alone));
  });

  test('--full finds it too', async () => {
    writeClient(database, 'optm2002', { site: 'abcf' });
    const run = await startRun(database, out, { ...options, args: ['--full'] }).finished;
    assert.match(run.stderr, /range optm-0002000 holds something else/);
    assert.deepEqual(rows().map((row) => row['client_id']), ['optm2002']); // prettier-ignore
  });
});

describe('turns', () => {
  test('are counted where the run came to its end, and by runs with the option only', async () => {
    const [database, out] = [join(fresh(), 'db'), join(fresh(), 'out')];
    for (const id of ['optm1', 'optm1001']) writeClient(database, id, {});
    await runHere(database, out);
    assert.equal(existsSync(join(out, TURNS_FILE)), false);
    const state = () => readFileSync(join(out, TURNS_FILE), 'utf8');
    const summary = await runHere(database, out, { verifyContent: 50 });
    assert.deepEqual([summary.changed, summary.rechecked], [false, 1]);
    assert.equal(state(), '{"runs":1,"read":{"optm-0000000":1,"optm-0001000":0}}\n');
    const stopped = new AbortController();
    stopped.abort();
    await assert.rejects(runHere(database, out, { verifyContent: 50 }, stopped.signal));
    assert.equal(state(), '{"runs":1,"read":{"optm-0000000":1,"optm-0001000":0}}\n');
    // A range that is read for another reason has had its turn.
    writeClient(database, 'optm2', {});
    const changed = await runHere(database, out, { verifyContent: 50 });
    assert.deepEqual(reasons(changed), { changed: 1, rechecked: 1 });
    assert.equal(state(), '{"runs":2,"read":{"optm-0000000":2,"optm-0001000":2}}\n');
  });

  test('that cannot be written down end no run', async () => {
    const [database, out] = [join(fresh(), 'db'), join(fresh(), 'out')];
    writeClient(database, 'optm1', {});
    mkdirSync(join(out, TURNS_FILE, 'taken'), { recursive: true });
    assert.equal((await runHere(database, out, { verifyContent: 50 })).changed, true);
  });
});
