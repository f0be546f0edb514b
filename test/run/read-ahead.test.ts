import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { AheadSource } from '../../pipeline/source/ahead-source.js';
import { LocalSource } from '../../pipeline/source/local-source.js';
import { identifyRoots } from '../../pipeline/source/root-identity.js';
import { findRoots } from '../../pipeline/source/roots.js';
import type { Roots } from '../../pipeline/source/source.js';
import { ClientsAhead, type Purpose } from '../../pipeline/stages/clients-ahead.js';
import { listClients, type ClientEntry } from '../../pipeline/stages/discover.js';
import { clientTools, processClient } from '../../pipeline/stages/process-client.js';
import { Stamp } from '../../pipeline/stages/stamp.js';
import { walkClient } from '../../pipeline/stages/walk.js';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { makeSample } from '../../scripts/sample/database.js';
import { aheadOf, warmUp } from '../helpers/ahead.js';
import { itemsOf } from '../helpers/extent.js';
import { shippedTags } from '../helpers/flat-database.js';
import { systemError, watchedCalls, type Call, type Meddle } from '../helpers/file-calls.js';
import { NO_MONTHS } from '../helpers/months.js';
import { namedRows } from '../helpers/rows.js';
import { stampClients } from '../helpers/stamp.js';

/** Reading ahead, with a file system that delays, fails and changes at the seam: never another row than without it. */

const scratch = mkdtempSync(join(tmpdir(), 'omidb-ahead-'));
after(() => {
  rmSync(scratch, { recursive: true });
});

const SELECTION = shippedTags();
/** Of a source that reads nothing ahead. */
const NOTHING = { files: 0, bytes: 0 };

interface Found {
  readonly rows: unknown[];
  readonly mismatches: unknown[];
  readonly stamp: string;
  readonly unread: number;
}

/** What a worker makes of all clients, in two tasks of which the second is told of ahead. */
async function readAll(ahead: ClientsAhead, clients: readonly ClientEntry[]): Promise<Found> {
  const tools = clientTools(ahead.source, SELECTION, NO_MONTHS);
  const stamp = new Stamp();
  const found = { rows: [] as unknown[], mismatches: [] as unknown[] };
  const half = clients.length >> 1;
  const tasks = [clients.slice(0, half), clients.slice(half)];
  for (const [i, task] of tasks.entries()) {
    const done = ahead.each(task, 'read', (entry) => {
      const { client, mismatches } = processClient(entry, tools, stamp);
      found.rows.push(namedRows(client));
      found.mismatches.push(...mismatches);
    });
    ahead.expect(tasks.slice(i + 1).map((later) => ({ purpose: 'read', clients: later })));
    await done;
  }
  return { ...found, stamp: stamp.digest(), unread: ahead.source.takeFailures() };
}

interface Sample {
  readonly roots: Roots;
  readonly clients: readonly ClientEntry[];
  /** What is made of it without reading ahead. */
  readonly direct: Found;
}

async function sample(name: string, seed: number, faults: boolean): Promise<Sample> {
  const out = join(scratch, name);
  makeSample({ out, clients: 12, seed, faults: faults ? FAULT_KINDS : [], pixels: 'sparse' });
  const roots = findRoots({ database: out });
  const local = new LocalSource(roots);
  const clients = listClients(local, () => undefined);
  const direct = await readAll(new ClientsAhead(new AheadSource(local, NOTHING, () => 0)), clients);
  return { roots, clients, direct };
}

let clean: Sample;
const faulty: Sample[] = [];

before(async () => {
  clean = await sample('clean', 3, false);
  for (const seed of itemsOf([5, 6, 7], 1)) faulty.push(await sample(`faulty-${seed}`, seed, true));
});

