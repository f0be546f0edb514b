import { STAGES, stageOf, type Frame, type Stage } from './stages.js';

/** What is used of a profile as V8 writes it (`--cpu-prof`), one for each thread. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node that ran at each sample, and the microseconds since the sample before. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** What counts for no stage: what V8 counts outside of any function, and waiting for the disk, which is no work. */
export type Outside = 'garbage' | 'program' | 'idle' | 'fsync';

const OUTSIDE: ReadonlyMap<string, Outside> = new Map([
  ['(garbage collector)', 'garbage'],
  ['(program)', 'program'],
  ['(idle)', 'idle'],
  ['fsync', 'fsync'],
]);

/** Seconds of threads, by what they did. */
export type StageSeconds = Record<Stage | Outside, number>;

export function noSeconds(): StageSeconds {
  const stages = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
  return { ...stages, garbage: 0, program: 0, idle: 0, fsync: 0 };
}

/** Adds the seconds of a thread's profile to `sum`. */
export function addProfile(sum: StageSeconds, { nodes, samples, timeDeltas }: CpuProfile): void {
  const kinds = kindsOfNodes(nodes);
  samples.forEach((id, i) => {
    // Clocks of different cores may differ by a little: such a delta is below zero.
    sum[kinds.get(id) ?? 'other'] += Math.max(0, timeDeltas[i] ?? 0) / 1e6;
  });
}

function kindsOfNodes(nodes: readonly ProfileNode[]): Map<number, keyof StageSeconds> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])));
  function* stack(id: number): Generator<Frame> {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { functionName, url } = byId.get(at)!.callFrame;
      yield { url, function: functionName };
    }
  }
  return new Map(
    nodes.map(({ id, callFrame }) => [id, OUTSIDE.get(callFrame.functionName) ?? stageOf(stack(id))]),
  );
}

/** CPU seconds of a run, by what took them. */
export interface CpuByStage {
  readonly stages: Readonly<Record<Stage, number>>;
  readonly garbage: number;
  readonly program: number;
  /** What no thread of V8 and no query took: compiling, parallel garbage collection. */
  readonly helpers: number;
  /** What the samples of V8's threads were multiplied with. */
  readonly scale: number;
}

/**
 * Samples are of time, and a thread that waits for a core goes on being sampled. Where they add up to more than the CPU
 * time that the kernel counted they are scaled down to it; where to less, the rest is that of helper threads.
 * @param threads what V8's threads did
 * @param duckdb CPU seconds of queries, by the stage that asked
 */
export function cpuByStage(
  cpuSeconds: number,
  threads: StageSeconds,
  duckdb: Readonly<Partial<Record<Stage, number>>>,
): CpuByStage {
  const queries = Object.values(duckdb).reduce((sum, each) => sum + each, 0);
  const stages = STAGES.reduce((sum, stage) => sum + threads[stage], 0);
  const sampled = stages + threads.garbage + threads.program;
  const scale = sampled === 0 ? 1 : Math.min(1, Math.max(0, cpuSeconds - queries) / sampled);
  return {
    stages: Object.fromEntries(
      STAGES.map((stage) => [stage, threads[stage] * scale + (duckdb[stage] ?? 0)]),
    ) as Record<Stage, number>,
    garbage: threads.garbage * scale,
    program: threads.program * scale,
    helpers: Math.max(0, cpuSeconds - queries - sampled * scale),
    scale,
  };
}
