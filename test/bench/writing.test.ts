import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm/node';
import type { Writing } from '../../scripts/bench/writing.js';
import { makeSample } from '../../scripts/sample/database.js';
import { runCli } from '../helpers/cli.js';
import { turnsOf } from '../helpers/extent.js';
import { BOUNDED } from '../helpers/processes.js';
import { scratchFolder } from '../sample/tree.js';

const WRITING = fileURLToPath(new URL('../../scripts/bench/writing.js', import.meta.url));
const scratch = scratchFolder();

describe('writing alone', () => {
  test('refuses a wrong command line', () => {
    for (const args of [[], ['snapshot'], ['snapshot', 'scratch', '--workers', '0']]) {
      const { status, stderr } = spawnSync(process.execPath, [WRITING, ...args], {
        encoding: 'utf8',
        ...BOUNDED,
      });
      assert.notEqual(status, 0);
      assert.match(stderr, /usage: writing\.js SNAPSHOT SCRATCH/);
    }
  });

  // Data only: the table of mismatches, which is not written by workers, has a row.
  test('writes all parts that workers write and that have rows, with the rows that they have', () => {
    const [database, out, again] = ['database', 'output', 'again'].map((name) => join(scratch, name));
    makeSample({ out: database!, clients: turnsOf(20, 6), seed: 3, faults: [], pixels: 'sparse' });
    assert.equal(
      runCli(['run', '--data-dir', join(database!, 'data'), '--out', out!, '--no-progress']).code,
      0,
    );
    const snapshot = join(out!, 'current');
    const printed = execFileSync(process.execPath, [WRITING, snapshot, again!, '--workers', '2'], BOUNDED);
    const { parts, seconds, cpuSeconds } = JSON.parse(printed.toString()) as Writing;
    const rowsIn = (path: string) => tableFromIPC(readParquet(readFileSync(path)).intoIPCStream()).numRows;
    const rowsOf = (folder: string) =>
      readdirSync(join(folder, 'tables'), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.parquet'))
        .map((path) => [path, rowsIn(join(folder, 'tables', path))] as const)
        .filter(([, rows]) => rows > 0)
        .sort();
    const written = rowsOf(again!);
    const mismatches = ['mismatches/mismatches.parquet', 1] as const;
    assert.deepEqual([...written, mismatches].sort(), rowsOf(snapshot));
    assert.equal(parts, written.length);
    assert.ok(seconds > 0 && cpuSeconds > 0);
  });
});
