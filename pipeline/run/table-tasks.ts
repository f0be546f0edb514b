import type { Source } from '../source/source.js';
import { clientTools, processClient, type ClientTools } from '../stages/process-client.js';
import { Stamp } from '../stages/stamp.js';
import { appendRows } from '../tables/index.js';
import { BatchFileWriter, readBatches } from '../stages/write/batch-file.js';
import { writeCodes } from '../stages/write/codes.js';
import { clientBuilders, type ClientBuilders } from '../stages/write/client-builders.js';
import type { TableBuilder } from '../stages/write/columns.js';
import { mismatchRow } from '../stages/write/mismatch-row.js';
import { writePart, type WrittenPart } from '../stages/write/part.js';
import { writeSplits } from '../stages/write/splits.js';
import type { Table } from '../../schemas/column.js';
import { clientTables, CLIENT_TABLE_NAMES } from '../../schemas/tables/index.js';
import type {
  ClientsTask,
  CodesTask,
  EncodeTask,
  PlanResult,
  ReadResult,
  ReadTask,
  SplitsTask,
  WorkerSettings,
} from './tasks.js';

/** The tasks of a worker that make tables; apart from the others, for they take a third of a second to load. */
export class TableTasks {
  private readonly tools: ClientTools;
  private readonly tables: readonly Table[];
  /** Kept from task to task, for their memory. */
  private readonly builders: ClientBuilders;
  private readonly byName: ReadonlyMap<string, TableBuilder>;
  private readonly batchFiles = new BatchFileWriter();

  constructor({ selection, months }: WorkerSettings, source: Source) {
    this.tools = clientTools(source, selection, months);
    const tagColumns = selection.tags.map((tag) => tag.column);
    this.tables = clientTables(tagColumns);
    this.builders = clientBuilders(tagColumns);
    this.byName = new Map(Object.entries(this.builders));
  }

  read({ clients, batchFile }: ReadTask): ReadResult {
    const stamp = new Stamp();
    // What a walk for a stamp could not look at is not this task's.
    this.tools.source.takeFailures();
    for (const builder of this.byName.values()) builder.clear();
    const rows: Record<string, number> = {};
    const lines: string[] = [];
    for (const entry of clients) {
      const { client, mismatches } = processClient(entry, this.tools, stamp);
      const counts = appendRows(client, this.builders);
      for (const name of CLIENT_TABLE_NAMES) rows[name] = (rows[name] ?? 0) + counts[name];
      for (const mismatch of mismatches) lines.push(JSON.stringify(mismatchRow(mismatch)));
    }
    const batches = this.batchFiles.write(batchFile, this.byName);
    return {
      stamp: stamp.digest(),
      batches,
      rows,
      mismatches: lines,
      counts: this.tools.reader.takeCounts(),
    };
  }

  plan({ clients }: ClientsTask): PlanResult {
    const lines: string[] = [];
    for (const entry of clients) {
      const { client, mismatches } = processClient(entry, this.tools, null);
      lines.push(JSON.stringify({ plan: client.record.plan }));
      for (const mismatch of mismatches) lines.push(JSON.stringify({ mismatch: mismatchRow(mismatch) }));
    }
    return { lines };
  }

  encode({ table: name, batches, rows, ...place }: EncodeTask): Promise<WrittenPart> {
    const table = this.tables.find((candidate) => candidate.name === name)!;
    return writePart({ table, rows, streams: () => readBatches(table, batches) }, place);
  }

  codes({ snapshot, formats }: CodesTask): Promise<WrittenPart> {
    return writeCodes(snapshot, formats);
  }

  splits({ snapshot, formats, ...groups }: SplitsTask): Promise<WrittenPart> {
    return writeSplits(groups, snapshot, formats);
  }
}
