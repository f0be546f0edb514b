import { arrowFormat } from './arrow-format.js';
import type { PartFormat } from './format.js';
import { parquetFormat } from './parquet-format.js';

/** Every format, by the name that `--format` has for it. */
const FORMATS = { parquet: parquetFormat, arrow: arrowFormat } satisfies Record<string, PartFormat>;

export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** Formats of a run: Parquet always, which is verified and queried, then those beside it. */
export type Formats = readonly ['parquet', ...FormatName[]];

/** Something of each format of a run. */
export type ByFormat<T> = Readonly<{ parquet: T } & Partial<Record<FormatName, T>>>;

/** The formats of a run that was told `--format NAME`. */
export function formatsOf(name: FormatName): Formats {
  return name === 'parquet' ? ['parquet'] : ['parquet', name];
}

export function formatNamed(name: FormatName): PartFormat {
  return FORMATS[name];
}

/** Makes something for each format, in their order. */
export function byFormat<T>(formats: Formats, make: (name: FormatName) => T): ByFormat<T> {
  return Object.fromEntries(formats.map((name) => [name, make(name)])) as ByFormat<T>;
}

/** What there is, with the name of its format. */
export function entriesOf<T>(things: ByFormat<T>): [FormatName, T][] {
  return Object.entries(things) as [FormatName, T][];
}

/** Path of a file of a table in the snapshot; the part has one name in all formats. */
export function partPath(format: FormatName, table: string, part: string): string {
  const { folder, ending } = FORMATS[format];
  return `${folder}/${table}/${part}${ending}`;
}
