import { resolve } from 'node:path';
import yargs from 'yargs';

export const PARTS = ['main', 'profile', 'startup', 'sizes', 'workers', 'slow'] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly clients: number;
  readonly runs: number;
  readonly workers: number;
  readonly sizes: readonly number[];
  readonly parts: ReadonlySet<Part>;
  /** Folder of samples and outputs. */
  readonly folder: string;
  /** Page of the results; null where none is to be written. */
  readonly docs: string | null;
}

/**
 * The options of a command line; an empty value counts as not given.
 * @throws Error that says which value is wrong
 */
export async function parseBenchOptions(args: readonly string[], defaultDocs: string): Promise<BenchOptions> {
  const given = await yargs([...args])
    .scriptName('bench')
    .usage('$0 [options]\n\nMeasures the pipeline against the floor of only reading, and prints a table.')
    .option('clients', { type: 'string', default: '2000', describe: 'clients of the sample database' })
    .option('runs', { type: 'string', default: '5', describe: 'rounds after the warm-up' })
    .option('workers', { type: 'string', default: '2', describe: 'worker threads' })
    .option('sizes', { type: 'string', default: '500,2000,8000', describe: 'clients of the part sizes' })
    .option('parts', { type: 'string', default: PARTS.join(','), describe: 'what to measure' })
    .option('folder', { type: 'string', default: 'bench-files', describe: 'folder for samples and outputs' })
    .option('docs', {
      type: 'string',
      default: '',
      describe: `page to write; by default ${defaultDocs}, after a whole benchmark only`,
    })
    .strict()
    .version(false)
    .parse();
  const options = {
    clients: wholeNumber('clients', given.clients),
    runs: wholeNumber('runs', given.runs),
    workers: wholeNumber('workers', given.workers),
    sizes: given.sizes.split(',').map((size) => wholeNumber('sizes', size)),
    parts: new Set(given.parts.split(',').map(knownPart)),
    folder: resolve(given.folder),
  };
  return { ...options, docs: given.docs === '' ? (isWhole(options) ? defaultDocs : null) : given.docs };
}

/** A trial does not replace the page of results. */
function isWhole({ clients, runs, parts }: Omit<BenchOptions, 'docs'>): boolean {
  return clients >= 2000 && runs >= 5 && parts.size === PARTS.length;
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`--${option}: ${text} is no whole number of 1 or more`);
}

function knownPart(name: string): Part {
  const part = PARTS.find((known) => known === name.trim());
  if (part === undefined) throw new Error(`--parts: ${name} is no part; known: ${PARTS.join(', ')}`);
  return part;
}
