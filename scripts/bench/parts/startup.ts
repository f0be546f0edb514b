import { fileURLToPath } from 'node:url';
import type { Run } from '../measured-run.js';
import { runNode } from '../measured-run.js';
import { CLI, type Programs } from '../programs.js';
import type { StartupResult } from '../results.js';
import { runOf } from './main.js';

/** `--version`, and a run of one client beside its floor, in turn, after a warm-up. */
export async function measureStartup(
  programs: Programs,
  workers: number,
  runs: number,
): Promise<StartupResult> {
  const database = programs.sample(1);
  const version: number[] = [];
  const floor: Run[] = [];
  const full: Run[] = [];
  for (let round = 0; round <= runs; round++) {
    const { seconds } = await runNode([fileURLToPath(CLI), '--version']);
    const rounds = [await programs.floor(database, workers), await programs.full(database, workers)] as const;
    if (round === 0) continue;
    version.push(seconds);
    floor.push(runOf(rounds[0]));
    full.push(runOf(rounds[1]));
  }
  return { version, floor, full };
}
