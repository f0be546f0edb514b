import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSample } from '../sample/database.js';
import { FAULT_KINDS } from '../sample/faults.js';

const KEEP_CODE = new URL('./keep-code.js', import.meta.url).href;

/** Enough for every table to have rows, and for what seldom happens to have happened. */
const CLIENTS = 12;

/**
 * Has the program read a small sample twice, the second time without a change, and keeps what V8 made of its code. Without
 * that the program does the same and starts slower: that it did not work is said, and no reason not to build.
 * @param bundle folder of the built program
 */
export function makeCaches(bundle: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'omidb-etl-bundle-'));
  const database = join(folder, 'database');
  const args = ['run', database, '--out', join(folder, 'out'), '--workers', '1', '--no-progress'];
  try {
    makeSample({ out: database, clients: CLIENTS, seed: 1, faults: FAULT_KINDS, pixels: 'sparse' });
    for (let i = 0; i < 2; i++) {
      const program = join(bundle, 'omidb-etl.js');
      const { status, stderr } = spawnSync(process.execPath, ['--import', KEEP_CODE, program, ...args], { encoding: 'utf8' }); // prettier-ignore
      if (status === 0) continue;
      console.warn(`the program starts slower than it could, for it does not run: ${stderr}`);
      return;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
