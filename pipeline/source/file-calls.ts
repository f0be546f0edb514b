import {
  close,
  closeSync,
  constants,
  fstat,
  fstatSync,
  lstatSync,
  open,
  openSync,
  read,
  readdir,
  readdirSync,
  readSync,
  realpath,
  realpathSync,
  stat,
  statSync,
  type BigIntStats,
  type Dirent,
  type Stats,
} from 'node:fs';

export type { BigIntStats, Dirent, Stats };

/**
 * The calls of the file system that reading a database is made of, each at once (the thread waits) and later (a thread of
 * Node's pool waits, and many of them at a time). In one place, so that tests can delay them and make them fail.
 */
export interface FileCalls {
  readonly list: (path: string) => Dirent[];
  /** Of what a link leads to; null where there is nothing. */
  readonly stat: (path: string) => BigIntStats | null;
  /** Of a link itself. */
  readonly linkStat: (path: string) => BigIntStats | null;
  /** The path with all links resolved. */
  readonly target: (path: string) => string;
  readonly open: (path: string) => number;
  readonly openStat: (descriptor: number) => Stats;
  /** @returns how many bytes were read, 0 at the end of the file */
  readonly read: (
    descriptor: number,
    target: Buffer,
    from: number,
    count: number,
    position: number,
  ) => number;
  readonly close: (descriptor: number) => void;
  readonly later: LaterCalls;
}

/** As their namesakes above. */
export interface LaterCalls {
  readonly list: (path: string) => Promise<Dirent[]>;
  readonly stat: (path: string) => Promise<BigIntStats>;
  readonly target: (path: string) => Promise<string>;
  readonly open: (path: string) => Promise<number>;
  readonly openStat: (descriptor: number) => Promise<BigIntStats>;
  readonly read: (descriptor: number, target: Buffer, count: number) => Promise<number>;
  readonly close: (descriptor: number) => Promise<void>;
}

/** What is no regular file (any more) may be a pipe, whose opening would wait for a writer without end. */
const FOR_READING = constants.O_RDONLY | constants.O_NONBLOCK;
const STAT_OPTIONS = { bigint: true, throwIfNoEntry: false } as const;
const WITH_TYPES = { withFileTypes: true } as const;
const BIGINT = { bigint: true } as const;

export const LOCAL_CALLS: FileCalls = {
  list: (path) => readdirSync(path, WITH_TYPES),
  stat: (path) => statSync(path, STAT_OPTIONS) ?? null,
  linkStat: (path) => lstatSync(path, STAT_OPTIONS) ?? null,
  target: (path) => realpathSync.native(path),
  open: (path) => openSync(path, FOR_READING),
  openStat: (descriptor) => fstatSync(descriptor),
  read: (descriptor, target, from, count, position) => readSync(descriptor, target, from, count, position),
  close: (descriptor) => {
    closeSync(descriptor);
  },
  later: {
    list: (path) => answered((done) => { readdir(path, WITH_TYPES, done); }),
    stat: (path) => answered((done) => { stat(path, BIGINT, done); }),
    target: (path) => answered((done) => { realpath.native(path, done); }),
    open: (path) => answered((done) => { open(path, FOR_READING, done); }),
    openStat: (descriptor) => answered((done) => { fstat(descriptor, BIGINT, done); }),
    read: (descriptor, target, count) => answered((done) => { read(descriptor, target, 0, count, 0, done); }),
    close: (descriptor) => answered((done) => { close(descriptor, done); }),
  },
}; // prettier-ignore

/** The answer of a call that is given a function to call when it is done. */
function answered<T>(call: (done: (error: Error | null, answer: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
}
