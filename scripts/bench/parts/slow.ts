import type { Programs } from '../programs.js';
import type { SlowResult } from '../results.js';
import { runOf } from './main.js';

const SLOW_FILES = new URL('../preload/slow-files.js', import.meta.url);
const WORKERS = [2, 8, 32, 64] as const;
const DELAY_MS = 2;
/** Enough to give each of 64 workers a task of 16 clients; with 2 workers this takes minutes. */
const ENOUGH_CLIENTS = 1024;

/** Full runs with more and more workers where every name asked of the file system takes 2 ms, and where it does not. */
export async function measureSlow(programs: Programs, atMost: number): Promise<SlowResult> {
  const clients = Math.min(atMost, ENOUGH_CLIENTS);
  const database = programs.sample(clients);
  const points = [];
  for (const workers of WORKERS) {
    const fast = runOf(await programs.full(database, workers));
    const slow = runOf(
      await programs.full(database, workers, {
        imports: [SLOW_FILES],
        env: { OMIDB_BENCH_SLOW_BELOW: database, OMIDB_BENCH_SLOW_MS: String(DELAY_MS) },
      }),
    );
    points.push({ workers, slow, fast });
  }
  return { delayMs: DELAY_MS, clients, images: programs.manifest().inputs.images, points };
}
