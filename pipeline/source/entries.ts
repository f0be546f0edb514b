import { targetOf } from './look.js';
import type { BigIntStats, Dirent, FileCalls } from './file-calls.js';
import type { Entry, EntryKind, Roots } from './source.js';

/** Entries of folders, from what the file system says of them, however it was asked. */

const FOLDER_STATE = '/';
/** Of what could not be looked at. */
export const UNKNOWN_STATE = '?';

export class Entries {
  #inside: readonly string[] | null = null;

  /** @param followLinks whether to follow links that lead out of the trees too */
  constructor(
    private readonly roots: Roots,
    private readonly followLinks: boolean,
    private readonly calls: FileCalls,
  ) {}

  /**
   * A link is what it points to, or leads out.
   * @param stat of what it leads to
   * @param target the path of that; null where it leads nowhere
   */
  link(name: string, stat: BigIntStats | null, target: string | null, withState: boolean): Entry {
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
      .map((root: string) => targetOf(root, this.calls) ?? root);
    return this.#inside.some((root) => target === root || target.startsWith(`${root}/`));
  }
}

/** Of a folder only that it is one: what it holds has states of its own. */
export function folderEntry(name: string): Entry {
  return { name, kind: 'folder', state: FOLDER_STATE, outside: null, isAlias: false };
}

/** An entry that is neither link nor folder. @param state null where nobody asked */
export function plainEntry(dirent: Dirent, state: string | null): Entry {
  return {
    name: dirent.name,
    kind: dirent.isFile() ? 'file' : 'other',
    state,
    outside: null,
    isAlias: false,
  };
}

export function kindOf(stat: BigIntStats | null): EntryKind {
  if (stat?.isFile() === true) return 'file';
  return stat?.isDirectory() === true ? 'folder' : 'other';
}

/**
 * Of a file also the time of the last change of its inode, which nobody can put back as he can that of its content.
 * @param stat null of what could not be looked at
 */
export function stateOf(stat: BigIntStats | null): string {
  if (stat === null) return UNKNOWN_STATE;
  return stat.isDirectory() ? FOLDER_STATE : `${stat.mode} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}
