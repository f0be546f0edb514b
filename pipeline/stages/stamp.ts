import { createHash } from 'node:crypto';
import type { WalkedClient, WalkedFolder } from './walk.js';

const TEXT_AT_ONCE = 1 << 16;

/**
 * A hash of everything that a run could see change of some clients without opening a file: names, kinds, sizes and times
 * of modification of all that lies in their folders.
 */
export class Stamp {
  private readonly hash = createHash('sha256');

  /** @param walked with the states of its entries, before any file of the client is read */
  add(clientId: string, walked: WalkedClient): void {
    for (const [tree, folder] of walked) {
      this.hash.update(`\0${tree}\0${clientId}`);
      this.addFolder(folder);
    }
  }

  private addFolder({ entries, error }: WalkedFolder): void {
    let text = error === null ? '' : `\0!${(error as NodeJS.ErrnoException).code ?? ''}`;
    for (const { name, state, study } of entries) {
      text += `\0${name}\0${state}`;
      // A folder may hold more names than one text can.
      if (study === null && text.length < TEXT_AT_ONCE) continue;
      this.hash.update(text);
      text = '';
      if (study !== null) this.addFolder(study);
    }
    this.hash.update(text);
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}
