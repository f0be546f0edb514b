import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeClient } from './client.js';
import type { FaultKind } from './fault.js';
import { FaultInjector } from './faults.js';
import { writeClient, type PixelMode, type Written } from './write.js';

/** Version of the sample: raised when the same seed no longer gives the same bytes. */
export const SAMPLE_VERSION = 3;

const TOOL = 'omidb-etl sample';
const MARKER = 'sample.json';
const TRUTH = 'truth.jsonl';

export interface SampleOptions {
  readonly out: string;
  readonly clients: number;
  readonly seed: number;
  readonly faults: readonly FaultKind[];
  readonly pixels: PixelMode;
}

export interface SampleSummary extends Written {
  readonly clients: number;
  readonly studies: number;
  /** How many faults of each kind were put in. */
  readonly faults: ReadonlyMap<FaultKind, number>;
}

/** A folder that holds something else: nothing is written there. */
export class NotASampleError extends Error {}

/**
 * Makes a sample database in a folder: `data/`, `images/`, `truth.jsonl` (a line for each fault, columns of the table
 * mismatches and `how`) and `sample.json` (what it was made with). An earlier sample there is replaced.
 * @throws NotASampleError when the folder holds anything else
 */
export function makeSample(options: SampleOptions): SampleSummary {
  const { out, clients, seed, faults, pixels } = options;
  if (pixels === 'none' && faults.length > 0) throw new Error('--pixels none is for a sample without faults');
  prepare(options);
  const written: Written = { files: 0, images: 0, bytes: 0 };
  const injector = new FaultInjector(seed, faults, clients);
  const truth = openSync(join(out, TRUTH), 'w');
  let studies = 0;
  try {
    for (let index = 0; index < clients; index++) {
      const client = makeClient(seed, index);
      for (const row of injector.apply(client)) writeSync(truth, `${JSON.stringify(row)}\n`);
      writeClient(client, out, pixels, written);
      studies += client.studies.length;
    }
  } finally {
    closeSync(truth);
  }
  // Last: only now it is all there.
  writeMarker(options, true);
  return { ...written, clients, studies, faults: injector.counts };
}

/** True when a folder holds a complete sample made with these options by this version. */
export function isSameSample(options: SampleOptions): boolean {
  const marker = join(options.out, MARKER);
  return existsSync(marker) && readFileSync(marker, 'utf8') === markerText(options, true);
}

function writeMarker(options: SampleOptions, complete: boolean): void {
  writeFileSync(join(options.out, MARKER), markerText(options, complete));
}

function markerText({ out: _, ...madeWith }: SampleOptions, complete: boolean): string {
  return `${JSON.stringify({ tool: TOOL, version: SAMPLE_VERSION, ...madeWith, complete }, null, 2)}\n`;
}

/** Empties an earlier sample and marks the folder: first of all, so that an interrupted sample is still known as one. */
function prepare(options: SampleOptions): void {
  const { out } = options;
  mkdirSync(out, { recursive: true });
  if (readdirSync(out).length > 0 && !isSample(out))
    throw new NotASampleError(
      `${out} is not empty and not an earlier sample (no ${MARKER} of this tool in it): choose another folder`,
    );
  for (const name of ['data', 'images', TRUTH]) rmSync(join(out, name), { recursive: true, force: true });
  writeMarker(options, false);
  for (const root of options.pixels === 'none' ? ['data'] : ['data', 'images']) mkdirSync(join(out, root));
}

function isSample(folder: string): boolean {
  const marker = join(folder, MARKER);
  if (!existsSync(marker)) return false;
  const text = readFileSync(marker, 'utf8');
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null && 'tool' in content && content.tool === TOOL;
  } catch {
    return false;
  }
}
