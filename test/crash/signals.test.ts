import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { turnsOf } from '../helpers/extent.js';
import { untilOrEnd } from '../helpers/processes.js';
import { assertSentence, buildingOf, leftovers, readManifest, results, runHere, sampleDatabase, scratchFolder, startRun } from './helpers.js'; // prettier-ignore

const scratch = scratchFolder();

describe('SIGINT and SIGTERM', () => {
  const large = join(scratch, 'large');
  const out = join(scratch, 'stopped');

  before(() => {
    // All of the third range and later ones: several ranges finish before the large first one.
    sampleDatabase(large, turnsOf(150, 70));
  });

  /** When it is at work and the first ranges are finished, and some time later. */
  for (const [kind, wait] of [
    ['SIGINT', 0],
    ['SIGTERM', turnsOf(500, 100)],
  ] as const) {
    test(`${kind} stops a run within two seconds, and the next one takes up what was finished`, async (t) => {
      const { child, finished } = startRun(large, out);
      const receipts = () => {
        const ranges = join(buildingOf(out), 'ranges');
        return existsSync(ranges) ? readdirSync(ranges).filter((name) => name.endsWith('.json')).length : 0;
      };
      const isAtWork = () => existsSync(join(out, '.lock')) && receipts() > 0;
      await untilOrEnd(child, isAtWork);
      await sleep(wait);
      const start = performance.now();
      child.kill(kind);
      const { code, stderr } = await finished;
      const seconds = (performance.now() - start) / 1000;
      t.diagnostic(`stopped after ${seconds.toFixed(2)} s with ${receipts()} ranges finished`);
      assert.equal(code, 1);
      assertSentence(stderr, /stopped; nothing was published/);
      // Two seconds are promised; a machine on which other tests run is given more, and a run is far longer.
      assert.ok(seconds < 30, `${seconds} s`);
      assert.deepEqual(readdirSync(out).sort(), ['last-run.json', 'runs.jsonl', 'snapshots']);
      assert.ok(receipts() > 0);
    });
  }

  test('the run after them says that finished ranges were not read again', async () => {
    const { stdout, code } = await startRun(large, out).finished;
    assert.equal(code, 0);
    assert.match(stdout, /[1-9]\d* client ranges? not read: an interrupted run had finished it/);
    assert.ok(readManifest(out).work.client_ranges['resumed']! > 0);
    assert.deepEqual(leftovers(out), []);
    const fresh = join(scratch, 'large-fresh');
    await runHere(large, fresh);
    assert.deepEqual(results(out), results(fresh));
  });
});
