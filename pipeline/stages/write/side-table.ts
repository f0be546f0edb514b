import type { AnyRow, Table } from '../../../schemas/column.js';
import { FILE_LINE } from '../../../schemas/tables/side-table.js';
import { removeIfThere } from '../../storage/names.js';
import type { CsvRecord } from '../../storage/user-csv.js';
import { cellOf } from '../side/cell-types.js';
import { isDropped } from '../side/match.js';
import { readAgain, type SideFile } from '../side/side-file.js';
import { BatchFileWriter, readBatches, type BatchPlace } from './batch-file.js';
import { TableBuilder } from './columns.js';
import type { Formats } from './formats.js';
import { writePart, type WrittenPart } from './part.js';

/** Rows, and about so many characters of text, that are in memory at a time; the file's bytes depend on them. */
const ROWS_PER_BATCH = 8192;
const TEXT_PER_BATCH = 16 * 1024 * 1024;

export interface SideTablePart {
  readonly file: SideFile;
  readonly table: Table;
  /** See SideMatch. */
  readonly dropped: Uint8Array;
  /** Work file that the rows go to before they are encoded. */
  readonly batchFile: string;
}

/**
 * Writes the only part of a side table: the rows of its file that are not dropped, in the order of the file.
 * @throws EnvironmentFault when the file is not what it was
 */
export async function writeSideTable(
  content: SideTablePart,
  snapshot: string,
  formats: Formats,
): Promise<WrittenPart> {
  const { table, batchFile } = content;
  const batches = await writeBatches(content);
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const streams = () => readBatches(table, batches);
  const part = await writePart({ table, rows, batches, streams }, { snapshot, part: table.name, formats });
  removeIfThere(batchFile);
  return part;
}

async function writeBatches({
  file,
  table,
  dropped,
  batchFile,
}: SideTablePart): Promise<readonly BatchPlace[]> {
  const builder = new TableBuilder(table);
  const builders = new Map([[table.name, builder]]);
  const batches = new BatchFileWriter().open(batchFile);
  let waiting = 0;
  let text = 0;
  const flush = () => {
    batches.add(builders);
    waiting = text = 0;
  };
  try {
    await readAgain(file, (record) => {
      if (isDropped(dropped, record.line)) return;
      builder.append(rowOf(file, record));
      waiting++;
      for (const field of record.fields) text += field.length;
      if (waiting === ROWS_PER_BATCH || text >= TEXT_PER_BATCH) flush();
    });
    // A part has a batch, be it of no rows.
    if (waiting > 0 || batches.places[table.name] === undefined) flush();
    return batches.places[table.name]!;
  } finally {
    batches.close();
  }
}

function rowOf({ columns }: SideFile, { fields, line }: CsvRecord): AnyRow {
  const row: AnyRow = { [FILE_LINE]: line };
  for (const { name, type, field } of columns) row[name] = cellOf(fields[field]!, type);
  return row;
}
