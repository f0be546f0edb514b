import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RunSummary } from '../../pipeline/run/summary.js';
import { itemsOf } from '../helpers/extent.js';
import { untilOrEnd } from '../helpers/processes.js';
import { filesBelow } from '../sample/tree.js';
import { buildingOf, copyOutput, deadBuilding, leftovers, reasons, results, runHere, threeRanges, scratchFolder, sha256, snapshots, startRun } from './helpers.js'; // prettier-ignore

const CHANGED = 'changed';
const CARRIED = 'carried';
const DAMAGED = 'damaged';
const RESUMED = 'resumed';

const scratch = scratchFolder();
const database = threeRanges(join(scratch, 'db'));
const undisturbed = join(scratch, 'undisturbed');
const out = join(scratch, 'out');
const damagedPart = join('arrow', 'images', 'demd-0128000.arrow');

const runWithArrow = (to: string): Promise<RunSummary> =>
  runHere(database, to, { rows: { formats: ['parquet', 'arrow'] } });
const currentFolder = (of: string): string => join(of, readlinkSync(join(of, 'current')));

/** Path -> sha256 of every part in either format and of mismatches.jsonl. */
function allResults(of: string): Record<string, string> {
  const folder = join(of, 'current', 'arrow');
  const arrow = filesBelow(folder).map((path) => [`arrow/${path}`, sha256(join(folder, path))] as const);
  return { ...results(of), ...Object.fromEntries(arrow) };
}

function touchClient(id: string): void {
  const client = join(database, 'data', id);
  const file = readdirSync(client, { withFileTypes: true }).find((entry) => entry.isFile());
  utimesSync(join(client, file!.name), new Date(), new Date());
}

function flipByte(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1]! ^= 1;
  // The file may have a second name in an earlier snapshot.
  rmSync(file);
  writeFileSync(file, bytes);
}

let expected: Record<string, string>;
before(async () => {
  await runWithArrow(undisturbed);
  expected = allResults(undisturbed);
  copyOutput(undisturbed, out);
});

describe('Arrow files from run to run', () => {
  test('there is something to compare: three ranges and two whole tables', () => {
    const arrow = Object.keys(expected).filter((path) => path.startsWith('arrow/'));
    assert.equal(arrow.length, Object.keys(expected).filter((path) => path.endsWith('.parquet')).length);
    assert.ok(arrow.length > 3 * 10);
  });

  test('nothing is published when nothing changed', async () => {
    const names = snapshots(out);
    const { changed } = await runWithArrow(out);
    assert.deepEqual([changed, snapshots(out)], [false, names]);
  });

  test('those of unchanged ranges are carried as hard links', async () => {
    const earlier = currentFolder(out);
    touchClient('optm1');
    assert.deepEqual(reasons(await runWithArrow(out)), { [CHANGED]: 1, [CARRIED]: 2 });
    assert.deepEqual(allResults(out), expected);
    const now = currentFolder(out);
    for (const path of filesBelow(join(now, 'arrow'))) {
      const [inode, before] = [now, earlier].map((folder) => statSync(join(folder, 'arrow', path)).ino);
      assert.equal(inode === before, /\/(demd-0128000|optm-0200000)\.arrow$/.test(path), path);
    }
  });

  test('one that was damaged makes its range be read again', async () => {
    flipByte(join(currentFolder(out), damagedPart));
    touchClient('optm1');
    assert.deepEqual(reasons(await runWithArrow(out)), { [CHANGED]: 1, [DAMAGED]: 1, [CARRIED]: 1 });
    assert.deepEqual(allResults(out), expected);
  });

  test('one that is gone makes its range be read again, though nothing else changed', async () => {
    rmSync(join(currentFolder(out), damagedPart));
    assert.deepEqual(reasons(await runWithArrow(out)), { [DAMAGED]: 1, [CARRIED]: 2 });
    assert.deepEqual(allResults(out), expected);
  });

  test('another format reads everything again; without Arrow, none is carried over', async () => {
    assert.deepEqual(reasons(await runHere(database, out)), { [CHANGED]: 3 });
    assert.deepEqual(results(out), results(undisturbed));
    assert.equal(existsSync(join(out, 'current', 'arrow')), false);
    assert.ok(!readFileSync(join(out, 'current', 'manifest.json'), 'utf8').includes('.arrow"'));
    assert.deepEqual(reasons(await runWithArrow(out)), { [CHANGED]: 3 });
    assert.deepEqual(allResults(out), expected);
    assert.deepEqual(leftovers(out), []);
  });
});

