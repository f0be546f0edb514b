import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Interrupted } from '../../pipeline/base/fault.js';
import type { RunContext } from '../../pipeline/run/context.js';
import type { FrozenPlan } from '../../pipeline/cluster/frozen-plan.js';
import { NO_PROGRESS, type Progress } from '../../pipeline/run/progress.js';
import { leftovers, random, runHere, sampleDatabase, scratchFolder } from '../crash/helpers.js';
import { howMany, SEED, turnsOf } from '../helpers/extent.js';
import { NO_MONTHS } from '../helpers/months.js';
import { readJson } from '../helpers/output.js';
import type { MoreOptions } from '../helpers/run-options.js';
import { filesBelow } from '../sample/tree.js';
import { allResults, busyTasks, mergeHere, planHere, taskHere } from './helpers.js';

/** A run on many machines against one run: over random clients, options, numbers of tasks, orders, kills and repetitions. */

const ALL_ROUNDS = 12;
const ROUNDS = turnsOf(ALL_ROUNDS, 2);
const CLIENTS = turnsOf(24, 14);

const scratch = scratchFolder();
const database = join(scratch, 'db');
const next = random(SEED);
const below = (count: number) => Math.floor(next() * count);
const done: Record<string, number> = {};
const count = (what: string) => (done[what] = (done[what] ?? 0) + 1);

before(() => {
  sampleDatabase(database, CLIENTS);
});

/** Some of the clients, or all, and options that change rows and files. */
function randomOptions(): MoreOptions {
  const clients = readdirSync(join(database, 'data')).filter((name) => /^(optm|demd)\d+$/.test(name));
  const some = clients.filter(() => next() < 0.7);
  const includeClients = next() < 0.5 || some.length === 0 ? null : some.sort();
  const formats = next() < 0.3 ? (['parquet', 'arrow'] as const) : (['parquet'] as const);
  const months = next() < 0.3 ? { ...NO_MONTHS, normalFollowUp: 30 } : NO_MONTHS;
  return { rows: { includeClients, formats, months } };
}

/** One, a few, more than there are ranges, or more than there are clients. */
const NUMBERS = [1, 3, 5, 40];

function shuffled<T>(items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(below(rest.length), 1)[0]!);
}

/** Ends a command after so many clients, as a signal does. */
async function stopping(
  clients: number,
  command: (more: Partial<RunContext>) => Promise<unknown>,
): Promise<void> {
  const stop = new AbortController();
  let read = 0;
  const progress: Progress = {
    ...NO_PROGRESS,
    advance: (more) => {
      read += more;
      if (read >= clients) stop.abort();
    },
  };
  try {
    await command({ progress, signal: stop.signal });
    count('that came too late to stop');
  } catch (error) {
    assert.ok(error instanceof Interrupted, String(error));
    count('that were stopped');
  }
}

/** Takes away the end of a file of a task that is done, as a disk may. */
function damageTask(out: string, { id }: FrozenPlan, task: number): void {
  const folder = join(out, 'tasks', id, String(task), 'done');
  const files = filesBelow(folder).filter((path) => path.endsWith('.parquet') || path.endsWith('.batches'));
  const file = files[below(files.length)];
  if (file === undefined) return;
  truncateSync(join(folder, file), 10);
  count('that were damaged');
}

async function doTask(out: string, plan: FrozenPlan, task: number): Promise<void> {
  for (let again = true; again; again = next() < 0.3) {
    const what = next();
    if (what < 0.3) await stopping(1 + below(8), (more) => taskHere(out, task, more));
    else if (what < 0.4 && existsSync(join(out, 'tasks', plan.id, String(task), 'done')))
      damageTask(out, plan, task);
    else await taskHere(out, task);
  }
  await taskHere(out, task);
  count('that were done');
}

describe('a run on many machines', () => {
  test(`${howMany(ROUNDS, ALL_ROUNDS, 'rounds')}: its tables are those of one run, byte for byte`, async (t) => {
    t.diagnostic(`seed ${SEED}`);
    for (let round = 0; round < ROUNDS; round++) {
      const options = randomOptions();
      const [alone, out] = [join(scratch, 'alone'), join(scratch, 'shared')];
      const tasks = NUMBERS[(round + SEED) % NUMBERS.length]!;
      await runHere(database, alone, options);
      const plan = await planHere(database, out, tasks, options);
      for (const task of shuffled(busyTasks(plan))) await doTask(out, plan, task);
      if (next() < 0.4) await stopping(1 + below(CLIENTS), (more) => mergeHere(out, more));
      // When it came too late it has published, and cleared the tasks away.
      if (existsSync(join(out, 'tasks'))) await mergeHere(out);
      assert.deepEqual(allResults(out), allResults(alone), `${tasks} tasks, ${JSON.stringify(options)}`);
      assert.deepEqual(readJson(out, 'current', 'manifest.json')['plan'], { id: plan.id, tasks });
      assert.deepEqual(leftovers(out), []);
      for (const folder of [alone, out]) rmSync(folder, { recursive: true });
    }
    for (const [what, times] of Object.entries(done).sort()) t.diagnostic(`commands ${what}: ${times}`);
  });
});
