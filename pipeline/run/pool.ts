import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { reviveError } from '../base/fault.js';
import type { ComingTasks, Protocol, TaskMessage, WorkerAnswer, WorkerSetting } from './protocol.js';
import { letEnd, startThread } from './worker-thread.js';

interface Job {
  readonly message: TaskMessage;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Whether a worker that does another task may be told of it, to read ahead. */
  readonly isForeseen: boolean;
  attempts: number;
}

/** Tasks that each worker is told of ahead: one may be done before the disk has answered for the next. */
export const TASKS_AHEAD = 2;

const MAX_ATTEMPTS = 2;

/** Two workers in a row died on one task: something in it is at fault. */
export class WorkerDeath extends Error {}

/** How long close() waits for tasks under way: a run that is told to stop does so within two seconds. */
const GRACE_MS = 400;
const POLL_MS = 20;

/** Does tasks: in threads of their own, or here. */
export interface TaskPool<P extends Protocol<P>> {
  /** How many tasks are done at a time. */
  readonly size: number;
  /**
   * Runs a task when it is its turn.
   * @param isForeseen whether a worker is told of it before it is its turn; tasks of which none is go first
   * @returns its result
   * @throws what the task threw, or a WorkerDeath when two workers in a row died of it.
   */
  run<Name extends keyof P & string>(
    name: Name,
    task: P[Name]['task'],
    isForeseen?: boolean,
  ): Promise<P[Name]['result']>;
  /** Ends what has no task, but for one that does what still comes. */
  keepOne(): void;
  /** Drops tasks that wait, and ends what does them. May be called again: it is done once. */
  close(): Promise<void>;
}

/**
 * A fixed number of worker threads, each doing one task at a time. Tasks are cloned, not transferred, so that the task of
 * a worker that dies can be given to a new one: that costs a retry, not the run.
 */
export class WorkerPool<P extends Protocol<P>> implements TaskPool<P> {
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Job>();
  /** Jobs that a busy worker was told of, and which are its own unless another has nothing to do. */
  private readonly coming = new Map<Worker, Job[]>();
  private readonly waiting: Job[] = [];
  /** Workers that were told to end before the pool does. */
  private readonly ending = new Map<Worker, Promise<void>>();
  private closing: Promise<void> | null = null;

  /**
   * @param settings what each worker is sent first
   * @param first a thread of this file that was started already
   */
  constructor(
    private readonly file: URL,
    readonly size: number,
    private readonly settings: unknown,
    private readonly onDeath: (reason: string) => void,
    first: Worker | null = null,
  ) {
    for (let i = 0; i < size; i++) this.idle.push(this.start(i === 0 ? first : null));
  }

  run<Name extends keyof P & string>(
    name: Name,
    task: P[Name]['task'],
    isForeseen = false,
  ): Promise<P[Name]['result']> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ message: { name, task }, resolve, reject, isForeseen, attempts: 0 });
      this.dispatch();
    });
  }

  keepOne(): void {
    for (const worker of this.idle.splice(0, this.idle.length - 1)) this.ending.set(worker, letEnd(worker));
  }

  /**
   * A worker that has no task, or soon has none, ends by itself; one that goes on is ended.
   */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.waiting.length = 0;
    this.coming.clear();
    for (let waited = 0; this.busy.size > 0 && waited < GRACE_MS; waited += POLL_MS) await sleep(POLL_MS);
    await Promise.all([
      ...this.ending.values(),
      ...this.idle.map(letEnd),
      ...[...this.busy.keys()].map((worker) => worker.terminate()),
    ]);
  }

  private start(started: Worker | null = null): Worker {
    const worker = started ?? startThread(this.file, this.size);
    const settings: WorkerSetting = { settings: this.settings };
    worker.postMessage(settings);
    let cause = 'it exited';
    worker.on('message', (answer: WorkerAnswer) => {
      this.settle(worker, answer);
    });
    worker.on('error', (error) => {
      cause = error.message;
    });
    worker.on('exit', () => {
      if (this.closing !== null || this.ending.has(worker)) this.busy.delete(worker);
      else this.replace(worker, cause);
    });
    return worker;
  }

  private dispatch(): void {
    for (let worker = this.idle.at(-1); worker !== undefined; worker = this.idle.at(-1)) {
      const job = this.nextFor(worker);
      if (job === undefined) break;
      this.idle.pop();
      job.attempts++;
      this.busy.set(worker, job);
      worker.postMessage(job.message);
    }
    this.foresee();
  }

  /** A job that waits, best one that nobody can prepare for, or its own; else one that another worker was told of. */
  private nextFor(worker: Worker): Job | undefined {
    const urgent = this.waiting.findIndex(({ isForeseen }) => !isForeseen);
    if (urgent !== -1) return this.waiting.splice(urgent, 1)[0];
    return this.coming.get(worker)?.shift() ?? this.waiting.shift() ?? this.takeFromAnother();
  }

  private takeFromAnother(): Job | undefined {
    const [worker, jobs] = [...this.coming].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
    const job = jobs?.pop();
    if (job !== undefined) tell(worker!, jobs!);
    return job;
  }

  /** Tells busy workers of jobs that wait: each of as many, in turn. */
  private foresee(): void {
    const told = new Set<Worker>();
    for (let round = 1; round <= TASKS_AHEAD; round++) {
      for (const worker of this.busy.keys()) {
        const jobs = this.coming.get(worker) ?? [];
        if (jobs.length >= round) continue;
        const next = this.waiting.findIndex(({ isForeseen }) => isForeseen);
        if (next === -1) break;
        jobs.push(...this.waiting.splice(next, 1));
        this.coming.set(worker, jobs);
        told.add(worker);
      }
    }
    for (const worker of told) tell(worker, this.coming.get(worker)!);
  }

  private settle(worker: Worker, answer: WorkerAnswer): void {
    const job = this.busy.get(worker);
    this.busy.delete(worker);
    this.idle.push(worker);
    if (job !== undefined) {
      if ('error' in answer) job.reject(reviveError(answer.error));
      else job.resolve(answer.result);
    }
    this.dispatch();
  }

  private replace(dead: Worker, cause: string): void {
    this.onDeath(cause);
    const job = this.busy.get(dead);
    this.busy.delete(dead);
    // They did not kill it.
    this.waiting.unshift(...(this.coming.get(dead) ?? []));
    this.coming.delete(dead);
    const place = this.idle.indexOf(dead);
    if (place !== -1) this.idle.splice(place, 1);
    if (job !== undefined) {
      if (job.attempts < MAX_ATTEMPTS) this.waiting.unshift(job);
      else job.reject(new WorkerDeath(`two worker threads in a row died on the same work: ${cause}`));
    }
    this.idle.push(this.start());
    this.dispatch();
  }
}

function tell(worker: Worker, jobs: readonly Job[]): void {
  const message: ComingTasks = { coming: jobs.map((job) => job.message) };
  worker.postMessage(message);
}
