import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

/**
 * Flags of V8 for programs that are made of many small functions, measured on Node 20: compiling was a quarter of the CPU
 * time of a run of 2,000 clients. A run of 8,000 takes as long with them as without. On Node 24 they take 8 % off the CPU
 * time of one client and 12 % off that of 500; 2,000 take as long with them as without.
 * - A function is compiled by the optimising compiler once it ran three times as long as by default: those that run for
 *   each image still are, soon; those that run for each client seldom are worth it.
 * - A function takes in a third as much of the code of those that it calls: compiling takes time by the size of that.
 * - A function of WebAssembly, which what writes Parquet is, is compiled a second time once it ran a hundred times as long
 *   as by default. That took 0.4 s of the 1.9 s of CPU time of one client, and 1.5 s of the 8.6 s of 400; 2,000 take as long
 *   with it as without.
 * - A thread collects its young objects by itself. With the help of others, which all threads of the process share, they wait
 *   for one another: 8 workers took 22.0 s of CPU time with it and 18.2 s without, one 4.7 and 4.2 s.
 * - The heap of a worker begins with the size that it soon has (MB): until it had grown there it was collected a dozen times,
 *   which took a tenth of the CPU time of one client.
 */
const FLAGS: readonly string[] = [
  '--interrupt-budget=400000',
  '--max-inlined-bytecode-size-cumulative=300',
  '--wasm-tiering-budget=180000000',
  '--no-parallel-scavenge',
  '--min-semi-space-size=4',
  '--initial-heap-size=64',
];

/** Of Node 20 and 24. Flags are V8's own, and change with it: other versions keep theirs until they were measured. */
const MEASURED_V8: readonly string[] = ['11.', '13.'];

/** Sets what all threads of the process go by. */
export function tuneEngine(): void {
  const isMeasured = MEASURED_V8.some((version) => process.versions.v8.startsWith(version));
  if (isMeasured) for (const flag of FLAGS) setFlagsFromString(flag);
}
