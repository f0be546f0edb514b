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

/** What V8 counts outside of any function. */
const OUTSIDE = { '(garbage collector)': 'garbage', '(program)': 'program', '(idle)': 'idle' } as const;

export type Outside = (typeof OUTSIDE)[keyof typeof OUTSIDE];

/** Seconds of threads, by what they did. */
export type StageSeconds = Record<Stage | Outside, number>;

export function noSeconds(): StageSeconds {
  const stages = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
  return { ...stages, garbage: 0, program: 0, idle: 0 };
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
    nodes.map(({ id, callFrame }) => {
      const outside = OUTSIDE[callFrame.functionName as keyof typeof OUTSIDE] as Outside | undefined;
      return [id, outside ?? stageOf(stack(id))];
    }),
  );
}
