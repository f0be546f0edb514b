import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { KEEPING_V8 } from '../../pipeline/run/empty-heap.js';

/** Two threads one after the other that have 100 MB of objects each; prints what the process has (MB) after each ended. */
const THREADS = `
  const { Worker } = await import('node:worker_threads');
  const fill = 'const kept = []; for (let i = 0; i < 1e6; i++) kept.push({ i, list: [i] }); kept.length = 0;';
  const run = (lived) => new Promise((resolve, reject) => {
    const code = fill + 'import(' + JSON.stringify(process.argv[1]) + ').then(({ emptyHeap }) => emptyHeap(' + lived + '))';
    const thread = new Worker(code, { eval: true });
    thread.once('error', reject);
    thread.once('exit', () => resolve(process.memoryUsage.rss() / 1e6));
  });
  const emptied = await run(60_000);
  console.log(JSON.stringify([emptied, await run(1000)]));`;

test('a thread that ran for long leaves no heap behind, and one that did not takes no time for it', (context) => {
  if (Number(process.versions.v8.split('.')[0]) < KEEPING_V8) {
    context.skip('this Node keeps no memory of threads that ended');
    return;
  }
  const module = new URL('../../pipeline/run/empty-heap.js', import.meta.url).href;
  const flags = ['--input-type=module', '--eval', THREADS, module];
  const [emptied, kept] = JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' })) as number[];
  assert.ok(kept! - emptied! > 40, `${emptied} MB where it was emptied, ${kept} MB where it was not`);
});
