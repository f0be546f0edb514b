import { mapSome } from '../base/map-some.js';
import { errorCode } from '../base/system-error.js';
import { Ahead } from './ahead.js';
import { AheadFile } from './ahead-file.js';
import { AheadMemory, PIECE_BYTES, type AheadLimits } from './ahead-memory.js';
import { folderEntry, plainEntry, stateOf } from './entries.js';
import type { Dirent } from './file-calls.js';
import { LocalFile } from './local-file.js';
import { sortedByName, type LocalSource } from './local-source.js';
import { Slowness } from './slowness.js';
import type { Entry, Roots, Source, SourceFile, Tree } from './source.js';

/** Larger JSON files are read when they are wanted. */
const MOST_AHEAD = 256 * 1024;
/** Calls that wait for the file system at a time for one folder: of a folder of a million files too. */
const CALLS_AT_ONCE = 64;

/** What is wanted of a folder: whether the states of its entries are, and what of a file, by its name: see `Wanted`. */
export interface WantedFolder {
  readonly withStates: boolean;
  readonly wants: (name: string) => Wanted;
}

/** The whole file, its beginning, or nothing of what is in it. */
export type Wanted = 'all' | 'start' | null;

/**
 * A source whose files are listed, looked at, opened and read before they are wanted, many at a time, while the thread does
 * other things. What went well is handed out by `list` and `open` as if it had been asked for then; all else is asked for
 * then, and fails then. The state of a file is always taken before its content is.
 */
export class AheadSource implements Source {
  readonly #slowness = new Slowness();
  readonly #memory: AheadMemory;
  #ahead: Ahead | null = null;

  /**
   * @param limits of what is held at a time
   * @param now milliseconds, from any beginning
   */
  constructor(
    private readonly local: LocalSource,
    limits: AheadLimits,
    private readonly now: () => number,
  ) {
    this.#memory = new AheadMemory(limits);
  }

  get roots(): Roots {
    return this.local.roots;
  }

  /** Whether it is worth it to read ahead. */
  get isSlow(): boolean {
    return this.#slowness.isSlow && this.mostFiles > 0;
  }

  /** Files of which the beginning may be held at a time. */
  get mostFiles(): number {
    return this.#memory.mostFiles;
  }

  /** For what is to be read ahead of a client. */
  newAhead(): Ahead {
    return new Ahead(this.#memory);
  }

  /** What `list` and `open` hand out from now on; what is left of that before is let go of. Null at the end of a task. */
  use(ahead: Ahead | null): void {
    this.#ahead?.release();
    if (ahead === null) this.#slowness.pause();
    if (ahead?.isVoid === true) ahead.release();
    this.#ahead = ahead;
  }

  listRoot(tree: Tree): Entry[] {
    return this.local.listRoot(tree);
  }

  list(tree: Tree, path: string, withStates: boolean): Entry[] {
    const ready = this.#ahead === null ? undefined : taken(this.#ahead.lists, keyOf(tree, path));
    if (ready !== undefined) return ready;
    const start = this.now();
    const entries = this.local.list(tree, path, withStates);
    // Folders cost no call of their own.
    this.#slowness.add(start, this.now(), withStates ? 1 + entries.length : 1);
    return entries;
  }

  open(tree: Tree, path: string): SourceFile {
    const ready = this.#ahead === null ? undefined : taken(this.#ahead.files, keyOf(tree, path));
    if (ready !== undefined) return ready;
    const start = this.now();
    const file = this.local.open(tree, path);
    this.#slowness.add(start, this.now(), 1);
    return file;
  }

  explain(error: unknown, tree: Tree): string {
    return this.local.explain(error, tree);
  }

  takeFailures(): number {
    return this.local.takeFailures();
  }

  /**
   * Lists a folder ahead, looks at what it holds and reads what is wanted of it.
   * @param ahead gets the list and the files
   * @returns the entries once all was done; null where anything failed or there is no room, and the list is to be asked
   *   for directly
   */
  async listAhead(tree: Tree, path: string, wanted: WantedFolder, ahead: Ahead): Promise<Entry[] | null> {
    try {
      const dirents = await this.local.calls.later.list(this.local.absolute(tree, path));
      if (!ahead.takeList(dirents.length)) ahead.isVoid = true;
      if (ahead.isVoid) return null;
      const entries = await mapSome(dirents, CALLS_AT_ONCE, (dirent) =>
        this.#entryAhead(tree, `${path}/${dirent.name}`, dirent, wanted, ahead),
      );
      sortedByName(entries);
      ahead.lists.set(keyOf(tree, path), entries);
      return entries;
    } catch (error) {
      ahead.isVoid = true;
      return orNull(error);
    }
  }

  /** @throws the file system's error when it cannot be looked at */
  async #entryAhead(
    tree: Tree,
    path: string,
    dirent: Dirent,
    { withStates, wants }: WantedFolder,
    ahead: Ahead,
  ): Promise<Entry> {
    const { name } = dirent;
    if (dirent.isDirectory()) return folderEntry(name);
    const { later } = this.local.calls;
    const absolute = this.local.absolute(tree, path);
    const wanted = wants(name);
    if (dirent.isSymbolicLink()) {
      const [stat, target] = await Promise.all([later.stat(absolute), later.target(absolute)]);
      const entry = this.local.entries.link(name, stat, target, withStates);
      if (wanted !== null && entry.kind === 'file' && entry.outside === null)
        await this.#openAhead(tree, path, wanted, ahead);
      return entry;
    }
    if (wanted !== null && dirent.isFile()) {
      const state = await this.#openAhead(tree, path, wanted, ahead);
      if (state !== null) return plainEntry(dirent, withStates ? state : null);
    }
    return plainEntry(dirent, withStates ? stateOf(await later.stat(absolute)) : null);
  }

