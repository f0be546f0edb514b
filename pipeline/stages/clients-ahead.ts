import { setImmediate as nextTurn } from 'node:timers/promises';
import { isImagedbFile, isNbssFile, isUid, parseImageFile } from '../omi-db/layout.js';
import type { Ahead } from '../source/ahead.js';
import type { AheadSource, Wanted, WantedFolder } from '../source/ahead-source.js';
import type { Tree } from '../source/source.js';
import type { ClientEntry } from './walk.js';

/**
 * Reads ahead of the stages, which are synchronous: what they will ask of the coming clients is there when it is their turn.
 * Where the disk answers at once nothing is read ahead.
 */

/** What is asked of a client: a walk with states, her own files too, or all her files. */
export type Purpose = 'stamp' | 'plan' | 'read';

export interface ComingClients {
  readonly purpose: Purpose;
  readonly clients: readonly ClientEntry[];
}

/** Clients under way at a time, at most. */
const MOST_CLIENTS = 48;
/** Of the files that may be held, so many are planned for: some clients have more than those before them. */
const SHARE = 0.75;
/** Files of a client that are read, before any is known. */
const FIRST_GUESS = 20;
/** How much of the mean of a client's files is that of those before her. */
const MEMORY = 0.9;

/** A client whose turn will come. */
interface Coming {
  readonly client: ClientEntry;
  readonly purpose: Purpose;
}

interface Begun {
  readonly ahead: Ahead;
  readonly done: Promise<void>;
}

export class ClientsAhead {
  /** Of the task that is being done, those whose turn it is not yet. */
  #now: Coming[] = [];
  /** Of the tasks after it. */
  #later: Coming[] = [];
  readonly #begun = new Map<string, Begun>();
  #filesOfOne = FIRST_GUESS;

  constructor(readonly source: AheadSource) {}

  /** Does something with each of some clients, in order, when what it will ask for is there. */
  async each(
    clients: readonly ClientEntry[],
    purpose: Purpose,
    use: (client: ClientEntry) => void,
  ): Promise<void> {
    this.#now = clients.map((client) => ({ client, purpose }));
    const keys = new Set(this.#now.map(keyOf));
    this.#later = this.#later.filter((coming) => !keys.has(keyOf(coming)));
    try {
      for (let coming = this.#now.shift(); coming !== undefined; coming = this.#now.shift()) {
        if (this.source.isSlow) await this.#ready(coming);
        use(coming.client);
      }
    } finally {
      this.#now = [];
      this.source.use(null);
      // Of a task that failed: it is done again, and what was read of it now is too old then.
      this.#dropOthers();
    }
  }

  /** Says what comes after the task that is being done, instead of what was said before. */
  expect(tasks: readonly ComingClients[]): void {
    this.#later = tasks.flatMap(({ clients, purpose }) => clients.map((client) => ({ client, purpose })));
    this.#dropOthers();
    if (this.source.isSlow) this.#beginSome();
  }

  /** Waits for a client, and for whatever the file system has answered of others to take its next step. */
  async #ready(coming: Coming): Promise<void> {
    const { ahead, done } = this.#begun.get(keyOf(coming)) ?? this.#begin(coming);
    this.#begun.delete(keyOf(coming));
    this.#beginSome();
    await done;
    this.source.use(ahead);
    if (coming.purpose !== 'stamp')
      this.#filesOfOne = MEMORY * this.#filesOfOne + (1 - MEMORY) * ahead.files.size;
    this.#beginSome();
    await nextTurn();
  }

  /** Begins those that come next, as many as there is room for. */
  #beginSome(): void {
    for (const coming of [...this.#now, ...this.#later]) {
      if (this.#begun.size >= this.#mostClients(coming.purpose)) return;
      if (!this.#begun.has(keyOf(coming))) this.#begin(coming);
    }
  }

  #mostClients(purpose: Purpose): number {
    if (purpose === 'stamp') return MOST_CLIENTS;
    const fit = Math.floor((SHARE * this.source.mostFiles) / Math.max(1, this.#filesOfOne));
    return Math.min(Math.max(1, fit), MOST_CLIENTS);
  }

  #begin(coming: Coming): Begun {
    const ahead = this.source.newAhead();
    const begun = { ahead, done: readAhead(this.source, coming, ahead) };
    // Whoever waits for it is told.
    begun.done.catch(() => undefined);
    this.#begun.set(keyOf(coming), begun);
    return begun;
  }

  /** Lets go of clients that do not come. */
  #dropOthers(): void {
    const wanted = new Set([...this.#now, ...this.#later].map(keyOf));
    for (const [key, { ahead, done }] of this.#begun) {
      if (wanted.has(key)) continue;
      this.#begun.delete(key);
      void done.finally(() => { ahead.release(); }).catch(() => undefined);
    } // prettier-ignore
  }
}

function keyOf({ client, purpose }: Coming): string {
  return `${purpose} ${client.id}`;
}

/** Lists what a walk over the client lists, and reads of her files what her reader begins with. */
async function readAhead(source: AheadSource, { client, purpose }: Coming, ahead: Ahead): Promise<void> {
  const { id, trees, outside } = client;
  const folders = trees.filter((tree) => outside?.[tree] === undefined);
  await Promise.all(
    folders.map(async (tree) => {
      const entries = await source.listAhead(tree, id, wantedOfClient(id, tree, purpose), ahead);
      const studies = (entries ?? []).filter(
        ({ name, kind, outside: target }) => kind === 'folder' && target === null && isUid(name),
      );
      const wanted = wantedOfStudy(tree, purpose);
      await Promise.all(studies.map(({ name }) => source.listAhead(tree, `${id}/${name}`, wanted, ahead)));
    }),
  );
}

function wantedOfClient(id: string, tree: Tree, purpose: Purpose): WantedFolder {
  const isRead = purpose !== 'stamp' && tree !== 'images';
  const wants = (name: string): Wanted => (isImagedbFile(name, id) || isNbssFile(name, id) ? 'all' : null);
  return { withStates: purpose !== 'plan', wants: isRead ? wants : nothing };
}

function wantedOfStudy(tree: Tree, purpose: Purpose): WantedFolder {
  const isRead = purpose === 'read' && tree !== 'nbss';
  return { withStates: purpose !== 'plan', wants: isRead ? WANTS[tree] : nothing };
}

const WANTS = {
  data: (name: string): Wanted => {
    const kind = parseImageFile(name)?.kind;
    return kind === 'json' || kind === 'dcm_json' ? 'all' : null;
  },
  images: (name: string): Wanted => (parseImageFile(name)?.kind === 'dicom' ? 'start' : null),
} as const;

const nothing = () => null;
