import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeSample } from '../../scripts/sample/database.js';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { runCli } from './cli.js';

/** Room for every kind of fault, most of them more than once. */
const FAULTY_CLIENTS = 60;
const SOUND_CLIENTS = 24;

export interface SharedRun {
  readonly database: string;
  readonly out: string;
  /** The published snapshot. */
  readonly current: string;
}

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = join(PROJECT, 'dist', 'test-runs');

/**
 * A sample database and its published output, shared by all test files: made once for each state of the program, and
 * never changed by a test. `faulty` has every kind of fault that the sample maker knows, `sound` none.
 */
export function sharedRun(kind: 'faulty' | 'sound'): SharedRun {
  const folder = join(CACHE, programHash(), kind);
  if (!existsSync(folder)) make(kind, folder);
  const out = join(folder, 'output');
  return { database: join(folder, 'database'), out, current: join(out, 'current') };
}

function make(kind: 'faulty' | 'sound', folder: string): void {
  const state = join(folder, '..');
  for (const old of existsSync(CACHE) ? readdirSync(CACHE) : []) {
    if (join(CACHE, old) !== state) rmSync(join(CACHE, old), { recursive: true, force: true });
  }
  mkdirSync(state, { recursive: true });
  const making = mkdtempSync(join(state, 'making-'));
  const faults = kind === 'faulty' ? FAULT_KINDS : [];
  const clients = kind === 'faulty' ? FAULTY_CLIENTS : SOUND_CLIENTS;
  makeSample({ out: join(making, 'database'), clients, seed: 1, faults, pixels: 'sparse' });
  const run = runCli(['run', join(making, 'database'), '--out', join(making, 'output'), '--no-progress']);
  if (run.code !== 0)
    throw new Error(`the run that tests share ended with ${String(run.code)}: ${run.stderr}`);
  try {
    renameSync(making, folder);
  } catch (error) {
    // Another test file was faster: its run is the same.
    if (!existsSync(folder)) throw error;
    rmSync(making, { recursive: true });
  }
}

/** Changes with anything that the sample or the output depends on. */
function programHash(): string {
  const hash = createHash('sha256');
  for (const folder of ['dist/bundle', 'dist/scripts', 'schemas']) {
    for (const name of (readdirSync(join(PROJECT, folder), { recursive: true }) as string[]).sort()) {
      if (/\.(js|json|csv|yaml)$/.test(name))
        hash.update(name).update(readFileSync(join(PROJECT, folder, name)));
    }
  }
  return hash
    .update(readFileSync(join(PROJECT, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
}
