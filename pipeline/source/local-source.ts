import { lstatSync, readdirSync, realpathSync, statSync, type BigIntStats, type Dirent } from 'node:fs';
import { EnvironmentFault } from '../base/fault.js';
import { errorCode, errorName } from '../base/system-error.js';
import { compareText } from '../base/text.js';
import { assertSameRoot, identifyRoots } from './root-identity.js';
import { NOT_A_FILE, openLocalFile } from './local-file.js';
import type { Entry, EntryKind, RootIds, Roots, Source, SourceFile, Tree } from './source.js';

export { openLocalFile };

/**
 * What a path is, links followed; null where there is nothing.
 * @throws EnvironmentFault when it cannot be looked at
 */
export function kindOfPath(path: string): EntryKind | null {
  try {
    const stat = statSync(path, STAT_OPTIONS) ?? null;
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
    return readdirSync(folder);
  } catch (error) {
    throw new EnvironmentFault(
      `${folder} cannot be listed (${errorName(error)}): check that you may read it`,
    );
  }
}

/** A database in the file system of this machine, read synchronously: one worker thread reads one file at a time. */
export class LocalSource implements Source {
  #inside: readonly string[] | null = null;
  #failures = 0;

  /**
   * @param followLinks whether to follow links that lead out of the trees too
   * @param rootIds of the roots when the run began: every error makes it look whether they are still the same
   */
  constructor(
    readonly roots: Roots,
    private readonly followLinks = false,
    private readonly rootIds: RootIds = identifyRoots(roots),
  ) {}

  listRoot(tree: Tree): Entry[] {
    const root = this.#root(tree);
    try {
      if (!statSync(root).isDirectory())
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
    const entries = twiceWhereStale(() => this.#list(`${this.#root(tree)}/${path}`, withStates));
    if (withStates && entries.some(({ state }) => state === UNKNOWN_STATE)) {
      assertSameRoot(this.roots, this.rootIds, tree);
      this.#failures++;
    }
    return entries;
  }

  open(tree: Tree, path: string): SourceFile {
    return twiceWhereStale(() => openLocalFile(`${this.#root(tree)}/${path}`));
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

  /**
   * What a folder holds, sorted by name, with one directory read.
   * @throws the file system's error when the folder cannot be read.
   */
  #list(path: string, withStates: boolean): Entry[] {
    return readdirSync(path, { withFileTypes: true })
      .map((entry) =>
        entry.isSymbolicLink()
          ? this.#linkOf(path, entry.name, withStates)
          : entryOf(path, entry, withStates),
      )
      .sort((a, b) => compareText(a.name, b.name));
  }

  /** A link is what it points to, or leads out: only links cost the calls that it takes to tell. */
  #linkOf(folder: string, name: string, withState: boolean): Entry {
    const path = `${folder}/${name}`;
    const stat = statOf(path);
    const target = targetOf(path);
    // What it leads to is part of its state: another file may have the same size and time.
    const known = stat === null ? UNKNOWN_STATE : `${target ?? '?'} ${stateOf(stat)}`;
    const isAlias = target !== null && this.#isInside(target);
    const leadsOut = target !== null && !isAlias && !this.followLinks;
    return {
      name,
      kind: kindOf(stat),
      state: withState ? known : null,
      outside: leadsOut ? target : null,
      isAlias,
    };
  }

  #isInside(target: string): boolean {
    this.#inside ??= Object.values(this.roots)
      .filter((root) => root !== null)
      .map((root: string) => targetOf(root) ?? root);
    return this.#inside.some((root) => target === root || target.startsWith(`${root}/`));
  }

  #root(tree: Tree): string {
    const root = this.roots[tree];
    if (root === null) throw new Error(`there is no ${tree} tree`);
    return root;
  }
}

/** A file server's client that remembers a file which was replaced meanwhile finds the new one when it is asked again. */
function twiceWhereStale<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (errorCode(error) !== 'ESTALE') throw error;
    return action();
  }
}

function entryOf(folder: string, entry: Dirent, withState: boolean): Entry {
  const { name } = entry;
  if (entry.isDirectory())
    return { name, kind: 'folder', state: FOLDER_STATE, outside: null, isAlias: false };
  const kind = entry.isFile() ? 'file' : 'other';
  const state = withState ? stateOf(statOf(`${folder}/${name}`)) : null;
  return { name, kind, state, outside: null, isAlias: false };
}

/** The path with all links resolved; null where it leads nowhere. */
function targetOf(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}

/** Of what a link points to; of the link itself when it points to nothing. One bad link costs not what lies beside it. */
function statOf(path: string): BigIntStats | null {
  try {
    return statSync(path, STAT_OPTIONS) ?? lstatSync(path, STAT_OPTIONS) ?? null;
  } catch (error) {
    // A link to itself is what it is, whoever looks.
    return errorCode(error) === 'ELOOP' ? (lstatSync(path, STAT_OPTIONS) ?? null) : null;
  }
}

const STAT_OPTIONS = { bigint: true, throwIfNoEntry: false } as const;

function kindOf(stat: BigIntStats | null): EntryKind {
  if (stat?.isFile() === true) return 'file';
  return stat?.isDirectory() === true ? 'folder' : 'other';
}

const FOLDER_STATE = '/';
/** Of what could not be looked at. */
const UNKNOWN_STATE = '?';

/**
 * Of a folder only that it is one: what it holds has states of its own. Of a file also the time of the last change of its
 * inode, which nobody can put back as he can that of its content.
 */
function stateOf(stat: BigIntStats | null): string {
  if (stat === null) return UNKNOWN_STATE;
  return stat.isDirectory() ? FOLDER_STATE : `${stat.mode} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
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
