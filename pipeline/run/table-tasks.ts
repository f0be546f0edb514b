import type { Source } from '../source/source.js';
import { discoverClient, type ClientEntry } from '../stages/discover.js';
import { ClientReader } from '../stages/extract.js';
import { flattenClient } from '../stages/flatten/client.js';
import { reconcile } from '../stages/reconcile/client.js';
import { Stamp } from '../stages/stamp.js';
import { walkClient } from '../stages/walk.js';
import { BatchFileWriter, readBatches } from '../stages/write/batch-file.js';
import { writeCodes } from '../stages/write/codes.js';
import { TableBuilder } from '../stages/write/columns.js';
import { mismatchRow } from '../stages/write/mismatch-row.js';
import { writePart, type WrittenPart } from '../stages/write/part.js';
import type { Table } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { clientTables } from '../../schemas/tables/index.js';
import type {
  ClientsTask,
  CodesTask,
  EncodeTask,
  PlanResult,
  ReadResult,
  ReadTask,
  WorkerSettings,
} from './tasks.js';

/** The tasks of a worker that make tables; apart from the others, for they take a third of a second to load. */
export class TableTasks {
  private readonly reader: ClientReader;
  private readonly tables: readonly Table[];
  /** Kept from task to task, for their memory. */
  private readonly builders: ReadonlyMap<string, TableBuilder>;
  private readonly batchFiles = new BatchFileWriter();

  constructor(
    private readonly settings: WorkerSettings,
    private readonly source: Source,
  ) {
    const { selection } = settings;
    this.reader = new ClientReader(source, selection);
    this.tables = clientTables(selection.tags.map((tag) => tag.column));
    this.builders = new Map(this.tables.map((table) => [table.name, new TableBuilder(table)]));
  }

  read({ clients, batchFile }: ReadTask): ReadResult {
    const stamp = new Stamp();
    for (const builder of this.builders.values()) builder.clear();
    const rows: Record<string, number> = {};
    const lines: string[] = [];
    for (const client of clients) {
      const { rows: byTable, mismatches } = this.process(client, stamp);
      for (const [name, builder] of this.builders) {
        const tableRows = byTable[name] ?? [];
        for (const row of tableRows) builder.append(row);
        rows[name] = (rows[name] ?? 0) + tableRows.length;
      }
      for (const mismatch of mismatches) lines.push(JSON.stringify(mismatchRow(mismatch)));
    }
    const batches = this.batchFiles.write(batchFile, this.builders);
    return { stamp: stamp.digest(), batches, rows, mismatches: lines, counts: this.reader.takeCounts() };
  }

  plan({ clients }: ClientsTask): PlanResult {
    const lines: string[] = [];
    for (const client of clients) {
      const { plan, mismatches } = this.process(client, null);
      lines.push(JSON.stringify({ plan }));
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

  /** @param stamp takes the client up before she is read; without one, no image header is read */
  private process(client: ClientEntry, stamp: Stamp | null) {
    const { roots, selection, months } = this.settings;
    const mismatches: Mismatch[] = [];
    const report = (mismatch: Mismatch) => mismatches.push(mismatch);
    const walked = walkClient(client, this.source, stamp !== null);
    // Before reading: what changes while it is read is then seen as changed by the next run.
    stamp?.add(client.id, walked);
    const plan = discoverClient(client, walked, this.source, report);
    const record = this.reader.read(plan, stamp !== null, report);
    const flat = flattenClient(record, { selection, months }, report);
    reconcile(record, flat, roots, selection, report);
    return { plan, rows: flat.rows, mismatches };
  }
}