/** Numbers below `limit`, the same for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => (state = (state * 48271) % 2147483647) % limit;
}

describe('files that were read ahead', () => {
  test('give the same rows, mismatches and stamps, in whatever order the calls are answered', async () => {
    for (const [seed, { roots, clients, direct }] of [clean, ...faulty].entries()) {
      const next = numbers(seed + 1);
      const delay: Meddle = ({ name }) => (name.startsWith('later.') ? sleep(next(4)) : undefined);
      const { calls, isOpen } = watchedCalls(delay);
      assert.deepEqual(await readAll(aheadOf(roots, calls), clients), direct);
      assert.equal(isOpen.size, 0);
    }
  });

  test('are neither listed, looked at nor opened again when their turn comes', async () => {
    const seen: Call[] = [];
    const { calls } = watchedCalls((call) => void seen.push(call));
    const { roots, clients, direct } = clean;
    assert.deepEqual(await readAll(aheadOf(roots, calls, 10_000), clients), direct);
    const first = `/${clients[0]!.id}`;
    const atOnce = seen.filter(
      ({ name, path }) => ['list', 'stat', 'open'].includes(name) && !path.includes(first),
    );
    assert.deepEqual(atOnce, []);
    // That calls are seen, each once.
    const opened = seen.filter(({ name }) => name === 'later.open').map(({ path }) => path);
    assert.ok(opened.length > 100);
    assert.equal(new Set(opened).size, opened.length);
  });

  test('a disk that answers at once is asked directly', async () => {
    const seen: Call[] = [];
    const { calls } = watchedCalls((call) => void seen.push(call));
    const { roots, clients, direct } = clean;
    const local = new LocalSource(roots, false, identifyRoots(roots), calls);
    const ahead = new ClientsAhead(new AheadSource(local, { files: 64, bytes: 1e6 }, () => 0));
    assert.deepEqual(await readAll(ahead, clients), direct);
    assert.equal(seen.filter(({ name }) => name.startsWith('later.')).length, 0);
  });
});

describe('a file system that fails', () => {
  test('once in a hundred calls, with EIO or ESTALE: the same rows, and no mismatch more', async () => {
    for (const [seed, { roots, clients, direct }] of [clean, ...faulty].entries()) {
      const next = numbers(seed + 11);
      let failures = 0;
      const failed = new Set<string>();
      const { calls, isOpen } = watchedCalls(({ name, path }) => {
        const key = `${name} ${path}`;
        if (name.endsWith('lose') || next(100) > 0 || failed.has(key)) return;
        failed.add(key);
        failures++;
        throw systemError(failures % 2 === 0 ? 'EIO' : 'ESTALE');
      });
      assert.deepEqual(await readAll(aheadOf(roots, calls), clients), direct);
      assert.ok(failures > 3, 'calls failed');
      assert.equal(isOpen.size, 0);
    }
  });

  test('for one file for ever: one mismatch, counted as unread, and all other rows', async () => {
    const { roots, clients, direct } = clean;
    let tries = 0;
    const { calls } = watchedCalls(({ name, path }) => {
      if (!name.endsWith('open') || !path.endsWith(`/nbss_${clients[5]!.id}.json`)) return;
      if (name === 'open') tries++;
      throw systemError('EIO');
    });
    const { mismatches, unread, rows } = await readAll(aheadOf(roots, calls), clients);
    assert.equal(tries, 4);
    assert.equal(unread, 1);
    const kinds = (mismatches as { kind: string }[]).filter(({ kind }) => kind === 'json_unreadable');
    assert.equal(kinds.length, 1);
    for (const i of [4, 6]) assert.deepEqual(rows[i], direct.rows[i]);
  });

  test('for a look at one file of a client: she is read directly, and nothing of her stays open', async () => {
    const { roots, clients, direct } = clean;
    const folder = `/${clients[6]!.id}/`;
    const { calls, isOpen } = watchedCalls(({ name, path }) => {
      if (name === 'later.openStat' || name === 'later.stat')
        if (path.includes(folder)) throw systemError('EACCES');
    });
    assert.deepEqual(await readAll(aheadOf(roots, calls), clients), direct);
    assert.equal(isOpen.size, 0);
  });

  test('in a way that is a fault of the program: it is thrown, and not taken for a missing file', async () => {
    const { roots, clients } = clean;
    const { calls } = watchedCalls(({ name }) => {
      if (name === 'later.read') throw new TypeError('a fault of the program');
    });
    await assert.rejects(readAll(aheadOf(roots, calls), clients), /a fault of the program/);
  });
});

/** A client with so many empty JSON headers of images. */
function wideClient(name: string, images: number): { roots: Roots; client: ClientEntry; study: string } {
  const data = join(scratch, name, 'data');
  const study = join(data, 'optm1', '1.2.3');
  mkdirSync(study, { recursive: true });
  writeFileSync(join(dirname(study), 'imagedb_optm1.json'), '{}');
  for (let i = 0; i < images; i++) writeFileSync(join(study, `1.2.3.${i}.json`), `{"i":${i}}`);
  const client = { id: 'optm1', prefix: 'optm', number: 1, trees: ['data'] } as const;
  return { roots: { data, images: null, nbss: null }, client, study };
}

