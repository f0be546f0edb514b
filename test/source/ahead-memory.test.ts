import assert from 'node:assert/strict';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { AheadMemory, PIECE_BYTES } from '../../pipeline/source/ahead-memory.js';
import { LOCAL_CALLS, type FileCalls } from '../../pipeline/source/file-calls.js';
import type { Ahead } from '../../pipeline/source/ahead.js';
import type { AheadSource, WantedFolder } from '../../pipeline/source/ahead-source.js';
import type { Roots } from '../../pipeline/source/source.js';
import { slowSource } from '../helpers/ahead.js';
import { temporaryFolder } from '../helpers/cli.js';
import { watchedCalls } from '../helpers/file-calls.js';

/** What is held of files that are read ahead, by the buffers that the disk is asked to fill. */

const FOLDERS = 200;
const FILES = 50;
const LIMIT = 16e6;
/** Of files by their number: a header, one that is larger than a piece, one that is too large to be read ahead whole. */
const SIZES = [5_000, 60_000, 300_000];
const WHOLE: WantedFolder = { withStates: true, wants: () => 'all' };

const data = temporaryFolder();
const ROOTS: Roots = { data, images: null, nbss: null };
const folderOf = (i: number) => `optm${i}`;
const nameOf = (i: number) => `1.2.${i}.json`;

for (let i = 0; i < FOLDERS; i++) {
  mkdirSync(join(data, folderOf(i)));
  for (let k = 0; k < FILES; k++) {
    const path = join(data, folderOf(i), nameOf(k));
    writeFileSync(path, `${i}/${k};`);
    truncateSync(path, SIZES[k % SIZES.length]);
  }
}

/** A disk that answers no read before it is told to, and counts the bytes of the buffers that wait for it. */
class StuckDisk {
  bytes = 0;
  reads = 0;
  looks = 0;
  answer: () => void = () => undefined;
  #stuck: Promise<void> = Promise.resolve();

  readonly calls: FileCalls = {
    ...LOCAL_CALLS,
    later: {
      ...LOCAL_CALLS.later,
      // Of a file that is not read ahead.
      stat: (path) => {
        this.looks++;
        return LOCAL_CALLS.later.stat(path);
      },
      read: async (descriptor, target, count) => {
        this.reads++;
        this.bytes += target.length;
        await this.#stuck;
        return LOCAL_CALLS.later.read(descriptor, target, count);
      },
    },
  };

  /** Begins to count again. */
  stick(): void {
    this.bytes = this.reads = this.looks = 0;
    this.#stuck = new Promise<void>((resolve) => (this.answer = resolve));
  }
}

/** Wants all files of all folders, and waits until each of them is being read, was only looked at, or its folder was let go of. */
async function wantAll(source: AheadSource, disk: StuckDisk): Promise<Wanted> {
  disk.stick();
  const aheads = Array.from({ length: FOLDERS }, () => source.newAhead());
  const lists = aheads.map((ahead, i) => source.listAhead('data', folderOf(i), WHOLE, ahead));
  const settled = () => disk.reads + disk.looks + FILES * aheads.filter(({ isVoid }) => isVoid).length;
  while (settled() < FOLDERS * FILES) await nextTurn();
  return { aheads, lists };
}

interface Wanted {
  readonly aheads: readonly Ahead[];
  readonly lists: readonly Promise<unknown>[];
}

/** Reads what was wanted of a client, the way that a worker does. */
function readFolder(source: AheadSource, folder: number): void {
  for (const { name } of source.list('data', folderOf(folder), true)) {
    const file = source.open('data', `${folderOf(folder)}/${name}`);
    const text = Buffer.alloc(file.size);
    assert.equal(file.read(text, 0, file.size, 0), file.size);
    file.close();
    const k = Number(/^1\.2\.(\d+)\.json$/.exec(name)![1]);
    assert.equal(text.toString('latin1').replace(/\0+$/, ''), `${folder}/${k};`);
    assert.equal(file.size, SIZES[k % SIZES.length]);
  }
}

describe('10,000 files that are wanted at once of a disk that does not answer', () => {
  test('wait in buffers of no more bytes than may be held, time and again, and all are read in the end', async () => {
    const disk = new StuckDisk();
    const source = slowSource(ROOTS, disk.calls, FOLDERS * FILES, LIMIT);
    for (const round of [1, 2]) {
      const { aheads, lists } = await wantAll(source, disk);
      assert.ok(disk.bytes <= LIMIT && disk.bytes > LIMIT / 2, `${disk.bytes} bytes wait, round ${round}`);
      disk.answer();
      await Promise.all(lists);
      for (const [i, ahead] of aheads.entries()) {
        source.use(ahead);
        readFolder(source, i);
      }
      source.use(null);
    }
  });

  test('where files may not be open so many at a time, fewer wait', async () => {
    const disk = new StuckDisk();
    const source = slowSource(ROOTS, disk.calls, 100, LIMIT);
    const { aheads, lists } = await wantAll(source, disk);
    assert.equal(disk.reads, 100);
    disk.answer();
    await Promise.all(lists);
    for (const ahead of aheads) ahead.release();
  });
});

describe('lists that are more than may be held', () => {
  test('are let go of, and asked for directly when their turn comes', async () => {
    const seen: string[] = [];
    const { calls, isOpen } = watchedCalls(({ name, path }) => {
      if (name === 'list') seen.push(path);
    });
    // Room for the list of one folder, and for nothing else.
    const source = slowSource(ROOTS, calls, 1000, FILES * 500);
    const aheads = [source.newAhead(), source.newAhead()] as const;
    for (const [i, ahead] of aheads.entries()) await source.listAhead('data', folderOf(i), WHOLE, ahead);
    assert.deepEqual(aheads.map(({ isVoid }) => isVoid), [false, true]); // prettier-ignore
    for (const [i, ahead] of aheads.entries()) {
      source.use(ahead);
      readFolder(source, i);
    }
    source.use(null);
    assert.deepEqual(seen, [join(data, folderOf(1))]);
    assert.equal(isOpen.size, 0);
  });
});

describe('memory for what is read ahead', () => {
  test('pieces that are not used make room for larger buffers', () => {
    const memory = new AheadMemory({ files: 100, bytes: 10 * PIECE_BYTES });
    const pieces = Array.from({ length: 9 }, () => memory.takePiece());
    assert.ok(pieces.every((piece) => piece !== null));
    assert.equal(memory.take(5 * PIECE_BYTES), false);
    for (const piece of pieces) memory.givePiece(piece);
    assert.equal(memory.take(5 * PIECE_BYTES), true);
    memory.give(5 * PIECE_BYTES);
    assert.equal(memory.take(10 * PIECE_BYTES), true);
    assert.equal(memory.takePiece(), null);
  });
});
