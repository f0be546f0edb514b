import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { carryRange, listReceipts, readReceipt } from '../../pipeline/snapshot/receipts.js';
import { compareClients, parseClientId, rangeOf } from '../../pipeline/omi-db/client-id.js';
import type { RowOptions } from '../../pipeline/run/options.js';
import { howMany, itemsOf, RUNS_ALL, SEED, turnsOf } from '../helpers/extent.js';
import { NO_MONTHS } from '../helpers/months.js';
import { schemaFile } from '../../schemas/files.js';
import { selectTags, type MoreOptions } from '../helpers/run-options.js';
import { filesBelow } from '../sample/tree.js';
import { runRefusing } from '../attacks/helpers.js';
import { EDITS, type EditedDatabase } from './edits.js';
import {
  keepFew,
  leftovers,
  random,
  reasons,
  results,
  runHere,
  sampleDatabase,
  scratchFolder,
  sha256,
  snapshots,
  threeRanges,
} from './helpers.js';

const ALL_ROUNDS = 16;
const ROUNDS = turnsOf(ALL_ROUNDS, 1);

const CHANGED = 'changed';
const CARRIED = 'carried';
const DAMAGED = 'damaged';

const scratch = scratchFolder();

/** The results of a run that knows of no earlier one. */
async function fullResults(database: string, more: MoreOptions = {}) {
  const out = join(scratch, 'fresh');
  await runHere(database, out, more);
  const full = results(out);
  rmSync(out, { recursive: true });
  return full;
}

/** The results of a run that reads all, after the same current snapshot: which clients are gone since depends on it. */
async function fullResultsAfter(out: string, database: string) {
  const copy = join(scratch, 'full');
  cpSync(out, copy, { recursive: true, verbatimSymlinks: true });
  await runHere(database, copy, { full: true });
  const full = results(copy);
  rmSync(copy, { recursive: true });
  return full;
}
const SPARE = ['optm4', 'optm14', 'optm17'];

/** A database to edit, of which some clients still wait in the pool. */
function editedDatabase(next: () => number): EditedDatabase {
  const folder = keepFew(sampleDatabase(join(scratch, 'edited'), 20), [...SPARE, 'optm5', 'optm6', 'optm7']);
  const pool = join(scratch, 'pool');
  for (const tree of ['data', 'images']) {
    mkdirSync(join(pool, tree), { recursive: true });
    for (const client of SPARE) {
      const path = join(tree, client);
      if (existsSync(join(folder, path))) renameSync(join(folder, path), join(pool, path));
    }
  }
  return { folder, pool, random: next };
}

function add(sums: Record<string, number>, name: string, count: number): void {
  sums[name] = (sums[name] ?? 0) + count;
}

