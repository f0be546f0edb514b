import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { addCounts, FloorReader, noCounts, type FloorCounts } from './floor-reader.js';

/**
 * The floor: what reading a database costs when nothing is made of it. Worker threads list the folders, read and parse
 * every JSON file, read 16 KB of every DICOM file and parse them up to the pixel element, and keep nothing.
 *
 *   node dist/scripts/bench/floor.js DATABASE [--workers N] [--data-only]
 *
 * It prints what it counted as a line of JSON. Nothing of the pipeline is used.
 */

interface Roots {
  readonly data: string;
  /** Null: no DICOM file is read. */
  readonly images: string | null;
}

/** Clients that are handed to a worker at once. */
const BATCH = 16;

function floorOptions(): { roots: Roots; workers: number } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { workers: { type: 'string', default: '2' }, 'data-only': { type: 'boolean', default: false } },
  });
  const [database] = positionals;
  const workers = Number(values.workers);
  if (database === undefined || positionals.length > 1 || !Number.isSafeInteger(workers) || workers < 1)
    throw new Error('usage: floor.js DATABASE [--workers N] [--data-only]');
  const roots = {
    data: join(database, 'data'),
    images: values['data-only'] ? null : join(database, 'images'),
  };
  return { roots, workers };
}

/** Hands the clients out, a batch to whichever worker asks, and adds up what they counted. */
async function runFloor(roots: Roots, workers: number): Promise<FloorCounts> {
  const listings = [roots.data, roots.images]
    .filter((root) => root !== null)
    .map((root) => readdirSync(root));
  const clients = [...new Set(listings.flat())];
  const total = { ...noCounts(), folders: listings.length };
  let next = 0;
  const done = Array.from({ length: workers }, () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: roots });
    worker.on('message', (message: 'ready' | FloorCounts) => {
      if (message !== 'ready') addCounts(total, message);
      else worker.postMessage(clients.slice(next, (next += BATCH)));
    });
    return new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', () => {
        resolve();
      });
    });
  });
  await Promise.all(done);
  return total;
}

function work(roots: Roots): void {
  const port = parentPort!;
  const reader = new FloorReader();
  port.on('message', (clients: readonly string[]) => {
    if (clients.length === 0) {
      port.postMessage(reader.counts);
      port.close();
      return;
    }
    for (const client of clients) {
      reader.readTree(join(roots.data, client), '.json');
      if (roots.images !== null) reader.readTree(join(roots.images, client), '.dcm');
    }
    port.postMessage('ready');
  });
  port.postMessage('ready');
}

if (isMainThread) {
  const { roots, workers } = floorOptions();
  console.log(JSON.stringify(await runFloor(roots, workers)));
} else work(workerData as Roots);
