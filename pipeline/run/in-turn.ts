import type { RangeTasks } from './range-tasks.js';

/**
 * Does something with each of many things, begun in their order. Bounded: one is begun only when the workers are short of
 * tasks, so that memory does not grow with the database.
 * @returns the results, in order
 * @throws the first error of any; what waits is dropped
 */
export async function inTurn<Thing, Result>(
  tasks: Pick<RangeTasks, 'whenShort' | 'clear'>,
  things: Iterable<Thing>,
  work: (thing: Thing) => Promise<Result>,
): Promise<Result[]> {
  const begun: Promise<Result>[] = [];
  const failure = new Failure();
  try {
    for (const thing of things) {
      await Promise.race([tasks.whenShort(), failure.promise]);
      begun.push(failure.watch(work(thing)));
    }
    return await Promise.race([Promise.all(begun), failure.promise]);
  } catch (error) {
    tasks.clear();
    throw error;
  }
}

/** The first failure of many promises, as a promise that is never resolved. */
class Failure {
  private fail: (error: unknown) => void = () => undefined;
  readonly promise: Promise<never>;

  constructor() {
    this.promise = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    // Whoever races against it handles it; until then it is nobody's.
    this.promise.catch(() => undefined);
  }

  watch<T>(promise: Promise<T>): Promise<T> {
    promise.catch((error: unknown) => {
      this.fail(error);
    });
    return promise;
  }
}