describe('Arrow files of a run that died', () => {
  /** An output folder with all ranges of a snapshot finished, and nothing published. */
  function unpublished(name: string, of = undisturbed): string {
    const dead = join(scratch, name);
    cpSync(currentFolder(of), deadBuilding(dead), { recursive: true });
    return dead;
  }

  // The clients' files were touched since: the receipts must be of now.
  before(async () => {
    await runWithArrow(undisturbed);
  });

  test('are taken up', async () => {
    const dead = unpublished('taken-up');
    assert.deepEqual(reasons(await runWithArrow(dead)), { [RESUMED]: 3 });
    assert.deepEqual(allResults(dead), expected);
  });

  test('are written again when one has a wrong byte', async () => {
    const dead = unpublished('wrong-byte');
    flipByte(join(deadBuilding(dead), damagedPart));
    assert.equal(reasons(await runWithArrow(dead))[RESUMED], 2);
    assert.deepEqual(allResults(dead), expected);
  });

  test('are removed by a run that writes none', async () => {
    const dead = unpublished('without');
    assert.equal(reasons(await runHere(database, dead))[RESUMED], undefined);
    assert.equal(existsSync(join(dead, 'current', 'arrow')), false);
    assert.deepEqual(results(dead), results(undisturbed));
  });

  test('are written where the dead run wrote none', async () => {
    const plain = join(scratch, 'plain');
    await runHere(database, plain);
    const dead = unpublished('with', plain);
    assert.equal(reasons(await runWithArrow(dead))[RESUMED], undefined);
    assert.deepEqual(allResults(dead), expected);
  });

  test('are taken up from a run killed when its first range was finished', async () => {
    const dead = join(scratch, 'killed');
    const { child, finished } = startRun(database, dead, { args: ['--format', 'arrow'] });
    const isFinished = () => {
      const ranges = join(buildingOf(dead), 'ranges');
      return existsSync(ranges) && readdirSync(ranges).some((name) => /^[a-z]+-\d+\.json$/.test(name));
    };
    await untilOrEnd(child, isFinished, 1);
    child.kill('SIGKILL');
    assert.equal((await finished).signal, 'SIGKILL');
    assert.ok((reasons(await runWithArrow(dead))[RESUMED] ?? 0) >= 1);
    assert.deepEqual(allResults(dead), expected);
    assert.deepEqual(leftovers(dead), []);
  });
});

describe('a disk that keeps another byte of an Arrow file than it was given', () => {
  const preload = fileURLToPath(new URL('./damage-at-rename.js', import.meta.url));

  for (const path of itemsOf(['images/demd-0128000', 'codes/codes', 'mismatches/mismatches'], 1)) {
    test(`fails the run, in one sentence, with nothing published: ${path}`, async () => {
      const damaged = join(scratch, `damaged-${path.replace('/', '-')}`);
      const { finished } = startRun(database, damaged, {
        args: ['--format', 'arrow'],
        nodeArgs: ['--import', preload],
        env: { DAMAGE: `arrow/${path}.arrow` },
      });
      const { code, stderr } = await finished;
      assert.equal(code, 1);
      assert.equal(
        stderr.trim(),
        `omidb-etl: arrow/${path}.arrow is on the disk with another content than was written`,
      );
      assert.deepEqual([existsSync(join(damaged, 'current')), snapshots(damaged)], [false, []]);
      assert.equal(existsSync(buildingOf(damaged)), false);
    });
  }
});
