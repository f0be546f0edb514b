import { join } from 'node:path';
import { mismatchPath, writeReceipt, type RangeReceipt } from '../snapshot/receipts.js';
import type { RangePlan } from '../stages/discover.js';
import { addReadCounts, noReadCounts, type ReadCounts } from '../stages/read-counts.js';
import { byFormat, type Formats } from '../stages/write/formats.js';
import type { WrittenPart } from '../stages/write/part.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import { notAsWritten } from '../stages/write/read-back.js';
import { remove } from '../storage/names.js';
import { writeFileWhole } from '../storage/new-file.js';
import { rangeFingerprint } from './fingerprint.js';
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
      return { clients: inTask, batchFile: join(work, `${range}-${i}.batches`) };
    });
    const results = await Promise.all(tasks.map((task) => this.readTask(task)));
    const files = await this.writeParts(range, results);
    for (const { batchFile } of tasks) remove(batchFile);
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
    const result = await this.settings.tasks.read(task);
    addReadCounts(this.counts, result.counts);
    this.settings.progress.advance(task.clients.length, result.rows['images'] ?? 0);
    return result;
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
      batches: results.map((result) => result.batches[table]!),
      rows: results.reduce((sum, result) => sum + (result.rows[table] ?? 0), 0),
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

function writeRangeMismatches(building: string, range: string, results: readonly ReadResult[]): PartReceipt {
  const lines = results.flatMap((result) => result.mismatches);
  const path = mismatchPath(range);
  const content = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return { path, rows: lines.length, ...writeFileWhole(join(building, path), content) };
}