describe('a file that changes', () => {
  for (const at of ['later.open', 'later.openStat', 'later.read'])
    test(`before its ${at}: the stamp is that of before, or its content that of after`, async () => {
      const { roots, client, study } = wideClient(`changes-${at}`, 1);
      const path = join(study, '1.2.3.0.json');
      const { calls } = watchedCalls((call) => {
        if (call.name === at && call.path === path) appendFileSync(path, ' ');
      });
      const ahead = aheadOf(roots, calls);
      await warmUp(ahead, client);
      const stamp = new Stamp();
      let length = 0;
      await ahead.each([client], 'read', () => {
        stamp.add(client.id, walkClient(client, ahead.source, true));
        const file = ahead.source.open('data', 'optm1/1.2.3/1.2.3.0.json');
        length = file.read(Buffer.alloc(100), 0, 100, 0);
        file.close();
      });
      const isOfBefore = stamp.digest() !== stampClients([client], new LocalSource(roots));
      assert.ok(isOfBefore || length === 8, `${length} bytes under the stamp of after`);
    });
});

describe('10,000 files of one client', () => {
  const MOST = 100;

  test('are read, of few the beginning is held, and few calls wait at a time', async () => {
    const { roots, client } = wideClient('wide', 10_000);
    let waiting = 0;
    let mostWaiting = 0;
    let mostOpen = 0;
    const { calls, isOpen } = watchedCalls(async ({ name }) => {
      mostOpen = Math.max(mostOpen, isOpen.size);
      if (!name.startsWith('later.')) return;
      mostWaiting = Math.max(mostWaiting, ++waiting);
      await sleep(0);
      waiting--;
    });
    const ahead = aheadOf(roots, calls, MOST);
    await warmUp(ahead, client);
    const sizes = new Set<number>();
    await ahead.each([client], 'read', () => {
      const studies = walkClient(client, ahead.source, true).get('data')!.entries;
      for (const { name } of studies.find(({ study }) => study !== null)!.study!.entries) {
        const file = ahead.source.open('data', `optm1/1.2.3/${name}`);
        const text = Buffer.alloc(file.size);
        assert.equal(file.read(text, 0, file.size, 0), file.size);
        sizes.add((JSON.parse(text.toString()) as { i: number }).i);
        file.close();
      }
    });
    assert.equal(sizes.size, 10_000);
    assert.ok(mostOpen <= MOST && mostOpen > 1, `${mostOpen} files open`);
    assert.ok(mostWaiting <= MOST && mostWaiting > 1, `${mostWaiting} calls at a time`);
    assert.equal(isOpen.size, 0);
  });
});

describe('clients that were expected and do not come', () => {
  test('are let go of', async () => {
    const { roots, clients } = clean;
    const { calls, isOpen } = watchedCalls(() => undefined);
    const ahead = aheadOf(roots, calls, 10_000);
    await readAll(ahead, clients.slice(0, 2));
    const read = 'read' satisfies Purpose;
    ahead.expect([{ purpose: read, clients: clients.slice(2) }]);
    await sleep(100);
    assert.ok(isOpen.size > 0, 'they were begun');
    ahead.expect([]);
    await sleep(100);
    assert.equal(isOpen.size, 0);
  });
});
