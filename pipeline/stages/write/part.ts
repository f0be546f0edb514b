import { join } from 'node:path';
import type { Table } from '../../../schemas/column.js';
import { writeArrowPart } from './arrow.js';
import { writeParquet } from './parquet.js';
import type { WrittenPart } from './part-file.js';

/** Where the files of a part go, relative to the folder of the snapshot. */
export interface PartPaths {
  readonly snapshot: string;
  readonly path: string;
  /** Null where no Arrow file is wanted. */
  readonly arrowPath: string | null;
}

/**
 * Writes one part of a table: the Parquet file, and from that the Arrow file where one is wanted.
 * @param streams Arrow IPC streams of the rows, each used before the next is asked for
 * @param rows how many there are
 */
export async function writePart(
  table: Table,
  streams: Iterable<Uint8Array>,
  rows: number,
  { snapshot, path, arrowPath }: PartPaths,
): Promise<WrittenPart> {
  const parquet = { path, rows, ...(await writeParquet(join(snapshot, path), table, streams)) };
  const arrow = arrowPath === null ? null : writeArrowPart(snapshot, arrowPath, table, parquet);
  return { parquet, arrow };
}
