import type { PublishedSnapshot } from '../snapshot/published.js';
import { configurationFingerprint, snapshotFingerprint } from './fingerprint.js';
import { interruption } from './interrupted.js';
import type { RunPlan } from './plan.js';
import { RangeTasks } from './range-tasks.js';
import { RangeWriter } from './range-writer.js';
import type { RunUnderWay, WrittenRanges } from './under-way.js';

/**
 * Writes the ranges into the snapshot being built; null when nothing changed since the current one, and nothing was
 * written.
 * @param onChange called when something changed, before the workers read
 */
export async function writeRanges(run: RunUnderWay, onChange: () => void): Promise<WrittenRanges | null> {
  const { context, plan, pool } = run;
  const { formats } = run.options.rows;
  const previous = run.output.current();
  const writer = prepareWriter(run, previous);
  context.progress.start(plan.clients.length);
  try {
    const interrupted = interruption(context.signal);
    if (await Promise.race([isUnchanged(run.plan, writer, previous), interrupted])) return null;
    onChange();
    const codes = pool.run('codes', { snapshot: run.output.building, formats });
    const all = Promise.all([writer.write(plan.ranges), codes]);
    const [ranges, codesPart] = await Promise.race([all, interrupted]);
    return { ranges, codesPart, counts: writer.counts, reasons: writer.reasons };
  } finally {
    context.progress.stop();
  }
}

function prepareWriter(
  { options, context, plan, output, pool }: RunUnderWay,
  previous: PublishedSnapshot | null,
): RangeWriter {
  const { formats } = options.rows;
  output.keepOnly(new Set(plan.ranges.map(({ range }) => range)), formats);
  return new RangeWriter({
    tasks: new RangeTasks(pool),
    building: output.building,
    work: output.work,
    previous: previous?.folder ?? null,
    configuration: configurationFingerprint(options, plan.tables),
    full: options.full,
    formats,
    progress: context.progress,
  });
}

async function isUnchanged(
  plan: RunPlan,
  writer: RangeWriter,
  previous: PublishedSnapshot | null,
): Promise<boolean> {
  const receipts = await writer.findUnchanged(plan.ranges);
  if (receipts === null) return false;
  return snapshotFingerprint(receipts, plan.database) === previous?.manifest.fingerprint;
}
