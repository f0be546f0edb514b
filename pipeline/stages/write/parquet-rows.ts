import parquet from 'parquetjs-lite';
import type { AnyRow, Table } from '../../../schemas/column.js';
import { NewFile, type Written } from '../../storage/new-file.js';
import { fileMetadata } from './file-metadata.js';
import type { RowFile } from './format.js';

/** A Parquet file of rows that arrive one at a time; of text columns only, which parquetjs-lite streams well. */
export class ParquetRows implements RowFile {
  private constructor(
    private readonly file: NewFile,
    private readonly writer: parquet.ParquetWriter,
  ) {}

  static async open(path: string, table: Table): Promise<ParquetRows> {
    const file = new NewFile(path);
    const sink = {
      write: (bytes: Buffer, done: (error?: Error | null) => void) => {
        attempt(() => {
          file.write(bytes);
        }, done);
      },
      end: (done: (error?: Error | null) => void) => {
        done();
      },
    };
    // Its page index lacks what the format requires: readers that use one (Rust's, DataFusion) would refuse the file.
    const writer = await parquet.ParquetWriter.openStream(parquetSchema(table), sink, { pageIndex: false });
    for (const [key, value] of fileMetadata(table)) writer.setMetadata(key, value);
    return new ParquetRows(file, writer);
  }

  /** Not awaiting this would write rows twice: the writer is not ready for the next one before. */
  append(row: AnyRow): Promise<void> {
    return this.writer.appendRow(withoutNulls(row));
  }

  async finish(): Promise<Written> {
    await this.writer.close();
    return this.file.finishUnsynced();
  }

  abandon(): void {
    this.file.abandon();
  }
}

function parquetSchema({ name: table, columns }: Table): parquet.ParquetSchema {
  const fields: Record<string, parquet.ParquetField> = {};
  for (const { name, type, nullable } of columns) {
    if (type !== 'string') throw new TypeError(`${table}.${name}: rows one at a time hold texts only`);
    fields[name] = { type: 'UTF8', optional: nullable, compression: 'GZIP' };
  }
  return new parquet.ParquetSchema(fields);
}

/** parquetjs-lite knows 'no value' only as an absent property. */
function withoutNulls(row: AnyRow): Record<string, unknown> {
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
