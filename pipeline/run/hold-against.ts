import { withScratchDb } from '../engine/scratch-db.js';
import { checkGate, countsOf, type Counts, type Held } from '../snapshot/gate/check.js';
import { countsOfSome } from '../snapshot/gate/counts-of-some.js';
import { findExamples } from '../snapshot/gate/examples.js';
import { clientIdsOf } from '../snapshot/gate/gone.js';
import { overLimit, type Refusal } from '../snapshot/gate/sentence.js';
import type { GateReport, Manifest } from '../snapshot/manifest.js';
import type { PublishedSnapshot } from '../snapshot/published.js';
import { describeInputs } from './describe-run.js';
import type { Finished } from './finish.js';
import type { RowOptions } from './options.js';
import type { RunUnderWay, WrittenRanges } from './under-way.js';

/**
 * Holds the snapshot that was built and verified against the current one: nothing of it is published yet. Without a current
 * one there is nothing to hold it against.
 */
export async function holdAgainstCurrent(
  run: RunUnderWay,
  written: WrittenRanges,
  finished: Finished,
): Promise<Refusal> {
  const before = run.output.current();
  if (before === null) return { report: { against: null, results: [] }, examples: {} };
  const { rows, gate } = run.options;
  const inputs = describeInputs(run, written, finished);
  const boxes = finished.tables.find(({ name }) => name === 'boxes')!.files.parquet;
  const tables = { boxes: { rows: boxes.reduce((sum, part) => sum + part.rows, 0), files: boxes } };
  const isOfSameClients = haveSameLists(before.manifest, rows);
  const now: Held = {
    counts: withoutLeftOut(countsOf({ inputs, tables }), run),
    mismatches: finished.mismatches.counts,
  };
  const held: Held = {
    counts: await countsBefore(run, before, isOfSameClients),
    // Those of other clients say nothing of these.
    mismatches: isOfSameClients ? before.manifest.mismatches : null,
  };
  const report = { against: before.manifest.run_id, results: checkGate(gate, held, now, inputs) };
  return { report, examples: await examplesOf(run, report, before) };
}

/** The counts of the current snapshot, of those of its clients that this run is about. */
async function countsBefore(
  { options, context, output }: RunUnderWay,
  before: PublishedSnapshot,
  isOfSameClients: boolean,
): Promise<Counts> {
  const { includeClients, excludeClients } = options.rows;
  const takesAll = includeClients === null && excludeClients.length === 0;
  if (isOfSameClients || takesAll) return countsOf(before.manifest);
  const include = includeClients === null ? null : new Set(includeClients);
  const exclude = new Set(excludeClients);
  return withScratchDb(async (db) => {
    const ids = await clientIdsOf(db, before);
    if (ids === null) return {};
    const asked = ids.filter((id) => include?.has(id) !== false && !exclude.has(id));
    return countsOfSome(db, before.folder, asked, output.work);
  }, context.signal);
}

/** A run that was told of no images tree has no DICOM files, and lost none. */
function withoutLeftOut(counts: Counts, { options }: RunUnderWay): Counts {
  if (options.roots.images !== null) return counts;
  const { dicom_files: leftOut, ...others } = counts;
  return leftOut === undefined ? counts : others;
}

/** Whether the current snapshot was made with the same lists of clients. */
function haveSameLists({ options }: Manifest, { includeClients, excludeClients }: RowOptions): boolean {
  const text = (list: unknown) => (Array.isArray(list) && list.length > 0 ? list.toSorted().join() : '');
  return (
    text(options['clients_file']) === text(includeClients) &&
    text(options['exclude_clients_file']) === text(excludeClients)
  );
}

async function examplesOf(
  { output, context }: RunUnderWay,
  report: GateReport,
  before: PublishedSnapshot,
): Promise<Record<string, string[]>> {
  const over = overLimit(report);
  if (over.length === 0) return {};
  return withScratchDb(async (db) => {
    const examples: Record<string, string[]> = {};
    // A part of the current snapshot that cannot be read costs the names, and nothing else.
    for (const result of over)
      examples[result.what] = await findExamples(db, result, before.folder, output.building).catch(() => []);
    return examples;
  }, context.signal);
}
