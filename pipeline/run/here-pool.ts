import { setImmediate as turn } from 'node:timers/promises';
import { reviveError } from '../base/fault.js';
import type { TaskPool } from './pool.js';
import { answer, type Protocol, type WorkerTasks } from './protocol.js';

/**
 * Tasks done in the thread that asks for them, one after the other: for a debugger or a profiler, and where a run is over
 * sooner than a thread is started. A task that brings down the process is not tried again.
 */
export class HerePool<P extends Protocol<P>> implements TaskPool<P> {
  readonly size = 1;
  private last: Promise<unknown> = Promise.resolve();
  private loading: Promise<WorkerTasks<P>> | undefined;
  private closing: Promise<void> | undefined;

  /** @param load loads what does the tasks, for the first of them */
  constructor(private readonly load: () => Promise<WorkerTasks<P>>) {}

  run<Name extends keyof P & string>(name: Name, task: P[Name]['task']): Promise<P[Name]['result']> {
    return new Promise((resolve, reject) => {
      this.last = this.last.then(async () => {
        // Signals and progress are heard between two tasks.
        await turn();
        if (this.closing !== undefined) return;
        await this.perform(name, task).then(resolve, reject);
      });
    });
  }

  private async perform<Name extends keyof P & string>(
    name: Name,
    task: P[Name]['task'],
  ): Promise<P[Name]['result']> {
    this.loading ??= this.load();
    const { handlers } = await this.loading;
    const answered = await answer(handlers, { name, task });
    if ('error' in answered) throw reviveError(answered.error);
    return answered.result;
  }

  /** There is one. */
  keepOne(): void {}

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    await this.last;
    // Whoever asked for a task was told that it could not be loaded.
    await (await this.loading?.catch(() => undefined))?.close();
  }
}
