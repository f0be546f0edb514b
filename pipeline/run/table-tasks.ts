import { LineFile, OpenWorkFiles, type readPiece } from '../storage/work-file.js';
import { clientTools, processClient, tooLargeClient, type ClientTools } from '../stages/process-client.js';
import type { ClientsAhead } from '../stages/clients-ahead.js';
import { Stamp } from '../stages/stamp.js';
import { appendRows } from '../tables/index.js';
import { BatchBudget } from '../stages/budgets.js';
import { BatchFileWriter, readBatches, type OpenBatchFile } from '../stages/write/batch-file.js';
import { writeCodes } from '../stages/write/codes.js';
import { clientBuilders, type ClientBuilders } from '../stages/write/client-builders.js';
import type { TableBuilder } from '../stages/write/columns.js';
import { mismatchRow } from '../stages/write/mismatch-row.js';
import { writePart, type WrittenPart } from '../stages/write/part.js';
import { writeSplits } from '../stages/write/splits.js';
import type { MismatchKind } from '../../schemas/mismatch-kinds.js';
import type { Table } from '../../schemas/column.js';
import { clientTables, CLIENT_TABLE_NAMES } from '../../schemas/tables/index.js';
import type {
  CodesTask,
  EncodeTask,
  PlanResult,
  PlanTask,
  ReadResult,
  ReadTask,
  SideTask,
  SplitsTask,
  WorkerSettings,
} from './tasks.js';

/** Work files that stay open while one table after the other is written from them: those of a range. */
const OPEN_WORK_FILES = 128;

/** The tasks of a worker that make tables; apart from the others, for they take a third of a second to load. */
export class TableTasks {
  private readonly tools: ClientTools;
  private readonly tables: readonly Table[];
  /** Kept from task to task, for their memory. */
  private readonly builders: ClientBuilders;
  private readonly byName: ReadonlyMap<string, TableBuilder>;
  private readonly batchFiles = new BatchFileWriter();
  private readonly workFiles = new OpenWorkFiles(OPEN_WORK_FILES);

  constructor(
    { selection, months }: WorkerSettings,
    private readonly ahead: ClientsAhead,
  ) {
    this.tools = clientTools(ahead.source, selection, months);
    const tagColumns = selection.tags.map((tag) => tag.column);
    this.tables = clientTables(tagColumns);
    this.builders = clientBuilders(tagColumns);
    this.byName = new Map(Object.entries(this.builders));
  }

  /** @throws TooLargeFault when the rows of these clients together are more than a batch can hold */
  async read(task: ReadTask): Promise<ReadResult> {
    const stamp = new Stamp();
    this.workFiles.close();
    // What a walk for a stamp could not look at is not this task's.
    this.tools.source.takeFailures();
    for (const builder of this.byName.values()) builder.clear();
    const batches = this.batchFiles.open(task.batchFile);
    const lines = new LineFile(task.mismatchFile);
    try {
      const rows = await this.readInto(batches, lines, stamp, task);
      return {
        stamp: stamp.digest(),
        batches: batches.places,
        rows,
        mismatches: [{ path: task.mismatchFile, rows: lines.rows }],
        counts: this.tools.reader.takeCounts(),
      };
    } finally {
      batches.close();
      lines.finish();
    }
  }

  /** @returns how many rows each table has */
  private async readInto(
    batches: OpenBatchFile,
    lines: LineFile,
    stamp: Stamp,
    { clients, tooLarge }: ReadTask,
  ): Promise<Record<string, number>> {
    const rows: Record<string, number> = {};
    const batch = new BatchBudget();
    await this.ahead.each(clients, 'read', (entry) => {
      const { client, mismatches, bytes } =
        tooLarge === null
          ? processClient(entry, this.tools, stamp)
          : tooLargeClient(entry, this.tools, tooLarge);
      if (!batch.hasRoomFor(bytes)) batches.add(this.byName);
      const counts = appendRows(client, this.builders);
      CLIENT_TABLE_NAMES.forEach((name, i) => {
        rows[name] = (rows[name] ?? 0) + counts[i]!;
        batch.addRows(counts[i]!);
      });
      for (const mismatch of mismatches) lines.add(JSON.stringify(mismatchRow(mismatch)));
    });
    batches.add(this.byName);
    return rows;
  }

  async plan({ clients, withLines }: PlanTask): Promise<PlanResult> {
    const lines: string[] = [];
    const found = { studies: 0, images: 0, byKind: {} as Partial<Record<MismatchKind, number>> };
    await this.ahead.each(clients, 'plan', (entry) => {
      const { client, mismatches } = processClient(entry, this.tools, null);
      found.studies += client.studies.length;
      for (const { images } of client.studies) found.images += images.length;
      for (const { kind } of mismatches) found.byKind[kind] = (found.byKind[kind] ?? 0) + 1;
      if (!withLines) return;
      lines.push(JSON.stringify({ plan: client.record.plan }));
      for (const mismatch of mismatches) lines.push(JSON.stringify({ mismatch: mismatchRow(mismatch) }));
    });
    return { lines, ...found };
  }

  encode({ table: name, batches, rows, ...place }: EncodeTask): Promise<WrittenPart> {
    const table = this.tables.find((candidate) => candidate.name === name)!;
    const read: typeof readPiece = (...piece) => this.workFiles.readPiece(...piece);
    const streams = () => readBatches(table, batches, read);
    return writePart({ table, rows, batches, streams }, place);
  }

  codes({ snapshot, formats }: CodesTask): Promise<WrittenPart> {
    return writeCodes(snapshot, formats);
  }

  splits({ snapshot, formats, ...groups }: SplitsTask): Promise<WrittenPart> {
    return writeSplits(groups, snapshot, formats);
  }

  /** Closes the work files that stay open from task to task. */
  close(): void {
    this.workFiles.close();
  }

  async side({ snapshot, formats, ...content }: SideTask): Promise<WrittenPart> {
    const { writeSideTable } = await import('../stages/write/side-table.js');
    return writeSideTable(content, snapshot, formats);
  }
}
