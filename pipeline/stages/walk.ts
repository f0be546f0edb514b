import type { ClientId } from '../omi-db/client-id.js';
import { isLikeRecord, isUid } from '../omi-db/layout.js';
import { LinkOutside, type Entry, type Source, type Tree } from '../source/source.js';

/** Walk: lists each folder of a client once, for discover, which pairs the files, and for the stamp. No file is opened. */

/** A client and the trees that have a folder of its name. */
export interface ClientEntry extends ClientId {
  readonly trees: readonly Tree[];
  /** Where her folder in a tree leads, where that is a link that leads out of the trees. */
  readonly outside?: Readonly<Partial<Record<Tree, string>>>;
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
  /** True of another folder that holds what looks like records. */
  readonly holdsRecords: boolean;
}

/** A client's folders in the trees that have one of her name. */
export type WalkedClient = ReadonlyMap<Tree, WalkedFolder>;

/** A client, and the trees that have a folder of her name. */
type ClientFolders = Pick<ClientEntry, 'id' | 'trees' | 'outside'>;

/** @param withStates whether the states of entries are wanted, which a stamp is made of */
export function walkClient(client: ClientFolders, source: Source, withStates: boolean): WalkedClient {
  const { id, trees, outside } = client;
  const walk = (tree: Tree) => {
    const target = outside?.[tree];
    return target === undefined ? walkFolder(source, tree, id, true, withStates) : leadsOut(target);
  };
  return new Map(trees.map((tree) => [tree, walk(tree)]));
}

/**
 * Whether a folder that the layout does not know holds what looks like records, or a folder in it does.
 * @param depth how many levels to look at
 */
export function holdsRecords(source: Source, tree: Tree, path: string, depth = 2): boolean {
  try {
    return source.list(tree, path, false).some(({ name, kind, outside, isAlias }) => {
      if (isLikeRecord(name)) return true;
      const isWithin = kind === 'folder' && outside === null && !isAlias && depth > 1;
      return isWithin && holdsRecords(source, tree, `${path}/${name}`, depth - 1);
    });
  } catch (error) {
    // For the source to count: a later run must look again.
    source.explain(error, tree);
    return false;
  }
}

function leadsOut(target: string): WalkedFolder {
  return { entries: [], error: new LinkOutside(target) };
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
  const entries = listed.map((entry) => {
    if (entry.kind !== 'folder') return walkedEntry(entry, entry.state, null, false);
    const below = `${path}/${entry.name}`;
    if (!withStudies || !isUid(entry.name)) return unknownFolder(entry, source, tree, below);
    const { outside } = entry;
    const study = outside === null ? walkFolder(source, tree, below, false, withStates) : leadsOut(outside);
    return walkedEntry(entry, entry.state, study, false);
  });
  return { entries, error: null };
}

/** Written out, as all that is made for each file: V8 makes that far faster than a spread with keys after it. */
function walkedEntry(
  { name, kind, outside, isAlias }: Entry,
  state: string | null,
  study: WalkedFolder | null,
  holds: boolean,
): WalkedEntry {
  return { name, kind, state, outside, isAlias, study, holdsRecords: holds };
}

function unknownFolder(entry: Entry, source: Source, tree: Tree, path: string): WalkedEntry {
  const holds = entry.outside === null && !entry.isAlias && holdsRecords(source, tree, path);
  // For the stamp: what it holds decides what is said of it.
  return walkedEntry(entry, `${entry.state}${holds ? '!' : ''}`, null, holds);
}
