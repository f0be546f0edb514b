import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { EnvironmentFault, Refused } from '../../pipeline/base/fault.js';
import { gateLimits } from '../../pipeline/snapshot/gate/limits.js';
import { copyOutput, deadBuilding, leftovers, reasons, results, runHere, scratchFolder, snapshots, threeRanges } from '../crash/helpers.js'; // prettier-ignore
import type { MoreOptions } from '../helpers/run-options.js';
import { allResults, busyTasks, mergeHere, planHere, runShared, taskHere } from './helpers.js';

/** What a run does with what there is already, done by many machines. Three ranges: demd-0128000, optm-0000000, optm-0200000. */

const scratch = scratchFolder();
const database = join(scratch, 'db');
/** With a snapshot of the database in it, made by one run. */
const published = join(scratch, 'published');

before(async () => {
  threeRanges(database);
  await runHere(database, published);
});

let count = 0;
function copyOf(out: string): string {
  const copy = join(scratch, `copy-${count++}`);
  copyOutput(out, copy);
  return copy;
}

/** One of a client's two files. */
function fileOf(client: string, from = database): string {
  const folder = join(from, 'data', client);
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.json'))!,
  );
}

let seconds = 1_600_000_000;
function touch(client: string): void {
  utimesSync(fileOf(client), seconds, seconds++);
}

/** The same done by one run, to a copy of the output. */
async function alone(out: string, more: MoreOptions = {}) {
  const copy = copyOf(out);
  const summary = await runHere(database, copy, more);
  return { summary, results: allResults(copy) };
}

describe('side tables', () => {
  const side = join(scratch, 'ethnicity.csv');
  const options: MoreOptions = { sideTables: [{ name: 'ethnicity', path: side }] };

  test('are those of one run, also when nothing else is new; one that changed since the plan is refused', async () => {
    writeFileSync(side, 'client_id,group\noptm1,A\noptm2,B\noptm999,C\n');
    const out = copyOf(published);
    const one = await alone(out, options);
    const summary = await runShared(database, out, 2, options);
    assert.deepEqual(reasons(summary), { carried: 3 });
    assert.deepEqual(allResults(out), one.results);
    assert.equal(summary.tables.find(({ name }) => name === 'side_ethnicity')?.rows, 2);
    writeFileSync(side, 'client_id,group\noptm1,A\n');
    await planHere(database, out, 2, options);
    appendFileSync(side, 'optm2,B\n');
    await assert.rejects(mergeHere(out), (error) => error instanceof EnvironmentFault && /ethnicity.csv was changed/.test(error.message)); // prettier-ignore
  });
});

