import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { pino } from 'pino';
import { NO_PROGRESS } from '../../pipeline/run/progress.js';
import { run } from '../../pipeline/run/run.js';
import { LocalSource } from '../../pipeline/source/local-source.js';
import { findRoots } from '../../pipeline/source/roots.js';
import { results, runHere, threeRanges, scratchFolder } from '../crash/helpers.js';
import { runOptions } from '../helpers/run-options.js';

/** Rows 2 and 3 of the attacks: a disk that is not mounted, or goes away while it is read. */

const scratch = scratchFolder();
const database = threeRanges(join(scratch, 'db'));
const out = join(scratch, 'out');
let expected: Record<string, string> = {};
let current = '';

before(async () => {
  await runHere(database, out);
  expected = results(out);
  current = readlinkSync(join(out, 'current'));
});

function assertUntouched(): void {
  assert.equal(readlinkSync(join(out, 'current')), current);
  assert.deepEqual(results(out), expected);
}

/** Puts an empty folder in the place of a tree for as long as `use` takes. */
async function unmounted(tree: string, use: () => Promise<void>): Promise<void> {
  const path = join(database, tree);
  renameSync(path, `${path}-away`);
  mkdirSync(path);
  try {
    await use();
  } finally {
    rmSync(path, { recursive: true });
    renameSync(`${path}-away`, path);
  }
}

describe('a tree that had clients and has none', () => {
  test('images that are empty: refused, the last snapshot stays', async () => {
    await unmounted('images', async () => {
      await assert.rejects(runHere(database, out), /images holds no client folders, and the current snapshot has \d+/);
    });
    assertUntouched();
  }); // prettier-ignore

  test('images whose folder is gone: refused too', async () => {
    const path = join(database, 'images');
    renameSync(path, join(scratch, 'gone'));
    await assert.rejects(runHere(database, out), /images holds no client folders/);
    renameSync(join(scratch, 'gone'), path);
    assertUntouched();
  });

  test('images that hold client folders without any file: refused', async () => {
    const clients = readdirSync(join(database, 'images'));
    await unmounted('images', async () => {
      for (const client of clients) mkdirSync(join(database, 'images', client));
      await assert.rejects(runHere(database, out), /images holds no DICOM file/);
    });
    assertUntouched();
  });

  test('a third tree of NBSS files that is empty: refused; what it was made from before it is not', async () => {
    const own = join(scratch, 'third');
    const nbss = join(scratch, 'nbss');
    mkdirSync(join(nbss, 'optm1'), { recursive: true });
    const roots = { ...findRoots({ database }), nbss };
    const context = { log: pino({ level: 'silent' }), progress: NO_PROGRESS, now: () => new Date(), signal: new AbortController().signal };
    await run(runOptions(roots, own), context);
    rmSync(join(nbss, 'optm1'), { recursive: true });
    await assert.rejects(run(runOptions(roots, own), context), /nbss holds no client folders, and the current snapshot has 1 /);
    assert.equal((await run(runOptions({ ...roots, nbss: null }, own), context)).changed, true);
  }); // prettier-ignore
});

describe('a root that goes away while it is read', () => {
  for (const tree of ['data', 'images']) {
    test(`${tree}/: the run fails and publishes nothing`, async () => {
      const fresh = join(scratch, `fresh-${tree}`);
      const path = join(database, tree);
      let isAway = false;
      const progress = {
        ...NO_PROGRESS,
        advance: () => {
          if (isAway) return;
          isAway = true;
          renameSync(path, `${path}-away`);
          mkdirSync(path);
        },
      };
      const context = { log: pino({ level: 'silent' }), progress, now: () => new Date(), signal: new AbortController().signal };
      await assert.rejects(
        run(runOptions(findRoots({ database }), fresh), context),
        /is no longer there, or no longer the folder that it was when the run began/,
      );
      assert.ok(isAway);
      assert.deepEqual(readdirSync(join(fresh, 'snapshots')).filter((name) => /^\d/.test(name)), []);
      rmSync(path, { recursive: true });
      renameSync(`${path}-away`, path);
      await runHere(database, fresh);
      assert.deepEqual(results(fresh), expected);
    }); // prettier-ignore
  }

  test('is looked at on every error: none is taken for a missing file', () => {
    const folder = join(scratch, 'root');
    mkdirSync(join(folder, 'optm1'), { recursive: true });
    const source = new LocalSource({ data: folder, images: null, nbss: null });
    const missing = () => {
      try {
        source.open('data', 'optm1/x.json');
      } catch (error) {
        return source.explain(error, 'data');
      }
      return null;
    };
    assert.match(missing()!, /is gone/);
    renameSync(folder, `${folder}-away`);
    mkdirSync(folder);
    assert.throws(missing, /no longer the folder that it was/);
  });
});
