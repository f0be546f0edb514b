/**
 * How the stages read a database. Whatever is known of disks, links and file servers is behind this: nothing else opens,
 * lists or asks for a file of the database.
 */

/** Absolute paths of the trees; null where there is none. */
export interface Roots {
  readonly data: string;
  readonly images: string | null;
  /** A third tree of the same shape that holds the nbss files, where they lie apart. */
  readonly nbss: string | null;
}

export type Tree = keyof Roots;

/** What tells each root from another folder of its path (see root-identity.ts); null where there is none. */
export type RootIds = Readonly<Record<Tree, string | null>>;

export type EntryKind = 'file' | 'folder' | 'other';

/** What a folder holds under a name. */
export interface Entry {
  readonly name: string;
  /** Links count as what they point to; a link to nothing, a device or a pipe is `other`, so that nobody opens it. */
  readonly kind: EntryKind;
  /** What would change with it, to be compared as text; null where nobody asked. */
  readonly state: string | null;
  /** Where a link leads that leaves the trees, and is not to be followed; null for all else. */
  readonly outside: string | null;
  /** True of a link to another place in the trees, where what it leads to is met anyway. */
  readonly isAlias: boolean;
}

/** Stands for the listing of a folder that is such a link. */
export class LinkOutside extends Error {
  /** As of an error of the system, for the stamp: another target is another state. */
  readonly code: string;

  constructor(readonly target: string) {
    super('a link that leads out of the trees');
    this.code = `OUTSIDE ${target}`;
  }
}

/** A file that is open for reading at any position. */
export interface SourceFile {
  /** In bytes, when it was opened. */
  readonly size: number;
  /**
   * Fills target[from, to) with the bytes of the file at `position`.
   * @returns how many bytes there were
   * @throws the file system's error
   */
  read(target: Buffer, from: number, to: number, position: number): number;
  close(): void;
}

/** All `path`s are relative to the root of their tree, with `/` between names. */
export interface Source {
  readonly roots: Roots;
  /**
   * What the root of a tree holds, sorted by name.
   * @throws EnvironmentFault when it cannot be listed
   */
  listRoot(tree: Tree): Entry[];
  /**
   * What a folder holds, sorted by name.
   * @param withStates whether to say the `state` of each entry, which may cost a call of the file system for each file
   * @throws the file system's error when it cannot be listed (see `explain`)
   */
  list(tree: Tree, path: string, withStates: boolean): Entry[];
  /**
   * Opens a file.
   * @throws the file system's error when it cannot be opened, or is no regular file (see `explain`)
   */
  open(tree: Tree, path: string): SourceFile;
  /**
   * The reason, in a few words, for an error that concerns one file or folder only.
   * @throws the error itself when it is anything else (out of memory, too many open files, a fault of the program), and
   * EnvironmentFault when the whole root is gone, or another folder, because then every file would be reported as missing.
   */
  explain(error: unknown, tree: Tree): string;
  /** How many files and folders could not be read or looked at since the last call: what was made of the others is not to be kept for ever. */
  takeFailures(): number;
}
