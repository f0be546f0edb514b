import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDb } from '../../pipeline/engine/duckdb.js';

const folder = mkdtempSync(join(tmpdir(), 'omidb-engine-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** A question that takes minutes: what ends it is not that it is done. */
const ENDLESS = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3';
/** Whether a connection that is closed stands still depends on where its query is. */
const TRIES = 10;

describe('a database that is closed while queries are under way', () => {
  test('ends them, as when one of several failed and the others were left behind', async () => {
    for (let i = 0; i < TRIES; i++) {
      const db = await DuckDb.openSmall(folder);
      const left = [db.rows(ENDLESS), db.rows(ENDLESS)];
      const settled = Promise.allSettled(left);
      await assert.rejects(Promise.all([...left, db.rows('SELECT no_such_column')]), /no_such_column/);
      await db.close();
      for (const { status } of await settled) assert.equal(status, 'rejected');
    }
  });

  test('ends one that has only begun to connect', async () => {
    const db = await DuckDb.openSmall(folder);
    const left = assert.rejects(db.rows(ENDLESS), /interrupt/i);
    await db.close();
    await left;
  });

  test('answers nothing afterwards', async () => {
    const db = await DuckDb.openSmall(folder);
    assert.deepEqual(await db.rows('SELECT 1 AS one'), [{ one: 1 }]);
    await db.close();
    await assert.rejects(db.rows('SELECT 1 AS one'), /interrupted/);
  });
});

test('an interrupted database fails what is under way, begun or about to begin, and every later query', async () => {
  for (let i = 0; i < TRIES; i++) {
    const db = await DuckDb.openSmall(folder);
    try {
      // The second time a connection is there already: its query begins in another thread while it is interrupted.
      assert.deepEqual(await db.rows('SELECT 1 AS one'), [{ one: 1 }]);
      const left = assert.rejects(db.rows(ENDLESS), /interrupt/i);
      await sleep(i % 3);
      db.interrupt();
      await left;
      await assert.rejects(db.rows('SELECT 1 AS one'), /interrupted/);
    } finally {
      await db.close();
    }
  }
});

describe('a database that has something to stop it', () => {
  test('fails what is under way when it is aborted, and every query where it was before', async () => {
    const stop = new AbortController();
    const db = await DuckDb.openSmall(folder, stop.signal);
    const left = assert.rejects(db.rows(ENDLESS), /interrupt/i);
    stop.abort();
    await left;
    await db.close();
    const late = await DuckDb.openSmall(folder, stop.signal);
    await assert.rejects(late.rows('SELECT 1 AS one'), /interrupted/);
    await late.close();
  });
});

/** Allocates 300 MB in pieces, frees all but every tenth, and prints how much memory (MB) the process has before and after giving back. */
const FREES = `
  const { DuckDb } = await import(process.argv[1]);
  const db = await DuckDb.openSmall(process.argv[2]);
  let pieces = Array.from({ length: 3000 }, () => Buffer.allocUnsafeSlow(100_000).fill(1));
  pieces = pieces.filter((_, i) => i % 10 === 9);
  gc();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = process.memoryUsage.rss();
  await db.giveBackFreed();
  console.log(JSON.stringify([before, process.memoryUsage.rss()].map((bytes) => bytes / 1e6)));
  await db.close();`;

test('what was freed goes back to the system', (context) => {
  if (!usesGlibc()) {
    context.skip('only glibc keeps what was freed');
    return;
  }
  const engine = new URL('../../pipeline/engine/duckdb.js', import.meta.url).href;
  const flags = ['--expose-gc', '--input-type=module', '--eval', FREES, engine, folder];
  const [before, after] = JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' })) as number[];
  assert.ok(before! - after! > 100, `${before} MB before, ${after} MB after`);
});

function usesGlibc(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime !== undefined;
}
