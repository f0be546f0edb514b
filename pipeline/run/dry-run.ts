import PQueue from 'p-queue';
import { rangeWidth } from '../omi-db/client-id.js';
import { assertSameRoots, identifyRoots } from '../source/root-identity.js';
import { planRanges } from '../stages/discover.js';
import { inspectSideTables } from '../stages/side/side-file.js';
import { mismatchRow } from '../stages/write/mismatch-row.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import type { RunContext } from './context.js';
import { interruption } from './interrupted.js';
import type { RunOptions } from './options.js';
import { listRunClients } from './plan.js';
import { TASKS_AHEAD } from './pool.js';
import { openPool } from './workers.js';

const CLIENTS_PER_TASK = 16;

/**
 * Walks and pairs only: hands out the plan and the mismatches as lines of JSON (`{"plan": …}` for each client,
 * `{"mismatch": …}` after it), in natural order of client. No image header is read and nothing is written.
 */
export async function dryRun(
  options: RunOptions,
  context: RunContext,
  print: (line: string) => void,
): Promise<void> {
  const database: Mismatch[] = [];
  // Of side tables a dry run says whether they can be read.
  if (options.sideTables.length > 0) await inspectSideTables(options.sideTables);
  const rootIds = identifyRoots(options.roots);
  const { clients } = listRunClients(options, (mismatch) => database.push(mismatch));
  for (const mismatch of database) print(JSON.stringify({ mismatch: mismatchRow(mismatch) }));
  const pool = openPool(options.workers, options, rootIds, context.log);
  const queue = new PQueue({ concurrency: options.workers * (1 + TASKS_AHEAD) });
  try {
    // Printed in the order of the plan, whichever is done first.
    let printed: Promise<void> = Promise.resolve();
    const interrupted = interruption(context.signal);
    for (const { clients: inRange } of planRanges(clients, rangeWidth(clients))) {
      for (let start = 0; start < inRange.length; start += CLIENTS_PER_TASK) {
        await Promise.race([
          queue.onSizeLessThan(options.workers),
          printed.then(() => queue.onSizeLessThan(options.workers)),
          interrupted,
        ]);
        const task = { clients: inRange.slice(start, start + CLIENTS_PER_TASK) };
        const result = queue.add(() => pool.run('plan', task, true));
        printed = Promise.all([result, printed]).then(([answer]) => {
          for (const line of answer.lines) print(line);
        });
        printed.catch(() => undefined);
      }
    }
    await Promise.race([printed, interrupted]);
    assertSameRoots(options.roots, rootIds);
  } finally {
    await pool.close();
  }
}
