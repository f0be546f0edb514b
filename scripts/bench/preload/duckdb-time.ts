import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { DuckDBConnection } from '@duckdb/node-api';
import { framesOf, stageOf, type Stage } from '../stages.js';

/**
 * Loaded before the profiled run: DuckDB computes in threads of its own, which a profile of V8 does not see. What CPU time
 * the process takes while a query is under way is counted for the stage that asked, and goes to the file that
 * OMIDB_BENCH_DUCKDB names. The run queries only when its worker threads have ended.
 */

const file = process.env['OMIDB_BENCH_DUCKDB'];
const METHODS = [
  'run',
  'runAndRead',
  'runAndReadAll',
  'runAndReadUntil',
  'stream',
  'streamAndReadAll',
] as const;

type Method = (this: DuckDBConnection, ...args: unknown[]) => Promise<unknown>;

const seconds: Partial<Record<Stage, number>> = {};
/** The stages of the calls that are under way, the earliest first: one calls another, and some are made at once. */
const underWay: { readonly stage: Stage }[] = [];
let before = process.cpuUsage();

/** Counts what the process took since the last call began or ended for the earliest that is under way. */
function count(): void {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  const stage = underWay[0]?.stage;
  if (stage !== undefined) seconds[stage] = (seconds[stage] ?? 0) + (user + system) / 1e6;
}

function timed(method: Method): Method {
  return async function (...args) {
    const call = { stage: stageOf(framesOf(new Error().stack ?? '')) };
    count();
    underWay.push(call);
    try {
      return await method.apply(this, args);
    } finally {
      count();
      underWay.splice(underWay.indexOf(call), 1);
    }
  };
}

if (isMainThread && file !== undefined) {
  Error.stackTraceLimit = 50;
  const methods = DuckDBConnection.prototype as unknown as Record<string, Method>;
  for (const name of METHODS) if (name in methods) methods[name] = timed(methods[name]!);
  process.on('exit', () => {
    writeFileSync(file, JSON.stringify(seconds));
  });
}
