import type { Run } from '../measured-run.js';
import type { Programs } from '../programs.js';
import type { SizeResult } from '../results.js';
import { runOf } from './main.js';

/** The floor and full runs on databases of several sizes, in turn, after a warm-up of each that only reads. */
export async function measureSizes(
  programs: Programs,
  sizes: readonly number[],
  workers: number,
  runs: number,
): Promise<SizeResult[]> {
  const results = sizes.map((clients) => ({
    clients,
    images: 0,
    ranges: 0,
    floor: [] as Run[],
    runs: [] as Run[],
  }));
  for (const { clients } of results) await programs.floor(programs.sample(clients), workers);
  for (let round = 0; round < runs; round++) {
    for (const result of results) {
      const database = programs.sample(result.clients);
      result.floor.push(runOf(await programs.floor(database, workers)));
      result.runs.push(runOf(await programs.full(database, workers)));
      const { images, client_ranges } = programs.manifest().inputs;
      Object.assign(result, { images, ranges: client_ranges });
    }
  }
  return results;
}
