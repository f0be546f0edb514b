import { listFolder, type Entry } from '../omi-db/folders.js';
import { isUid } from '../omi-db/layout.js';
import type { ClientEntry, Roots, Tree } from './discover.js';

/** Walk: lists each folder of a client once, for discover, which pairs the files, and for the stamp. No file is opened. */

/** What a folder holds, as it was listed. */
export interface WalkedFolder {
  readonly entries: readonly WalkedEntry[];
  /** What the file system said when it could not be listed, and counts as empty; else null. */
  readonly error: unknown;
}

export interface WalkedEntry extends Entry {
  /** What the folder of a study holds. Other folders are not gone into: nothing in them is read. */
  readonly study: WalkedFolder | null;
}

/** A client's folders in the trees that have one of her name. */
export type WalkedClient = ReadonlyMap<Tree, WalkedFolder>;

/** @param withStates whether the states of entries are wanted, which a stamp is made of */
export function walkClient({ id, trees }: ClientEntry, roots: Roots, withStates: boolean): WalkedClient {
  return new Map(trees.map((tree) => [tree, walkFolder(`${roots[tree]!}/${id}`, true, withStates)]));
}

function walkFolder(path: string, withStudies: boolean, withStates: boolean): WalkedFolder {
  let listed: Entry[];
  try {
    listed = listFolder(path, withStates);
  } catch (error) {
    return { entries: [], error };
  }
  const entries = listed.map(({ name, kind, state }) => {
    const isStudy = withStudies && kind === 'folder' && isUid(name);
    return { name, kind, state, study: isStudy ? walkFolder(`${path}/${name}`, false, withStates) : null };
  });
  return { entries, error: null };
}
