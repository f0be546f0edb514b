import type { AnyRow, Table } from '../../../schemas/column.js';
import type { Written } from '../../storage/new-file.js';
import { ArrowFile } from './arrow.js';
import { TableBuilder } from './columns.js';
import type { RowFile } from './format.js';

/** What is in memory of a table whose rows arrive one at a time; part of what the file's bytes depend on. */
const ROWS_PER_BATCH = 8192;

/** An Arrow file of rows that arrive one at a time, in batches of a fixed number of rows. */
export class ArrowRows implements RowFile {
  private readonly file: ArrowFile;
  private builder: TableBuilder;
  private waiting = 0;

  constructor(
    path: string,
    private readonly table: Table,
  ) {
    this.file = new ArrowFile(path, table);
    this.builder = new TableBuilder(table);
  }

  append(row: AnyRow): void {
    this.builder.append(row);
    this.waiting++;
    if (this.waiting === ROWS_PER_BATCH) this.flush();
  }

  finish(): Written {
    if (this.waiting > 0) this.flush();
    return this.file.finish();
  }

  /** Gives the file up, leaving nothing behind. */
  abandon(): void {
    this.file.abandon();
  }

  private flush(): void {
    this.file.append(this.builder.finish());
    this.builder = new TableBuilder(this.table);
    this.waiting = 0;
  }
}
