import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { codes } from '../../schemas/tables/codes.js';
import { mismatches as mismatchTable } from '../../schemas/tables/mismatches.js';
import { splits } from '../../schemas/tables/splits.js';
import type { DuckDb } from '../engine/duckdb.js';
import { compareClients, parseClientId } from '../omi-db/client-id.js';
import { changedClients } from '../snapshot/changed-clients.js';
import { isAsPublished } from '../snapshot/checksums.js';
import { FIRST_SEEN, writeFirstSeen, type MismatchHistory } from '../snapshot/first-seen.js';
import { clientIdsOf, findGoneClients } from '../snapshot/gate/gone.js';
import { writeMismatches } from '../snapshot/mismatch-file.js';
import type { OutputFolder } from '../snapshot/output-folder.js';
import { verify } from '../snapshot/verify.js';
import { findDuplicateImages } from '../stages/reconcile/duplicates.js';
import { findSplitGroups } from '../stages/reconcile/sharing.js';
import { byFormat, entriesOf, formatNamed, type ByFormat } from '../stages/write/formats.js';
import type { WrittenMismatches } from '../stages/write/mismatches.js';
import type { WrittenPart } from '../stages/write/part.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import { readBack } from '../stages/write/read-back.js';
import { throwIfStopped } from './interrupted.js';
import { writeSideTables, type WrittenSideTable } from './side-tables.js';
import type { RunUnderWay, WrittenRanges } from './under-way.js';

/** The files of a table. */
export interface WrittenTable {
  readonly name: string;
  readonly files: ByFormat<readonly PartReceipt[]>;
}

/** What is written and checked once all ranges are there. */
export interface Finished {
  readonly tables: readonly WrittenTable[];
  readonly sides: readonly WrittenSideTable[];
  readonly mismatches: WrittenMismatches;
  /** Run id of the snapshot that the mismatches are compared with; null when there is none. */
  readonly since: string | null;
  readonly history: MismatchHistory;
}

/**
 * Writes what is known only when all ranges are written, then has it all verified by an independent reader.
 * @param db gets no views
 * @throws VerificationError, Interrupted
 */
export async function finishTables(db: DuckDb, run: RunUnderWay, written: WrittenRanges): Promise<Finished> {
  const { output, context } = run;
  // The database needs the memory of the others.
  run.pool.keepOne();
  const splitsPart = await writeAllSplits(db, run, written);
  const sides = await writeSideTables(db, run, written);
  // The last thread ends while the rest is done, and what they all had goes back to the system.
  void run.pool.close().then(() => giveBack(db));
  const hashes = join(output.work, 'mismatch-hashes');
  const gone = await findGone(db, run);
  const unseen = await describeUnseen(db, written);
  const mismatches = await writeAllMismatches(db, run, { ...written, sides }, [...gone, ...unseen], hashes);
  const tables = await verifyTables(db, run, { ...written, splitsPart, sides }, mismatches);
  const before = await snapshotBefore(output, context.log);
  const history = await writeFirstSeen(db, {
    snapshot: output.building,
    hashes,
    count: mismatches.counts.total,
    previous: before === null ? null : join(before.folder, FIRST_SEEN),
    runId: run.runId,
    time: run.started,
    signal: context.signal,
  });
  return { tables, sides, mismatches, since: before?.runId ?? null, history };
}

/** Where it cannot, for the run ends meanwhile, nothing is lost. */
async function giveBack(db: DuckDb): Promise<void> {
  await db.giveBackFreed().catch(() => undefined);
}

/** By a worker: what encodes is loaded there. */
async function writeAllSplits(
  db: DuckDb,
  { options, plan, output, pool, context }: RunUnderWay,
  { ranges }: WrittenRanges,
): Promise<WrittenPart> {
  throwIfStopped(context.signal);
  const images = ranges.map(({ files }) => files.parquet['images']!);
  const groups = await findSplitGroups(db, output.building, images);
  const clients = plan.clients.map(({ id }) => id);
  const { formats } = options.rows;
  return pool.run('splits', { snapshot: output.building, formats, clients, groups });
}

