import { join } from 'node:path';
import { TooLargeFault } from '../base/fault.js';
import { mismatchPath, writeReceipt, type RangeReceipt } from '../snapshot/receipts.js';
import type { ClientEntry, RangePlan } from '../stages/discover.js';
import { addReadCounts, noReadCounts, type ReadCounts } from '../stages/read-counts.js';
import { byFormat, type Formats } from '../stages/write/formats.js';
import type { WrittenPart } from '../stages/write/part.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import { notAsWritten } from '../stages/write/read-back.js';
import { remove } from '../storage/names.js';
import { NewFile } from '../storage/new-file.js';
import { piecesOf } from '../storage/read.js';
import { rangeFingerprint } from './fingerprint.js';
import { WorkerDeath } from './pool.js';
import type { Progress } from './progress.js';
import { inTasks, type RangeTasks } from './range-tasks.js';
import type { ReadResult, ReadTask } from './tasks.js';

export interface ReaderSettings {
  readonly tasks: RangeTasks;
  /** Folder of the snapshot that is being built. */
  readonly building: string;
  /** For the rows of the ranges under way. */
  readonly work: string;
  /** What every row depends on beside the files. */
  readonly configuration: string;
  readonly formats: Formats;
  readonly progress: Progress;
}

/** Reads ranges: each in small tasks, then one part for each of its tables. */
export class RangeReader {
  /** What was read so far. */
  readonly counts = noReadCounts();

  constructor(private readonly settings: ReaderSettings) {}

  /**
   * Reads a range and writes its files, the receipt last, then has them read back.
   * @throws VerificationError when a file is not as it was written
   */
  async read({ range, clients }: RangePlan): Promise<RangeReceipt> {
    const { building, configuration, work } = this.settings;
    const tasks = inTasks(clients).map((inTask, i): ReadTask => {
      return readTask(inTask, join(work, `${range}-${i}`), null);
    });
    const results = await Promise.all(tasks.map((task) => this.readTask(task)));
    const files = await this.writeParts(range, results);
    for (const batchFile of batchFiles(results)) remove(batchFile);
    const stamps = results.map(({ stamp }) => stamp);
    const receipt: RangeReceipt = {
      range,
      fingerprint: rangeFingerprint(configuration, stamps),
      clients: clients.length,
      files,
      mismatches: writeRangeMismatches(building, range, results),
      counts: sumCounts(results),
    };
    writeReceipt(building, receipt);
    // Parts that are carried or taken up were compared with their checksums; new ones are too.
    const damaged = await this.settings.tasks.findDamage(building, receipt);
    if (damaged !== null) throw notAsWritten(damaged);
    return receipt;
  }

  private async readTask(task: ReadTask): Promise<ReadResult> {
    const result = await this.settings.tasks.read(task).catch((error: unknown) => {
      whyGivenUp(error);
      return this.readAlone(task);
    });
    addReadCounts(this.counts, result.counts);
    this.settings.progress.advance(task.clients.length, result.rows['images'] ?? 0);
    return result;
  }

  /** The clients of a task that cannot be done, each alone: she at fault is left out, the others are kept. */
  private async readAlone({ clients, batchFile }: ReadTask): Promise<ReadResult> {
    const { tasks } = this.settings;
    // As the task itself would stamp them: before they are read, together.
    const stamp = await tasks.stamp(clients);
    const results: ReadResult[] = [];
    for (const [i, client] of clients.entries()) {
      const alone = (tooLarge: string | null) => readTask([client], `${batchFile}-${i}`, tooLarge);
      const read = tasks.read(alone(null)).catch((error: unknown) => tasks.read(alone(whyGivenUp(error))));
      results.push(await read);
    }
    return { ...joinResults(results as [ReadResult]), stamp };
  }

  private async writeParts(range: string, results: readonly ReadResult[]): Promise<RangeReceipt['files']> {
    const tables = Object.keys(results[0]!.batches);
    const parts = await Promise.all(tables.map((table) => this.writePart(range, table, results)));
    return byFormat(this.settings.formats, (name) =>
      Object.fromEntries(tables.map((table, i) => [table, parts[i]![name]!])),
    );
  }

  private writePart(range: string, table: string, results: readonly ReadResult[]): Promise<WrittenPart> {
    const { tasks, building, formats } = this.settings;
    return tasks.encode({
      table,
      batches: results.flatMap((result) => result.batches[table]!),
      rows: rowsOf(results, table),
      snapshot: building,
      part: range,
      formats,
    });
  }
}

function sumCounts(results: readonly ReadResult[]): ReadCounts {
  const sum = noReadCounts();
  for (const { counts } of results) addReadCounts(sum, counts);
  return sum;
}

/** Why clients cannot be read: the beginning of a sentence. @throws the error when it is not theirs */
function whyGivenUp(error: unknown): string {
  if (error instanceof TooLargeFault) return error.message;
  if (error instanceof WorkerDeath) return 'Each worker thread that read her files ended';
  throw error;
}

function readTask(clients: readonly ClientEntry[], path: string, tooLarge: string | null): ReadTask {
  return { clients, batchFile: `${path}.batches`, mismatchFile: `${path}.mismatches`, tooLarge };
}

function batchFiles(results: readonly ReadResult[]): Set<string> {
  const places = results.flatMap(({ batches }) => Object.values(batches).flat());
  return new Set(places.map(({ path }) => path));
}

/** The results of several tasks as those of one; the stamp is the first one's. */
function joinResults(results: readonly [ReadResult, ...ReadResult[]]): ReadResult {
  const byTable = <T>(join: (table: string) => T) =>
    Object.fromEntries(Object.keys(results[0].batches).map((table) => [table, join(table)]));
  return {
    stamp: results[0].stamp,
    batches: byTable((table) => results.flatMap(({ batches }) => batches[table]!)),
    rows: byTable((table) => rowsOf(results, table)),
    mismatches: results.flatMap(({ mismatches }) => mismatches),
    counts: sumCounts(results),
  };
}

function rowsOf(results: readonly ReadResult[], table: string): number {
  return results.reduce((sum, { rows }) => sum + (rows[table] ?? 0), 0);
}

/** Copies the lines of the tasks, however many, into the file of the range, and removes theirs. */
function writeRangeMismatches(building: string, range: string, results: readonly ReadResult[]): PartReceipt {
  const path = mismatchPath(range);
  const file = new NewFile(join(building, path));
  const lines = results.flatMap(({ mismatches }) => mismatches);
  try {
    for (const { path: from } of lines) for (const piece of piecesOf(from)) file.write(piece);
    const receipt = { path, rows: lines.reduce((sum, { rows }) => sum + rows, 0), ...file.finish() };
    for (const { path: from } of lines) remove(from);
    return receipt;
  } catch (error) {
    file.abandon();
    throw error;
  }
}