/** The shipped tag selection without its last tag. */
function withoutLastTag(file: string) {
  const lines = readFileSync(schemaFile('dicom/tags.csv'), 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${lines.slice(0, -1).join('\n')}\n`);
  return selectTags(file);
}

describe('random edits between two runs', () => {
  test(`${howMany(ROUNDS, ALL_ROUNDS, 'rounds')}: the incremental result is that of a full run`, async (t) => {
    // The whole loop is the same each time: one in which no kind of edit is without effect.
    const seed = RUNS_ALL ? 1 : SEED;
    const next = random(seed);
    const edited = editedDatabase(next);
    const names = Object.keys(EDITS);
    const done: Record<string, number> = {};
    const ranges: Record<string, number> = {};
    const log: string[] = [];
    const out = join(scratch, 'incremental');
    await runHere(edited.folder, out);
    for (let round = 0; round < ROUNDS; round++) {
      // Every kind of edit has its turn, the first of them by the seed; more at random.
      const kinds = [names[(seed + names.length - 1 + round) % names.length]!];
      while (next() < 0.6) kinds.push(names[Math.floor(next() * names.length)]!);
      for (const kind of kinds) {
        const what = EDITS[kind]!(edited);
        if (what === null) continue;
        add(done, kind, 1);
        log.push(`${round}: ${kind}: ${what}`);
      }
      const full = await fullResultsAfter(out, edited.folder);
      const summary = await runHere(edited.folder, out);
      const work = summary.changed ? reasons(summary) : { 'none: nothing changed': 1 };
      for (const [why, count] of Object.entries(work)) add(ranges, why, count);
      assert.deepEqual(results(out), full, log.join('\n'));
      assert.deepEqual(leftovers(out), []);
    }
    t.diagnostic(`seed ${seed}`);
    for (const [kind, count] of Object.entries(done)) t.diagnostic(`${kind}: ${count}`);
    for (const [why, count] of Object.entries(ranges)) t.diagnostic(`ranges ${why}: ${count}`);
    if (RUNS_ALL) {
      assert.deepEqual(Object.keys(done).sort(), [...names].sort());
      assert.ok((ranges[CARRIED] ?? 0) > 0 && (ranges[CHANGED] ?? 0) > 0);
    }
    assert.ok(snapshots(out).length <= 7);
  });
});

describe('an incremental run', () => {
  const database = join(scratch, 'db');
  const out = join(scratch, 'out');
  const jsonFiles: string[] = [];

  before(async () => {
    threeRanges(database);
    for (const tree of ['data', 'images']) {
      for (const path of filesBelow(join(database, tree))) {
        const file = join(database, tree, path);
        // Whole seconds: times that can be set again as they were.
        utimesSync(file, 1_700_000_000, 1_700_000_000);
        if (path.endsWith('.json')) jsonFiles.push(file);
      }
    }
    await runHere(database, out);
  });

  function touchClient(id: string): void {
    const file = jsonFiles.find((path) => path.includes(`/${id}/`))!;
    utimesSync(file, new Date(), new Date());
  }

  function currentFolder(): string {
    return join(out, readlinkSync(join(out, 'current')));
  }

  test('in which nothing changed publishes nothing, and opens no file of the database', async () => {
    const earlier = results(out);
    const names = snapshots(out);
    // A file that is opened cannot be read; the error is none of those after which a read is tried again, with pauses.
    const refuse = `openSync=EACCES:${database}/`;
    const { stdout, stderr } = await runRefusing(refuse, database, out);
    assert.match(stdout, /nothing changed/, stderr);
    assert.deepEqual(results(out), earlier);
    assert.deepEqual(snapshots(out), names);
    assert.deepEqual(leftovers(out), []);
    // That this would be seen: a run that reads everything does see it.
    const elsewhere = join(scratch, 'unreadable');
    assert.equal((await runRefusing(refuse, database, elsewhere)).code, 0);
    assert.notDeepEqual(results(elsewhere), earlier);
  });

  test('told to be full reads everything and gives the same bytes', async () => {
    const earlier = results(out);
    const summary = await runHere(database, out, { full: true });
    assert.deepEqual(reasons(summary), { full: 3 });
    assert.deepEqual(results(out), earlier);
  });

  test('carries the parts of unchanged ranges as hard links', async () => {
    const earlier = currentFolder();
    touchClient('optm1');
    const summary = await runHere(database, out);
    assert.deepEqual(reasons(summary), { [CHANGED]: 1, [CARRIED]: 2 });
    const now = currentFolder();
    assert.notEqual(now, earlier);
    for (const path of filesBelow(join(now, 'tables'))) {
      const same = statSync(join(now, 'tables', path)).ino === statSync(join(earlier, 'tables', path)).ino;
      assert.equal(same, /\/(demd-0128000|optm-0200000)\.parquet$/.test(path), path);
    }
  });

  for (const code of ['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP']) {
    test(`copies them where linking fails with ${code}`, () => {
      const from = currentFolder();
      const to = join(scratch, `copies-${code}`);
      const receipt = readReceipt(from, 'demd-0128000')!;
      carryRange(from, to, receipt, () => {
        throw Object.assign(new Error(code), { code });
      });
      const files = filesBelow(to).filter((path) => !path.endsWith('demd-0128000.json'));
      assert.deepEqual(files.sort(), Object.values(receipt.files.parquet).map(({ path }) => path).concat(receipt.mismatches.path).sort()); // prettier-ignore
      for (const path of files) {
        assert.equal(sha256(join(to, path)), sha256(join(from, path)));
        assert.notEqual(statSync(join(to, path)).ino, statSync(join(from, path)).ino);
      }
      assert.deepEqual(readReceipt(to, 'demd-0128000'), receipt);
    });
  }

  test('does not take another failure of linking for a reason to copy', () => {
    const receipt = readReceipt(currentFolder(), 'demd-0128000')!;
    const link = () => {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    };
    assert.throws(() => {
      carryRange(currentFolder(), join(scratch, 'full'), receipt, link);
    }, /ENOSPC/);
  });

  test('reads a range again whose carried part was damaged', async () => {
    const earlier = results(out);
    const part = join(currentFolder(), 'tables', 'images', 'demd-0128000.parquet');
    const bytes = readFileSync(part);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(part, bytes);
    touchClient('optm1');
    const summary = await runHere(database, out);
    assert.deepEqual(reasons(summary), { [CHANGED]: 1, [DAMAGED]: 1, [CARRIED]: 1 });
    assert.deepEqual(results(out), earlier);
  });

  test('reads a range again whose part is gone, though nothing else changed', async () => {
    const earlier = results(out);
    rmSync(join(currentFolder(), 'tables', 'marks', 'optm-0200000.parquet'));
    const summary = await runHere(database, out);
    assert.deepEqual(reasons(summary), { [DAMAGED]: 1, [CARRIED]: 2 });
    assert.deepEqual(results(out), earlier);
  });

  test('reads a range again whose receipt was damaged', async () => {
    const earlier = results(out);
    const receipt = join(currentFolder(), 'ranges', 'optm-0200000.json');
    writeFileSync(receipt, readFileSync(receipt, 'utf8').replace('"clients":', '"clients":1'));
    const summary = await runHere(database, out);
    assert.deepEqual(reasons(summary), { first: 1, [CARRIED]: 2 });
    assert.deepEqual(results(out), earlier);
  });

  for (const month of itemsOf(Object.keys(NO_MONTHS) as (keyof typeof NO_MONTHS)[], 1)) {
    test(`reads everything when the months of ${month} changed`, async () => {
      const summary = await runHere(database, out, { rows: { months: { ...NO_MONTHS, [month]: 7 } } });
      assert.deepEqual(Object.keys(reasons(summary)), [CHANGED]);
    });
  }

  const some = ['demd128247', 'optm1', 'optm2', 'optm200045'];
  // An option that changes rows and has no line here does not compile.
  const OTHER_ROWS: { readonly [Name in keyof RowOptions]: () => RowOptions[Name] } = {
    tags: () => withoutLastTag(join(scratch, 'tags.csv')),
    months: () => ({ ...NO_MONTHS, ciPrior: 6 }),
    formats: () => ['parquet', 'arrow'],
    followLinks: () => true,
    // These last: a snapshot without some ranges has nothing of them that could have changed.
    includeClients: () => some,
    excludeClients: () => some,
  };
  for (const [name, other] of itemsOf(Object.entries(OTHER_ROWS), 1)) {
    test(`reads everything when the option ${name} changed`, async () => {
      const more = { rows: { [name]: other() } };
      const summary = await runHere(database, out, more);
      const left = readdirSync(join(database, 'data')).filter(
        (id) => name !== 'excludeClients' || !some.includes(id),
      );
      const ranges = new Set(left.map((id) => rangeOf(parseClientId(id)!, 1000)));
      assert.deepEqual(reasons(summary), { [CHANGED]: ranges.size });
      assert.deepEqual(results(out), await fullResults(database, more));
      assert.equal(listReceipts(currentFolder()).length, ranges.size);
    });
  }

  test('keeps as many snapshots as it is told, the current one always, and nothing that is none', async () => {
    writeFileSync(join(out, 'snapshots', 'notes.txt'), 'mine');
    touchClient('optm2');
    await runHere(database, out, { keep: 2 });
    const names = snapshots(out).filter((name) => name !== 'notes.txt');
    assert.equal(names.length, 2);
    assert.equal(readlinkSync(join(out, 'current')), join('snapshots', names[1]!));
    assert.equal(readFileSync(join(out, 'snapshots', 'notes.txt'), 'utf8'), 'mine');
    rmSync(join(out, 'snapshots', 'notes.txt'));
  });
});

test('the sample lies in three ranges', () => {
  const ids = readdirSync(join(scratch, 'db', 'data')).map((name) => parseClientId(name)!);
  assert.equal(new Set(ids.sort(compareClients).map((id) => rangeOf(id, 1000))).size, 3);
});
