import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { reviveError } from '../base/fault.js';
import type { Protocol, TaskMessage, WorkerAnswer } from './protocol.js';

interface Job {
  readonly message: TaskMessage;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  attempts: number;
}

const MAX_ATTEMPTS = 2;

/** Two workers in a row died on one task: something in it is at fault. */
export class WorkerDeath extends Error {}

/** How long close() waits for tasks under way: a run that is told to stop does so within two seconds. */
const GRACE_MS = 400;
const POLL_MS = 20;
/**
 * Young generation: twice as large takes more memory and no less time, half as large 10 % more time.
 * Old generation: more than a worker needs. Below 2 GB V8 collects before the heap is twice, not four times, what lives.
 */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 2000 };
/** So long after its last task a worker has nothing left to compile. */
const QUIET_MS = 100;

/**
 * A fixed number of worker threads, each doing one task at a time. Tasks are cloned, not transferred, so that the task of
 * a worker that dies can be given to a new one: that costs a retry, not the run.
 */
export class WorkerPool<P extends Protocol<P>> {
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Job>();
  private readonly waiting: Job[] = [];
  private closing: Promise<void> | null = null;

  constructor(
    private readonly file: URL,
    readonly size: number,
    private readonly workerData: unknown,
    private readonly onDeath: (reason: string) => void,
  ) {
    for (let i = 0; i < size; i++) this.idle.push(this.start());
  }

  /**
   * Runs a task on the next free worker.
   * @returns its result
   * @throws what the task threw, or a WorkerDeath when two workers in a row died of it.
   */
  run<Name extends keyof P & string>(name: Name, task: P[Name]['task']): Promise<P[Name]['result']> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ message: { name, task }, resolve, reject, attempts: 0 });
      this.dispatch();
    });
  }

  /**
   * Ends the workers; tasks that wait are dropped. A worker ends between two tasks where that is soon: ending one while
   * V8 compiles its code in the background can bring down the whole process (an assertion of Node 20's platform).
   * May be called again: it is done once.
   */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.waiting.length = 0;
    for (let waited = 0; this.busy.size > 0 && waited < GRACE_MS; waited += POLL_MS) await sleep(POLL_MS);
    await sleep(QUIET_MS);
    const workers = [...this.idle, ...this.busy.keys()];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  private start(): Worker {
    const worker = new Worker(this.file, { workerData: this.workerData, resourceLimits: WORKER_LIMITS });
    let cause = 'it exited';
    worker.on('message', (answer: WorkerAnswer) => {
      this.settle(worker, answer);
    });
    worker.on('error', (error) => {
      cause = error.message;
    });
    worker.on('exit', () => {
      if (this.closing !== null) this.busy.delete(worker);
      else this.replace(worker, cause);
    });
    return worker;
  }

  private dispatch(): void {
    while (this.idle.length > 0 && this.waiting.length > 0) {
      const worker = this.idle.pop()!;
      const job = this.waiting.shift()!;
      job.attempts++;
      this.busy.set(worker, job);
      worker.postMessage(job.message);
    }
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
