import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeFirstSeen } from '../../pipeline/snapshot/first-seen.js';
import { withScratchDb } from '../../pipeline/engine/scratch-db.js';
import { fresh } from './helpers.js';

const hash = (number: number) => createHash('sha256').update(String(number)).digest('hex');
const hashes = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => hash(from + i));

test('more mismatches than are sorted at once: 120,000 of which 1,000 are new, 2,000 resolved, one stands twice', async () => {
  const folder = fresh();
  const first = { run_id: 'before', time: '2026-01-02T03:04:05.000Z' };
  const earlier = hashes(0, 121_000).sort();
  const previous = join(folder, 'previous.jsonl');
  writeFileSync(previous, earlier.map((mismatch) => `${JSON.stringify({ mismatch, ...first })}\n`).join(''));
  const now = [...hashes(2_000, 122_000), hash(121_500)];
  writeFileSync(join(folder, 'hashes'), now.map((line) => `${line}\n`).join(''));
  const { file, ...counts } = await withScratchDb((db) =>
    writeFirstSeen(db, {
      snapshot: folder,
      hashes: join(folder, 'hashes'),
      count: now.length,
      previous,
      runId: 'now',
      time: new Date('2026-02-03T04:05:06Z'),
      signal: new AbortController().signal,
    }),
  );
  assert.deepEqual({ ...counts, rows: file.rows }, { new: 1_000, resolved: 2_000, rows: 120_000 });
  const isNew = new Set(hashes(121_000, 122_000));
  const expected = hashes(2_000, 122_000)
    .sort()
    .map((mismatch) => ({
      mismatch,
      ...(isNew.has(mismatch) ? { run_id: 'now', time: '2026-02-03T04:05:06.000Z' } : first),
    }));
  const text = readFileSync(join(folder, 'first-seen.jsonl'), 'utf8');
  assert.ok(text === expected.map((line) => `${JSON.stringify(line)}\n`).join(''));
});
