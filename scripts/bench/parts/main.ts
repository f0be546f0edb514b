import type { Run } from '../measured-run.js';
import type { Manifest, Programs } from '../programs.js';
import type { MainResult, TableSize } from '../results.js';

/** The floor and the pipeline in turn, `runs` times after a warm-up that is not counted. */
export async function measureMain(
  programs: Programs,
  clients: number,
  workers: number,
  runs: number,
): Promise<MainResult> {
  const database = programs.sample(clients);
  const series = {
    floor: () => programs.floor(database, workers),
    full: () => programs.full(database, workers),
    unchanged: () => programs.unchanged(database, workers),
    writing: () => programs.writing(workers),
    dataFloor: () => programs.floor(database, workers, true),
    dataOnlyAlone: () => programs.dataOnly(database, 1),
    dataOnly: () => programs.dataOnly(database, workers),
    dataWriting: () => programs.writing(workers),
    peer: () => programs.peer(database),
  };
  const measured: Record<keyof typeof series, Run[]> = {
    floor: [],
    full: [],
    unchanged: [],
    writing: [],
    dataFloor: [],
    dataOnlyAlone: [],
    dataOnly: [],
    dataWriting: [],
    peer: [],
  };
  let manifest: Manifest | null = null;
  for (let round = 0; round <= runs; round++) {
    for (const name of Object.keys(series) as (keyof typeof series)[]) {
      const run = await series[name]();
      if (name === 'full') manifest = programs.manifest();
      if (round > 0 && run !== null) measured[name].push(runOf(run));
    }
  }
  return { ...measured, ...describe(manifest!) };
}

/** Without what a program printed. */
export function runOf({ seconds, cpuSeconds, peakBytes }: Run): Run {
  return { seconds, cpuSeconds, peakBytes };
}

function describe({ inputs, work, tables }: Manifest) {
  const { images, client_ranges: ranges } = inputs;
  const bytesPerImage = {
    json: work.json_files.bytes_read / images,
    dicom: work.dicom_files.bytes_read / images,
  };
  const sizes: TableSize[] = Object.entries(tables).map(([table, { rows, files }]) => ({
    table,
    rows,
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
  return { images, ranges, bytesPerImage, tables: sizes };
}
