import type { ClientId } from '../omi-db/client-id.js';
import { isUid } from '../omi-db/layout.js';
import type { Entry, Source, Tree } from '../source/source.js';

/** Walk: lists each folder of a client once, for discover, which pairs the files, and for the stamp. No file is opened. */

/** A client and the trees that have a folder of its name. */
export interface ClientEntry extends ClientId {
  readonly trees: readonly Tree[];
}

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
export function walkClient({ id, trees }: ClientEntry, source: Source, withStates: boolean): WalkedClient {
  return new Map(trees.map((tree) => [tree, walkFolder(source, tree, id, true, withStates)]));
}

function walkFolder(
  source: Source,
  tree: Tree,
  path: string,
  withStudies: boolean,
  withStates: boolean,
): WalkedFolder {
  let listed: Entry[];
  try {
    listed = source.list(tree, path, withStates);
  } catch (error) {
    return { entries: [], error };
  }
  const entries = listed.map(({ name, kind, state }) => {
    const isStudy = withStudies && kind === 'folder' && isUid(name);
    const study = isStudy ? walkFolder(source, tree, `${path}/${name}`, false, withStates) : null;
    return { name, kind, state, study };
  });
  return { entries, error: null };
}
