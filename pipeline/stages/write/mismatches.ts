import { createHash } from 'node:crypto';
import { join } from 'node:path';
import parquet from 'parquetjs-lite';
import type { MismatchKind, Severity } from '../../../schemas/mismatch-kinds.js';
import { mismatches } from '../../../schemas/tables/mismatches.js';
import { arrowPath } from './arrow-path.js';
import type { ArrowRows } from './arrow-rows.js';
import { fileMetadata } from './file-metadata.js';
import type { MismatchRow } from './mismatch-row.js';
import { NewFile, type PartReceipt, type WrittenPart } from './part-file.js';

export interface MismatchCounts {
  readonly total: number;
  readonly by_kind: Partial<Record<MismatchKind, number>>;
  readonly by_severity: Record<Severity, number>;
}

const JSONL = 'mismatches.jsonl';
const PARQUET = 'tables/mismatches/mismatches.parquet';
const ARROW = arrowPath(mismatches.name, 'mismatches');

/** Streams mismatches, in the order given, to `mismatches.jsonl` and to the table `mismatches`; their hashes to a file. */
export class MismatchWriter {
  private readonly byKind: Partial<Record<MismatchKind, number>> = {};
  private readonly bySeverity: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  private total = 0;

  private constructor(
    private readonly lines: NewFile,
    private readonly hashes: NewFile,
    private readonly parquetFile: NewFile,
    private readonly parquetWriter: parquet.ParquetWriter,
    private readonly arrowRows: ArrowRows | null,
  ) {}

  /**
   * @param hashes file that gets the sha256 of each line, a line each
   * @param arrow whether the table is written as an Arrow file too
   */
  static async open(snapshot: string, hashes: string, arrow: boolean): Promise<MismatchWriter> {
    const parquetFile = new NewFile(join(snapshot, PARQUET));
    const sink = {
      write: (bytes: Buffer, done: (error?: Error | null) => void) => {
        attempt(() => {
          parquetFile.write(bytes);
        }, done);
      },
      end: (done: (error?: Error | null) => void) => {
        done();
      },
    };
    // Its page index lacks what the format requires: readers that use one (Rust's, DataFusion) would refuse the file.
    const writer = await parquet.ParquetWriter.openStream(parquetSchema(), sink, { pageIndex: false });
    for (const [key, value] of fileMetadata(mismatches)) writer.setMetadata(key, value);
    const arrowRows = arrow ? await openArrowRows(join(snapshot, ARROW)) : null;
    const lines = new NewFile(join(snapshot, JSONL));
    return new MismatchWriter(lines, new NewFile(hashes), parquetFile, writer, arrowRows);
  }

  async append(row: MismatchRow): Promise<void> {
    const kind = row.kind as MismatchKind;
    this.total++;
    this.byKind[kind] = (this.byKind[kind] ?? 0) + 1;
    this.bySeverity[row.severity as Severity]++;
    const line = JSON.stringify(row);
    this.lines.write(Buffer.from(`${line}\n`));
    this.hashes.write(Buffer.from(`${createHash('sha256').update(line).digest('hex')}\n`));
    this.arrowRows?.append(row);
    // Not awaiting this would write rows twice: the writer is not ready for the next one before.
    await this.parquetWriter.appendRow(withoutNulls(row));
  }

  /** Gives all files up. */
  abandon(): void {
    this.lines.abandon();
    this.hashes.abandon();
    this.parquetFile.abandon();
    this.arrowRows?.abandon();
  }

  async close(): Promise<{ counts: MismatchCounts; table: WrittenPart; lines: PartReceipt }> {
    await this.parquetWriter.close();
    this.hashes.finish();
    const rows = this.total;
    return {
      counts: { total: rows, by_kind: this.byKind, by_severity: this.bySeverity },
      table: {
        parquet: { path: PARQUET, rows, ...this.parquetFile.finish() },
        arrow: this.arrowRows === null ? null : { path: ARROW, rows, ...this.arrowRows.finish() },
      },
      lines: { path: JSONL, rows, ...this.lines.finish() },
    };
  }
}

/** Arrow is loaded only where it is wanted. */
async function openArrowRows(path: string): Promise<ArrowRows> {
  const module = await import('./arrow-rows.js');
  return new module.ArrowRows(path, mismatches);
}

function parquetSchema(): parquet.ParquetSchema {
  const fields: Record<string, parquet.ParquetField> = {};
  for (const { name, nullable } of mismatches.columns) {
    fields[name] = { type: 'UTF8', optional: nullable, compression: 'GZIP' };
  }
  return new parquet.ParquetSchema(fields);
}

/** parquetjs-lite knows 'no value' only as an absent property. */
function withoutNulls(row: MismatchRow): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function attempt(action: () => void, done: (error?: Error | null) => void): void {
  try {
    action();
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}
