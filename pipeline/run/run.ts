import type { OutputFolder } from '../snapshot/output-folder.js';
import { beginPlan } from './begin.js';
import { ContentCheck } from './content-check.js';
import type { RunContext } from './context.js';
import { holdingOutput } from './holding.js';
import type { RunOptions } from './options.js';
import { RangeReader } from './range-reader.js';
import type { RangePlace } from './range-origin.js';
import { RunRecorder, type RecordOptions } from './recorder.js';
import { runSteps } from './steps.js';
import type { RunSummary } from './summary.js';
import { withWorkers } from './with-workers.js';

/**
 * Runs the pipeline. Ranges of clients in which nothing changed since the current snapshot are carried over; where nothing
 * changed at all, nothing is published.
 * @throws UsageFault, EnvironmentFault, VerificationError, Refused or Interrupted; then nothing is published, and the last
 * published snapshot is as it was. What an interrupted run had finished, the next one does not read again.
 */
export async function run(options: RunOptions, context: RunContext): Promise<RunSummary> {
  const recorder = new RunRecorder(options, context);
  return recorder.recordingFailure(async (failed) => {
    const plan = await beginPlan(options, context);
    const ranges = plan.ranges.map(({ range }) => range);
    const openOrigin = (place: RangePlace) => new RangeReader(place, options.roots, plan.rootIds);
    const use = (output: OutputFolder) => {
      const contentCheck = new ContentCheck(options.out, ranges, options.verifyContent);
      const run = { options, context, plan, output, recorder, contentCheck, openOrigin, sharedBy: null };
      return withWorkers(run, runSteps);
    };
    return holdingOutput(options.out, context, use, failed);
  });
}

/** Writes the record of a run that could not even begin. */
export function recordFailure(options: RecordOptions, context: RunContext, error: unknown): void {
  new RunRecorder(options, context).failed(error);
}