/** Clients that the current snapshot has and no tree has. */
async function findGone(db: DuckDb, { output, plan, context }: RunUnderWay): Promise<Mismatch[]> {
  const current = output.current();
  if (current === null) return [];
  const before = await clientIdsOf(db, current);
  if (before !== null) return findGoneClients(before, plan.known);
  context.log.warn(
    `the table clients of ${current.folder} is damaged: which of its clients are gone cannot be told`,
  );
  return [];
}

/** A mismatch for each client of whom something else was read than the current snapshot has, though nothing showed it. */
async function describeUnseen(db: DuckDb, { unseen }: WrittenRanges): Promise<Mismatch[]> {
  const mismatches: Mismatch[] = [];
  for (const { before, after } of unseen)
    for (const id of await changedClients(db, before, after))
      mismatches.push({
        kind: 'content_changed_unseen',
        client_id: id,
        detail:
          'What was read of the client is not what the current snapshot has of her, though no name, size or time of her files changed.',
      });
  return mismatches;
}

/**
 * @param sinceCurrent mismatches that only a comparison with the current snapshot finds, of clients
 * @param hashes file that gets the sha256 of each mismatch
 */
async function writeAllMismatches(
  db: DuckDb,
  { options, context, plan, output }: RunUnderWay,
  { ranges, sides }: WrittenRanges & Pick<Finished, 'sides'>,
  sinceCurrent: readonly Mismatch[],
  hashes: string,
): Promise<WrittenMismatches> {
  throwIfStopped(context.signal);
  const images = ranges.map(({ files }) => files.parquet['images']!);
  const duplicates = await findDuplicateImages(db, output.building, images);
  const acrossClients = [...duplicates, ...sinceCurrent].sort(byClient);
  const ofSides = sides.map((side) => side.mismatches);
  const sources = { database: plan.database, ranges, acrossClients, ofSides };
  return writeMismatches(output.building, hashes, options.rows.formats, sources, context.signal);
}

/** Natural order; those of one client stay in theirs. */
function byClient(a: Mismatch, b: Mismatch): number {
  return compareClients(parseClientId(a.client_id!)!, parseClientId(b.client_id!)!);
}

/** What the workers wrote was read back when it was; here is what was written since, then the tables as a whole. */
async function verifyTables(
  db: DuckDb,
  { options, context, plan, output }: RunUnderWay,
  {
    ranges,
    codesPart,
    splitsPart,
    sides,
  }: WrittenRanges & Pick<Finished, 'sides'> & { readonly splitsPart: WrittenPart },
  { table, lines }: WrittenMismatches,
): Promise<WrittenTable[]> {
  await readBack(output.building, codesPart.parquet);
  await readBack(output.building, splitsPart.parquet);
  for (const { part } of sides) await readBack(output.building, part.parquet);
  await readBack(output.building, lines);
  for (const [name, receipt] of entriesOf(table)) await formatNamed(name).checkRows(output.building, receipt);
  // Tables with one part in all; the others have one of each range.
  const own = new Map<string, WrittenPart>([
    [codes.name, codesPart],
    [splits.name, splitsPart],
    [mismatchTable.name, table],
    ...sides.map(({ table: { name }, part }) => [name, part] as const),
  ]);
  const described = [...plan.tables, ...sides.map((side) => side.table)];
  const tables = described.map(({ name }) => ({
    name,
    files: byFormat(options.rows.formats, (format) => {
      const part = own.get(name)?.[format];
      return part === undefined ? ranges.map(({ files }) => files[format]![name]!) : [part];
    }),
  }));
  throwIfStopped(context.signal);
  const parts = described.map((each, i) => ({ table: each, parts: tables[i]!.files.parquet }));
  await verify(db, output.building, parts);
  return tables;
}

/** The snapshot that says since when mismatches are known; null when there is none that can be trusted. */
async function snapshotBefore(output: OutputFolder, log: Logger) {
  const current = output.current();
  if (current === null) return null;
  if (await isAsPublished(current.folder, FIRST_SEEN))
    return { folder: current.folder, runId: current.manifest.run_id };
  log.warn(
    `${join(current.folder, FIRST_SEEN)} is damaged or missing: every mismatch counts as first seen now`,
  );
  return null;
}
