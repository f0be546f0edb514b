import { EnvironmentFault } from '../base/fault.js';
import { errorCode, errorName } from '../base/system-error.js';
import { compareText } from '../base/text.js';
import { Entries, folderEntry, kindOf, plainEntry, stateOf, UNKNOWN_STATE } from './entries.js';
import { LOCAL_CALLS, type Dirent, type FileCalls } from './file-calls.js';
import { NOT_A_FILE, openLocalFile } from './local-file.js';
import { statOf, targetOf } from './look.js';
import { Patience } from './patience.js';
import { assertSameRoot, identifyRoots } from './root-identity.js';
import type { Entry, EntryKind, RootIds, Roots, Source, SourceFile, Tree } from './source.js';

export { openLocalFile };

/**
 * What a path is, links followed; null where there is nothing.
 * @throws EnvironmentFault when it cannot be looked at
 */
export function kindOfPath(path: string): EntryKind | null {
  try {
    const stat = LOCAL_CALLS.stat(path);
    return stat === null ? null : kindOf(stat);
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return null;
    throw new EnvironmentFault(
      `${path} cannot be looked at (${errorName(error)}): check that you may read it`,
    );
  }
}

/** Names in a folder, in no order. @throws EnvironmentFault when it cannot be listed */
export function namesIn(folder: string): string[] {
  try {
    return LOCAL_CALLS.list(folder).map(({ name }) => name);
  } catch (error) {
    throw new EnvironmentFault(
      `${folder} cannot be listed (${errorName(error)}): check that you may read it`,
    );
  }
}

/** A database in the file system of this machine, read synchronously: one worker thread reads one file at a time. */
export class LocalSource implements Source {
  readonly entries: Entries;
  readonly patience = new Patience();
  /** Those that list and look, which try again. */
  readonly #patient: FileCalls;
  #failures = 0;

  /**
   * @param followLinks whether to follow links that lead out of the trees too
   * @param rootIds of the roots when the run began: every error makes it look whether they are still the same
   * @param calls those of the file system, which tests replace
   */
  constructor(
    readonly roots: Roots,
    followLinks = false,
    private readonly rootIds: RootIds = identifyRoots(roots),
    readonly calls: FileCalls = LOCAL_CALLS,
  ) {
    this.#patient = patientCalls(calls, this.patience);
    this.entries = new Entries(roots, followLinks, this.#patient);
  }

  listRoot(tree: Tree): Entry[] {
    const root = this.#root(tree);
    try {
      if (this.#patient.stat(root)?.isDirectory() === false)
        throw new EnvironmentFault(
          `${root} is a file, not a folder: give the folder that holds the client folders`,
        );
      return this.#list(root, false);
    } catch (error) {
      if (error instanceof EnvironmentFault) throw error;
      throw new EnvironmentFault(
        `${root} cannot be listed (${errorName(error)}): check that it is there and that you may read it`,
      );
    }
  }

  list(tree: Tree, path: string, withStates: boolean): Entry[] {
    const entries = this.#list(this.absolute(tree, path), withStates);
    if (withStates && entries.some(({ state }) => state === UNKNOWN_STATE)) {
      assertSameRoot(this.roots, this.rootIds, tree);
      this.#failures++;
    }
    return entries;
  }

  open(tree: Tree, path: string): SourceFile {
    return openLocalFile(this.absolute(tree, path), this.calls, this.patience);
  }

  explain(error: unknown, tree: Tree): string {
    const code = errorCode(error);
    if (code === undefined || !LOCAL_ERRORS.has(code)) throw error;
    assertSameRoot(this.roots, this.rootIds, tree);
    this.#failures++;
    return REASONS[code] ?? `it cannot be read (${code})`;
  }

  takeFailures(): number {
    const failures = this.#failures;
    this.#failures = 0;
    return failures;
  }

  /** A path of this machine. */
  absolute(tree: Tree, path: string): string {
    return `${this.#root(tree)}/${path}`;
  }

  /**
   * What a folder holds, sorted by name, with one directory read.
   * @throws the file system's error when the folder cannot be read.
   */
  #list(folder: string, withStates: boolean): Entry[] {
    return sortedByName(
      this.#patient.list(folder).map((dirent) => this.#entry(`${folder}/${dirent.name}`, dirent, withStates)),
    );
  }

  /** Only links, and states, cost further calls. */
  #entry(path: string, dirent: Dirent, withState: boolean): Entry {
    if (dirent.isDirectory()) return folderEntry(dirent.name);
    const calls = this.#patient;
    if (dirent.isSymbolicLink())
      return this.entries.link(dirent.name, statOf(path, calls), targetOf(path, calls), withState);
    return plainEntry(dirent, withState ? stateOf(statOf(path, calls)) : null);
  }

  #root(tree: Tree): string {
    const root = this.roots[tree];
    if (root === null) throw new Error(`there is no ${tree} tree`);
    return root;
  }
}

export function sortedByName(entries: Entry[]): Entry[] {
  return isSorted(entries) ? entries : entries.sort((a, b) => compareText(a.name, b.name));
}

/** Names of ASCII mostly come in their order, and to sort a list makes copies of it. */
function isSorted(entries: readonly Entry[]): boolean {
  for (let i = 1; i < entries.length; i++)
    if (compareText(entries[i - 1]!.name, entries[i]!.name) > 0) return false;
  return true;
}

/** The calls at once, done again where they fail; a file that is open tries again by itself. */
function patientCalls(calls: FileCalls, patience: Patience): FileCalls {
  const { list, stat, linkStat, target } = calls;
  return {
    ...calls,
    list: patience.wrap(list),
    stat: patience.wrap(stat),
    linkStat: patience.wrap(linkStat),
    target: patience.wrap(target),
  };
}

/** Errors of the file system that concern one file or folder: the run reports them and goes on. */
const LOCAL_ERRORS = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EIO',
  'ELOOP',
  'ENAMETOOLONG',
  'EISDIR',
  'ENOTDIR',
  'ESTALE',
  'ENXIO',
  'EINVAL',
  NOT_A_FILE,
]);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it was there when its folder was listed and is gone',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EIO: 'the disk reports a read error',
  ESTALE: 'the file server does not know it any more',
  EISDIR: 'it is a folder, not a file',
  // A socket cannot even be opened.
  ENXIO: 'it is a pipe, a socket or a device, not a file',
  [NOT_A_FILE]: 'it is a pipe or a device, not a file',
};
