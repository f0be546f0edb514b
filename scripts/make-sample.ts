import process from 'node:process';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { isSameSample, makeSample, NotASampleError, type SampleSummary } from './sample/database.js';
import type { FaultKind } from './sample/fault.js';
import { FAULT_KINDS } from './sample/faults.js';

/** `none`, `all`, or kinds separated by commas. */
function parseFaults(text: string): FaultKind[] {
  if (text === 'none' || text === '') return [];
  if (text === 'all') return [...FAULT_KINDS];
  return text.split(',').map((name) => {
    const kind = FAULT_KINDS.find((known) => known === name.trim());
    if (kind === undefined)
      throw new Error(`--faults: ${name} is no kind of fault; known: ${FAULT_KINDS.join(', ')}`);
    return kind;
  });
}

function wholeNumber(option: string, value: number, low: number): number {
  if (Number.isSafeInteger(value) && value >= low) return value;
  throw new Error(`--${option} must be a whole number of ${low} or more`);
}

async function parseOptions() {
  const options = await yargs(hideBin(process.argv))
    .scriptName('make-sample')
    .usage(
      '$0 --out DIR [options]\n\nMakes a synthetic OMI-DB database: the same seed and options give the same bytes.',
    )
    .option('out', {
      type: 'string',
      demandOption: true,
      describe: 'folder for the database; an earlier sample there is replaced',
    })
    .option('clients', { type: 'number', default: 200, describe: 'number of clients' })
    .option('seed', { type: 'number', default: 1, describe: 'seed of all random choices' })
    .option('faults', {
      type: 'string',
      default: 'none',
      describe: 'none, all, or mismatch kinds separated by commas',
    })
    .option('reuse', {
      type: 'boolean',
      default: false,
      describe: 'do nothing when the folder holds a complete sample made with the same options',
    })
    .option('pixels', {
      choices: ['sparse', 'full', 'none'] as const,
      default: 'sparse' as const,
      describe:
        'sparse: pixel data takes up no room on the disk; full: it does (some 20 MB an image); none: no DICOM files',
    })
    .strict()
    .version(false)
    .parse();
  const sample = {
    out: options.out,
    clients: wholeNumber('clients', options.clients, 1),
    seed: wholeNumber('seed', options.seed, 0),
    faults: parseFaults(options.faults),
    pixels: options.pixels,
  };
  return { sample, reuse: options.reuse };
}

function summary(out: string, made: SampleSummary, chosen: readonly FaultKind[], seconds: number): string {
  const count = [...made.faults.values()].reduce((sum, each) => sum + each, 0);
  const missing = chosen.filter((kind) => !made.faults.has(kind));
  const lines = [
    `Sample database in ${out}: ${made.clients} clients, ${made.studies} studies, ${made.images} DICOM images`,
    `${made.files} files of ${(made.bytes / 1e9).toFixed(1)} GB in all (pixel data included), written in ${seconds.toFixed(1)} s`,
    count === 0
      ? 'No faults: everything pairs up'
      : `${count} faults of ${made.faults.size} kinds, listed in truth.jsonl`,
  ];
  if (missing.length > 0) lines.push(`Too few clients for: ${missing.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

async function main(): Promise<void> {
  try {
    const { sample: options, reuse } = await parseOptions();
    if (reuse && isSameSample(options)) {
      process.stdout.write(`The sample database in ${options.out} is already there\n`);
      return;
    }
    const start = performance.now();
    const made = makeSample(options);
    process.stdout.write(summary(options.out, made, options.faults, (performance.now() - start) / 1000));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`make-sample: ${error.message}\n`);
    process.exitCode = error instanceof NotASampleError ? 1 : 2;
  }
}

await main();
