import { formatNamed, partPath, type ByFormat, type FormatName, type Formats } from './formats.js';
import type { PartRows } from './format.js';
import type { PartReceipt } from './part-file.js';

/** A part of a table, in each format of the run. */
export type WrittenPart = ByFormat<PartReceipt>;

/** Where the files of a part go. */
export interface PartPlace {
  readonly snapshot: string;
  /** Name of the part, without the ending of a format. */
  readonly part: string;
  readonly formats: Formats;
}

/**
 * Writes one part of a table: the Parquet file, then those of the formats beside it.
 * @throws VerificationError, and the file system's error
 */
export async function writePart(
  content: Omit<PartRows, 'parquet'>,
  { snapshot, part, formats }: PartPlace,
): Promise<WrittenPart> {
  const write = (name: FormatName, parquet: PartReceipt | null) =>
    formatNamed(name).writePart(snapshot, partPath(name, content.table.name, part), { ...content, parquet });
  const [first, ...beside] = formats;
  const parquet = await write(first, null);
  const written: { parquet: PartReceipt } & Partial<Record<FormatName, PartReceipt>> = { parquet };
  for (const name of beside) written[name] = await write(name, parquet);
  return written;
}
