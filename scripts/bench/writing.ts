import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import process from 'node:process';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm/node';
import { writeParquet } from '../../pipeline/stages/write/parquet.js';
import type { Table } from '../../schemas/column.js';
import { describedTables, type SchemaDescription } from '../../schemas/describe.js';
import { mismatches } from '../../schemas/tables/mismatches.js';

/**
 * Writing alone: worker threads write the Parquet parts of a snapshot again, from Arrow that is in memory before the
 * clock runs. What a run of the pipeline takes for its tables it takes at least.
 *
 *   node dist/scripts/bench/writing.js SNAPSHOT SCRATCH [--workers N]
 *
 * It prints, as a line of JSON, how many parts were written and the seconds and CPU seconds that took.
 */

export interface Writing {
  readonly parts: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

interface Share {
  readonly snapshot: string;
  readonly scratch: string;
  readonly parts: readonly Part[];
}

interface Part {
  readonly table: string;
  /** Relative to the snapshot. */
  readonly path: string;
}

/** Rows of a batch: about those of one task of the pipeline. */
const ROWS_PER_BATCH = 160;

function writingOptions(): { snapshot: string; scratch: string; workers: number } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { workers: { type: 'string', default: '2' } },
  });
  const [snapshot, scratch] = positionals;
  const workers = Number(values.workers);
  if (positionals.length !== 2 || !Number.isSafeInteger(workers) || workers < 1)
    throw new Error('usage: writing.js SNAPSHOT SCRATCH [--workers N]');
  return { snapshot: snapshot!, scratch: scratch!, workers };
}

async function runWriting(snapshot: string, scratch: string, workers: number): Promise<Writing> {
  rmSync(scratch, { recursive: true, force: true });
  const parts = partsOf(snapshot);
  const threads = Array.from({ length: workers }, (_, i) => {
    const share: Share = { snapshot, scratch, parts: parts.filter((_, part) => part % workers === i) };
    return new Worker(new URL(import.meta.url), { workerData: share });
  });
  const counts = await Promise.all(threads.map(answer));
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const thread of threads) thread.postMessage('go');
  await Promise.all(threads.map(answer));
  const seconds = (performance.now() - start) / 1e3;
  const { user, system } = process.cpuUsage(cpu);
  return { parts: counts.reduce((sum, count) => sum + count, 0), seconds, cpuSeconds: (user + system) / 1e6 };
}

/** The parts that workers write, those of one table one after the other: each worker gets as many of each. */
function partsOf(snapshot: string): Part[] {
  const tables = readdirSync(join(snapshot, 'tables')).filter((table) => table !== mismatches.name);
  return tables.flatMap((table) =>
    readdirSync(join(snapshot, 'tables', table))
      .sort()
      .map((part) => ({ table, path: join('tables', table, part) })),
  );
}

function answer(thread: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

function work({ snapshot, scratch, parts }: Share): void {
  const port = parentPort!;
  const schema = JSON.parse(readFileSync(join(snapshot, 'schema.json'), 'utf8')) as SchemaDescription;
  const tables = new Map(describedTables(schema).map((table) => [table.name, table]));
  const streams: { table: Table; path: string; stream: Uint8Array }[] = [];
  for (const { table, path } of parts) {
    const content = readFileSync(join(snapshot, path));
    const stream = readParquet(content, { batchSize: ROWS_PER_BATCH }).intoIPCStream();
    // The writer takes streams with a batch only; to write a part without rows costs next to nothing.
    if (tableFromIPC(stream).numRows === 0) continue;
    streams.push({ table: tables.get(table)!, path, stream });
  }
  port.once('message', () => {
    void (async () => {
      for (const { table, path, stream } of streams) await writeParquet(join(scratch, path), table, [stream]);
      port.postMessage(streams.length);
    })();
  });
  port.postMessage(streams.length);
}

if (isMainThread) {
  const { snapshot, scratch, workers } = writingOptions();
  console.log(JSON.stringify(await runWriting(snapshot, scratch, workers)));
} else work(workerData as Share);