describe('beside a current snapshot', () => {
  test('in which nothing changed no task has anything to read, and nothing is published', async () => {
    const out = copyOf(published);
    const before = snapshots(out);
    const plan = await planHere(database, out, 3);
    assert.deepEqual(busyTasks(plan), []);
    assert.equal((await taskHere(out, 2)).clients, 0);
    assert.equal((await mergeHere(out)).changed, false);
    assert.deepEqual(snapshots(out), before);
    assert.deepEqual(leftovers(out), []);
  });

  test('--full reads everything, and --verify-content what seems unchanged', async () => {
    const out = copyOf(published);
    const same = await runShared(database, out, 1, { verifyContent: 100 });
    assert.deepEqual([same.changed, same.rechecked], [false, 3]);
    assert.deepEqual(reasons(await runShared(database, out, 1, { full: true })), { full: 3 });
    assert.deepEqual(results(out), results(published));
  });

  test('only ranges that changed are in a task; merge carries the others over', async () => {
    const out = copyOf(published);
    touch('optm1');
    const one = await alone(out);
    const plan = await planHere(database, out, 3);
    const shares = plan.tasks.flat();
    assert.deepEqual([...new Set(shares.map(({ range }) => range))], ['optm-0000000']);
    for (const task of busyTasks(plan)) await taskHere(out, task);
    const summary = await mergeHere(out);
    assert.deepEqual(reasons(summary), { changed: 1, carried: 2 });
    assert.deepEqual(reasons(summary), reasons(one.summary));
    assert.deepEqual(allResults(out), one.results);
    assert.equal(summary.work.json_files.files, one.summary.work.json_files.files);
  });

  test('that goes between plan and merge, damaged, is not guessed: plan again', async () => {
    const out = copyOf(published);
    touch('optm2');
    const plan = await planHere(database, out, 1);
    for (const task of busyTasks(plan)) await taskHere(out, task);
    rmSync(join(out, 'current', 'tables', 'marks', 'optm-0200000.parquet'));
    await assert.rejects(mergeHere(out), (error) => error instanceof EnvironmentFault && /range optm-0200000 is in no task.*plan again/.test(error.message)); // prettier-ignore
    assert.deepEqual(reasons(await runShared(database, out, 1)), { damaged: 1, resumed: 2 });
    assert.deepEqual(results(out), results(published));
  });

  test('a gate refuses as of one run; what the tasks read is there for a plan with other limits', async () => {
    const out = copyOf(published);
    const away = join(scratch, 'away');
    for (const tree of ['data', 'images']) renameSync(join(database, tree, 'optm3'), `${away}-${tree}`);
    try {
      const strict = { gate: gateLimits(['clients=0'], []) };
      await assert.rejects(
        runShared(database, out, 2, strict),
        (error) => error instanceof Refused && /clients/.test(error.message),
      );
      assert.equal(snapshots(out).length, snapshots(published).length);
      await assert.rejects(mergeHere(out), Refused);
      const plan = await planHere(database, out, 2);
      assert.deepEqual(busyTasks(plan), []);
      assert.deepEqual(reasons(await mergeHere(out)), { resumed: 3 });
      assert.deepEqual(allResults(out), (await alone(published)).results);
      assert.deepEqual(leftovers(out), []);
    } finally {
      for (const tree of ['data', 'images']) renameSync(`${away}-${tree}`, join(database, tree, 'optm3'));
    }
  });
});

test('what a run had finished when it died is in no task', async () => {
  const out = join(scratch, 'died');
  const building = deadBuilding(out);
  const fresh = join(scratch, 'fresh');
  await runHere(database, fresh);
  cpSync(realpathSync(join(fresh, 'current')), building, { recursive: true });
  rmSync(join(building, 'ranges', 'optm-0000000.json'));
  const plan = await planHere(database, out, 3);
  assert.deepEqual([...new Set(plan.tasks.flat().map(({ range }) => range))], ['optm-0000000']);
  for (const task of busyTasks(plan)) await taskHere(out, task);
  assert.deepEqual(reasons(await mergeHere(out)), { first: 1, resumed: 2 });
  assert.deepEqual(allResults(out), allResults(fresh));
});

describe('a database that changes under way', () => {
  const marked = join(scratch, 'marked');
  const other = join(scratch, 'changing');
  const NEW = '"NoSuchKey":"new",';

  /** Adds a key to the NBSS file of a client, which is found in table clients. */
  function change(client: string): void {
    const file = fileOf(client, other);
    writeFileSync(file, readFileSync(file, 'utf8').replace('{', `{${NEW}`));
  }

  before(() => {
    cpSync(database, other, { recursive: true });
  });

  test('between plan and task is read as it is then, and a client who came after the plan is not', async () => {
    const out = join(scratch, 'out-changing');
    const plan = await planHere(other, out, 3);
    change('optm1');
    cpSync(join(other, 'data', 'optm1'), join(other, 'data', 'optm4444'), { recursive: true });
    for (const task of busyTasks(plan)) await taskHere(out, task);
    await mergeHere(out);
    const excludeClients = ['optm4444'];
    await runHere(other, marked, { rows: { excludeClients } });
    assert.deepEqual(results(out), results(marked));
    // As read, so that the next run has nothing but the new client.
    const next = await runHere(other, out);
    assert.deepEqual(reasons(next), { first: 1, carried: 3 });
  });

  test('between task and merge is published as it was read; the next run reads it again', async () => {
    const out = join(scratch, 'out-after');
    const plan = await planHere(other, out, 3);
    const before = join(scratch, 'before');
    await runHere(other, before);
    for (const task of busyTasks(plan)) await taskHere(out, task);
    change('optm2');
    await mergeHere(out);
    assert.deepEqual(results(out), results(before));
    assert.deepEqual(reasons(await runHere(other, out)), { changed: 1, carried: 3 });
  });
});
