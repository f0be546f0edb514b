import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BOUNDED } from '../helpers/processes.js';

/** What the tests of the job files for Slurm share. */

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const SCRIPT = join(ROOT, 'scripts/cluster/slurm.sh');
export const ONE_NODE = join(ROOT, 'test/cluster/one-node-slurm.sh');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. @param env beside the variables of this process */
export function execute(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    ...BOUNDED,
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}
