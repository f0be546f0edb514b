import type { Run } from '../measured-run.js';
import type { Programs } from '../programs.js';
import type { WorkersResult } from '../results.js';
import { runOf } from './main.js';

/** The floor and full runs with 1, 2, 4 and 8 workers, as far as there are cores, in turn. */
export async function measureWorkers(
  programs: Programs,
  clients: number,
  cores: number,
  runs: number,
): Promise<WorkersResult[]> {
  const database = programs.sample(clients);
  const results = [1, 2, 4, 8]
    .filter((workers) => workers <= Math.max(2, cores))
    .map((workers) => ({ workers, floor: [] as Run[], full: [] as Run[] }));
  await programs.floor(database, 2);
  for (let round = 0; round < runs; round++) {
    for (const { workers, floor, full } of results) {
      floor.push(runOf(await programs.floor(database, workers)));
      full.push(runOf(await programs.full(database, workers)));
    }
  }
  return results;
}
