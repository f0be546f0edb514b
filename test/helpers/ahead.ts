import assert from 'node:assert/strict';
import { AheadSource } from '../../pipeline/source/ahead-source.js';
import type { FileCalls } from '../../pipeline/source/file-calls.js';
import { LocalSource } from '../../pipeline/source/local-source.js';
import { identifyRoots } from '../../pipeline/source/root-identity.js';
import type { Roots } from '../../pipeline/source/source.js';
import { ClientsAhead } from '../../pipeline/stages/clients-ahead.js';
import type { ClientEntry } from '../../pipeline/stages/discover.js';
import { walkClient } from '../../pipeline/stages/walk.js';

/** Sources that read ahead, as a worker has them, over calls that a test meddles with. */

/** More than any test's files and lists take: of the two limits the other one counts. */
const PLENTY = 64e6;

/** Each list and opening of a source takes minutes by this clock: after two of them it reads ahead. */
const slowClock = () => {
  let now = 0;
  return () => (now += 100_000);
};

/** A source on a disk that it takes for slow. @param files that it may hold at a time @param bytes likewise */
export function slowSource(roots: Roots, calls: FileCalls, files: number, bytes = PLENTY): AheadSource {
  const local = new LocalSource(roots, false, identifyRoots(roots), calls);
  return new AheadSource(local, { files, bytes }, slowClock());
}

/** As a worker has it, that holds so many files at a time. */
export function aheadOf(roots: Roots, calls: FileCalls, files = 64, bytes = PLENTY): ClientsAhead {
  return new ClientsAhead(slowSource(roots, calls, files, bytes));
}

/** Makes the source find the disk slow, by a walk. */
export async function warmUp(ahead: ClientsAhead, client: ClientEntry): Promise<void> {
  await ahead.each([client], 'stamp', () => {
    walkClient(client, ahead.source, true);
  });
  assert.ok(ahead.source.isSlow);
}
