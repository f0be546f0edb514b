import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSameSample, makeSample } from '../sample/database.js';
import type { FloorCounts } from './floor-reader.js';
import { Runner, runPython, type Finished, type NodeOptions, type Run } from './measured-run.js';
import type { Writing } from './writing.js';

/** The programs that are measured, on sample databases that are made when first asked for. */

// Compiled, this file lies in dist/scripts/bench/.
/** What users start. */
export const CLI = new URL('../../bundle/omidb-etl.js', import.meta.url);
/** The same with each module in a file of its own. */
const MODULES = new URL('../../pipeline/cli.js', import.meta.url);
const FLOOR = new URL('./floor.js', import.meta.url);
const WRITING = new URL('./writing.js', import.meta.url);
const PEER = fileURLToPath(new URL('../../../scripts/bench/peer.py', import.meta.url));

/** What manifest.json says of a run, as far as it is used here. */
export interface Manifest {
  readonly inputs: { readonly clients: number; readonly client_ranges: number; readonly images: number };
  readonly work: {
    readonly json_files: { readonly bytes_read: number };
    readonly dicom_files: { readonly bytes_read: number };
  };
  readonly tables: Readonly<
    Record<string, { readonly rows: number; readonly files: readonly { readonly bytes: number }[] }>
  >;
}

export type Say = (line: string) => void;

export class Programs {
  private readonly runner: Runner;
  private readonly out: string;

  /** @param folder for the sample databases and the output of the runs; both stay there */
  constructor(
    private readonly folder: string,
    private readonly say: Say,
  ) {
    this.runner = new Runner(join(folder, 'scratch'));
    this.out = join(folder, 'output');
  }

  /** A sample without faults, pixels sparse; made when it is not there yet. */
  sample(clients: number): string {
    const out = join(this.folder, `sample-${clients}`);
    const options = { out, clients, seed: 1, faults: [], pixels: 'sparse' } as const;
    if (isSameSample(options)) return out;
    this.say(`making a sample of ${clients} clients`);
    makeSample(options);
    return out;
  }

  async floor(database: string, workers: number, dataOnly = false): Promise<Finished & FloorCounts> {
    const args = [database, '--workers', String(workers), ...(dataOnly ? ['--data-only'] : [])];
    const finished = await this.runner.run(FLOOR, args);
    return this.told(dataOnly ? 'floor, data only' : 'floor', workers, {
      ...finished,
      ...(JSON.parse(finished.stdout) as FloorCounts),
    });
  }

  /** A full run into an empty output folder. */
  full(
    database: string,
    workers: number,
    options?: NodeOptions,
    more: readonly string[] = [],
  ): Promise<Finished> {
    return this.fresh('full', [database, ...more], workers, options);
  }

  /** A full run of the program before it is bundled: by the module of a function a profile tells its stage. */
  unbundled(database: string, workers: number, options: NodeOptions): Promise<Finished> {
    return this.fresh('full, not bundled', [database], workers, options, MODULES);
  }

  /** A full run of the data tree alone. */
  dataOnly(database: string, workers: number, options?: NodeOptions): Promise<Finished> {
    return this.fresh('data only', ['--data-dir', join(database, 'data')], workers, options);
  }

  /** The plain reader in Python of the same JSON headers; null where there is no Python. */
  async peer(database: string): Promise<Run | null> {
    const run = await runPython([PEER, join(database, 'data'), join(this.folder, 'scratch', 'peer.csv')]);
    if (run === null) this.say('no python3: the peer is left out');
    else this.tell('peer in Python', 1, run);
    return run;
  }

  /**
   * A second run after a full one, on the same output.
   * @throws Error when it published anything
   */
  async unchanged(database: string, workers: number, options?: NodeOptions): Promise<Finished> {
    const finished = await this.pipeline('no change', [database], workers, options);
    const snapshots = readdirSync(join(this.out, 'snapshots')).length;
    if (snapshots !== 1)
      throw new Error(`a run without any change published: ${snapshots} snapshots in ${this.out}`);
    return finished;
  }

  /** The tables of the last run are written again, from memory; its time without that of loading them. */
  async writing(workers: number): Promise<Finished> {
    const args = [join(this.out, 'current'), join(this.folder, 'writing'), '--workers', String(workers)];
    const finished = await this.runner.run(WRITING, args);
    return this.told('writing alone', workers, {
      ...finished,
      ...(JSON.parse(finished.stdout) as Writing),
    });
  }

  /** The manifest of the last run. */
  manifest(): Manifest {
    return JSON.parse(readFileSync(join(this.out, 'current', 'manifest.json'), 'utf8')) as Manifest;
  }

  private async fresh(
    name: string,
    trees: readonly string[],
    workers: number,
    options?: NodeOptions,
    program = CLI,
  ): Promise<Finished> {
    rmSync(this.out, { recursive: true, force: true });
    return this.pipeline(name, [...trees, '--full'], workers, options, program);
  }

  private async pipeline(
    name: string,
    args: readonly string[],
    workers: number,
    options?: NodeOptions,
    program = CLI,
  ) {
    const common = ['--workers', String(workers), '--out', this.out, '--no-progress'];
    return this.told(name, workers, await this.runner.run(program, ['run', ...args, ...common], options));
  }

  private told<T extends Finished>(name: string, workers: number, finished: T): T {
    this.tell(name, workers, finished);
    return finished;
  }

  private tell(name: string, workers: number, { seconds, cpuSeconds, peakBytes }: Run): void {
    this.say(
      `${name}, ${workers} workers: ${seconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s, ${(peakBytes / 1e6).toFixed(0)} MB`,
    );
  }
}
