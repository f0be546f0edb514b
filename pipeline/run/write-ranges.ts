import { join } from 'node:path';
import { findQuickFault } from '../snapshot/checksums.js';
import type { Manifest } from '../snapshot/manifest.js';
import type { PublishedSnapshot } from '../snapshot/published.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import { configurationFingerprint, snapshotFingerprint } from './fingerprint.js';
import { interruption } from './interrupted.js';
import { keepWanted } from './reuse.js';
import type { RangeOrigin } from './range-origin.js';
import { RangeTasks } from './range-tasks.js';
import { RangeWriter } from './range-writer.js';
import type { RunUnderWay, UnseenChange, WrittenRanges } from './under-way.js';

/**
 * Writes the ranges into the snapshot being built; null when nothing changed since the current one, and nothing was
 * written.
 * @param onChange called when something changed, before the workers read
 */
export async function writeRanges(run: RunUnderWay, onChange: () => void): Promise<WrittenRanges | null> {
  const { context, plan, pool } = run;
  const { formats } = run.options.rows;
  const previous = run.output.current();
  if (previous === null && run.output.hasCurrent())
    context.log.warn(
      `the current snapshot of ${run.output.path} has no manifest.json that can be read: all is made anew`,
    );
  const { writer, origin } = prepareWriter(run, previous);
  context.progress.start(plan.clients.length);
  try {
    const interrupted = interruption(context.signal);
    const isAsItWas = async () =>
      (await isUnchanged(run, writer, previous)) && !(await writer.recheck(plan.ranges));
    if (await Promise.race([isAsItWas(), interrupted])) {
      origin.assertSame();
      context.progress.advance(plan.clients.length, 0);
      return null;
    }
    onChange();
    const codes = pool.run('codes', { snapshot: run.output.building, formats });
    const all = Promise.all([writer.write(plan.ranges), codes]);
    const [ranges, codesPart] = await Promise.race([all, interrupted]);
    origin.assertSame();
    const { counts, reasons, unseen } = writer;
    warnOfUnseen(run, unseen);
    return { ranges, codesPart, counts, reasons, unseen };
  } finally {
    context.progress.stop();
  }
}

function warnOfUnseen({ context }: RunUnderWay, unseen: readonly UnseenChange[]): void {
  for (const { after } of unseen)
    context.log.warn(
      `range ${after.receipt.range} holds something else than in the current snapshot, though no name, size or time of its files changed: content_changed_unseen in mismatches.jsonl names the clients`,
    );
}

function prepareWriter(
  { options, context, plan, output, pool, contentCheck, openOrigin }: RunUnderWay,
  previous: PublishedSnapshot | null,
): { writer: RangeWriter; origin: RangeOrigin } {
  const { formats } = options.rows;
  keepWanted(output, plan, options);
  const { building, work } = output;
  const { progress } = context;
  // The workers look at the files meanwhile. Where it cannot be found out, whoever waits for it is told.
  const configuration = configurationFingerprint(options, plan);
  configuration.catch(() => undefined);
  const tasks = new RangeTasks(pool);
  const origin = openOrigin({ tasks, building, work, configuration, formats, progress });
  const writer = new RangeWriter({
    ...{ tasks, origin, building, formats, progress },
    previous: previous?.folder ?? null,
    full: options.full,
    due: contentCheck.due,
    onRead: (range) => {
      contentCheck.wasRead(range);
    },
    onDamage: (range) => {
      context.log.warn(`files of range ${range} that an earlier run wrote are damaged: it is made anew`);
    },
  });
  return { writer, origin };
}

async function isUnchanged(
  { plan, context, options }: RunUnderWay,
  writer: RangeWriter,
  previous: PublishedSnapshot | null,
): Promise<boolean> {
  if (previous === null) return false;
  // The workers first: they look at the files of the database while this thread looks at those of the snapshot.
  const unchanged = writer.findUnchanged(plan.ranges);
  const [receipts, fault] = await Promise.all([
    unchanged,
    findQuickFault(previous.folder, knownSizes(previous.manifest)),
  ]);
  if (fault !== null)
    context.log.warn(`${join(previous.folder, fault.path)} ${fault.fault}: a snapshot is made anew`);
  if (fault !== null || receipts === null) return false;
  // A database that was moved is not read again, but the manifest says where it is.
  const { roots, side_tables: sides = [] } = previous.manifest.inputs;
  if (JSON.stringify(options.roots) !== JSON.stringify(roots)) return false;
  if (plan.sideFiles.some(({ path }, i) => path !== sides[i]?.path)) return false;
  return snapshotFingerprint(receipts, plan) === previous.manifest.fingerprint;
}

/** Sizes of the files of a snapshot that may be large. */
function knownSizes({ tables, mismatches }: Manifest): Map<string, number> {
  // Of each table the files of every format, beside a number.
  const ofTables = Object.values(tables).flatMap((table): unknown[] => Object.values(table).flat());
  const parts = ofTables.filter((part) => typeof part === 'object') as PartReceipt[];
  const files = [...parts, mismatches.file, mismatches.first_seen];
  return new Map(files.map(({ path, bytes }) => [path, bytes]));
}
