import type { AheadMemory } from './ahead-memory.js';
import type { Entry, SourceFile } from './source.js';

/** What was listed and read ahead of one client; by tree and path. */
export class Ahead {
  readonly lists = new Map<string, Entry[]>();
  readonly files = new Map<string, SourceFile>();
  /**
   * True when a folder could not be listed ahead: it is listed directly then, and states that are taken after files were
   * read would hide how these changed meanwhile. So nothing of this is used.
   */
  isVoid = false;
  #listBytes = 0;

  constructor(private readonly memory: AheadMemory) {}

  /** @returns whether there is room for a list of so many entries */
  takeList(entries: number): boolean {
    const bytes = this.memory.takeList(entries);
    this.#listBytes += bytes ?? 0;
    return bytes !== null;
  }

  /** Lets go of what nobody asked for, and of lists. */
  release(): void {
    for (const file of this.files.values()) file.close();
    this.files.clear();
    this.lists.clear();
    this.memory.give(this.#listBytes);
    this.#listBytes = 0;
  }
}
