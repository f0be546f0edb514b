import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

/**
 * Flags of V8 for programs that are made of many small functions: compiling was a quarter of the CPU time of a run of 2,000
 * clients on Node 20.
 * - A function takes in a third as much of the code of those that it calls: compiling takes time by the size of that.
 * - A function of WebAssembly, which what writes Parquet is, is compiled a second time once it ran a hundred times as long
 *   as by default. That took 0.4 s of the 1.9 s of CPU time of one client, and 1.5 s of the 8.6 s of 400; 2,000 take as long
 *   with it as without.
 * - A thread collects its young objects by itself. With the help of others, which all threads of the process share, they wait
 *   for one another: 8 workers took 22.0 s of CPU time with it and 18.2 s without, one 4.7 and 4.2 s.
 * - The heap of a worker begins with the size that it soon has (MB): until it had grown there it was collected a dozen times,
 *   which took a tenth of the CPU time of one client.
 * - What a function was compiled to is kept while it does not run: what V8 made of the program when it was built has more of
 *   its functions then.
 */
const FLAGS: readonly string[] = [
  '--max-inlined-bytecode-size-cumulative=300',
  '--wasm-tiering-budget=180000000',
  '--no-parallel-scavenge',
  '--min-semi-space-size=8',
  '--initial-heap-size=64',
  '--no-flush-bytecode',
];

/**
 * By version of V8, that of Node 20 and that of Node 24. Flags are V8's own, and change with it: of one that it does not know it
 * writes to stderr, and other versions keep theirs until they were measured.
 * - A function is compiled by the optimising compiler once it ran three times as long as by default, or was called seven
 *   times as often: those that run for each image still are, soon; those that run for each client seldom are worth it.
 * - The heap is not collected for the reason alone that little happens: on a busy machine that is so again and again.
 */
const OF_VERSION: ReadonlyMap<string, readonly string[]> = new Map([
  ['11', ['--interrupt-budget=400000']],
  [
    '13',
    ['--invocation-count-for-turbofan=20000', '--invocation-count-for-maglev=1200', '--no-memory-reducer'],
  ],
]);

/** Sets what all threads of the process go by. */
export function tuneEngine(): void {
  const ofVersion = OF_VERSION.get(process.versions.v8.split('.')[0]!);
  if (ofVersion === undefined) return;
  for (const flag of [...FLAGS, ...ofVersion]) setFlagsFromString(flag);
}
