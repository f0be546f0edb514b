import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../omi-db/client-id.js';
import { isUid } from '../omi-db/layout.js';
import type { ClientEntry, Roots } from './discover.js';

/**
 * A hash of everything that a run could see change of some clients without opening a file: names, kinds, sizes and times
 * of modification of all that lies in their folders.
 */
export function stampClients(clients: readonly ClientEntry[], roots: Roots): string {
  const hash = createHash('sha256');
  for (const client of clients) {
    for (const tree of client.trees) {
      hash.update(`\0${tree}\0${client.id}`);
      stampFolder(join(roots[tree]!, client.id), hash, true);
    }
  }
  return hash.digest('hex');
}

/** Study folders are gone into, other folders are not: nothing in them is read. */
function stampFolder(folder: string, hash: Hash, withStudies: boolean): void {
  let names: string[];
  try {
    names = readdirSync(folder).sort(compareText);
  } catch (error) {
    hash.update(`\0!${(error as NodeJS.ErrnoException).code ?? ''}`);
    return;
  }
  for (const name of names) {
    const path = join(folder, name);
    const stat = statOf(path);
    hash.update(`\0${name}`);
    if (stat === null) hash.update('\0?');
    else if (stat.isDirectory()) {
      hash.update('\0/');
      if (withStudies && isUid(name)) stampFolder(path, hash, false);
    } else {
      hash.update(`\0${stat.mode} ${stat.size} ${stat.mtimeNs}`);
    }
  }
}

/** Of what a link points to; of the link itself when it points to nothing. */
function statOf(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? lstatSync(path, { bigint: true });
  } catch {
    return null;
  }
}