  /** @returns the state of the file, which was taken before it was read; null when it is to be opened directly */
  async #openAhead(tree: Tree, path: string, wanted: 'all' | 'start', ahead: Ahead): Promise<string | null> {
    const piece = this.#memory.takePiece();
    if (piece === null) return null;
    const { later } = this.local.calls;
    let descriptor: number | null = null;
    try {
      descriptor = await later.open(this.local.absolute(tree, path));
      const stat = await later.openStat(descriptor);
      if (!stat.isFile()) throw Object.assign(new Error('no file'), { code: 'ENOTSUP' });
      const file = await this.#readAhead(descriptor, Number(stat.size), wanted, piece);
      ahead.files.set(keyOf(tree, path), file);
      return stateOf(stat);
    } catch (error) {
      this.#memory.givePiece(piece);
      if (descriptor !== null) this.local.calls.close(descriptor);
      return orNull(error);
    }
  }

  async #readAhead(
    descriptor: number,
    size: number,
    wanted: 'all' | 'start',
    piece: Buffer,
  ): Promise<SourceFile> {
    const { calls, patience } = this.local;
    const buffer = this.#bufferFor(size, wanted, piece);
    const count = Math.min(size, buffer.length);
    const giveBack = () => {
      if (buffer !== piece) this.#memory.give(buffer.length);
    };
    let done: number;
    try {
      done = count === 0 ? 0 : await calls.later.read(descriptor, buffer, count);
    } catch (error) {
      giveBack();
      throw error;
    }
    const isAll = done === size;
    if (isAll) calls.close(descriptor);
    const rest = isAll ? null : new LocalFile(descriptor, size, calls, patience);
    return new AheadFile(size, buffer.subarray(0, done), rest, () => {
      giveBack();
      this.#memory.givePiece(piece);
    });
  }

  /** A larger one than the piece where the whole file is wanted, and there is room for it. */
  #bufferFor(size: number, wanted: 'all' | 'start', piece: Buffer): Buffer {
    const isLarge = wanted === 'all' && size > PIECE_BYTES && size <= MOST_AHEAD;
    return isLarge && this.#memory.take(size) ? Buffer.allocUnsafeSlow(size) : piece;
  }
}

function keyOf(tree: Tree, path: string): string {
  return `${tree}/${path}`;
}

function taken<T>(from: Map<string, T>, key: string): T | undefined {
  const value = from.get(key);
  if (value !== undefined) from.delete(key);
  return value;
}

/** Null for an error of the file system, which is met again, and told, when the thing itself is asked for. */
function orNull(error: unknown): null {
  if (errorCode(error) === undefined) throw error;
  return null;
}
