import { LOCAL_CALLS, type FileCalls } from '../../pipeline/source/file-calls.js';

/** Calls of the file system that are watched, delayed and made to fail: what a file server does, without one. */

export interface Call {
  /** `open`, or `later.open`. */
  readonly name: string;
  readonly path: string;
}

export type Meddle = (call: Call) => void | Promise<void>;

/**
 * The calls of this machine.
 * @param before called before each of them that takes a path, or a file that was opened by one; what it throws the call
 *   throws, and the promise that it returns a call that comes later waits for
 */
export function watchedCalls(before: Meddle): { calls: FileCalls; isOpen: ReadonlyMap<number, string> } {
  const opened = new Map<number, string>();
  const pathOf = (first: unknown) => (typeof first === 'number' ? opened.get(first)! : String(first));
  const watch = <T extends object>(calls: T, prefix: string, isLater: boolean): T =>
    Object.fromEntries(
      Object.entries(calls).map(([name, call]) => {
        if (typeof call !== 'function') return [name, watch(call as object, `${name}.`, true)];
        const go = (args: unknown[]) => keep(name, args, (call as (...all: unknown[]) => unknown)(...args));
        const tell = (args: unknown[]) => before({ name: prefix + name, path: pathOf(args[0]) });
        const atOnce = (...args: unknown[]) => {
          void tell(args);
          return go(args);
        };
        const later = async (...args: unknown[]) => {
          await tell(args);
          return go(args);
        };
        return [name, isLater ? later : atOnce];
      }),
    ) as T;
  const keep = (name: string, args: unknown[], answer: unknown) => {
    if (name === 'close') opened.delete(args[0] as number);
    if (name !== 'open') return answer;
    const note = (descriptor: number) => {
      opened.set(descriptor, String(args[0]));
      return descriptor;
    };
    return answer instanceof Promise ? answer.then(note) : note(answer as number);
  };
  return { calls: watch<FileCalls>(LOCAL_CALLS, '', false), isOpen: opened };
}

/** An error of the system, as Node throws it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: refused`), { code });
}
