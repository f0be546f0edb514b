import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { column, type Column, type ColumnType } from '../../schemas/column.js';
import { schemaFile } from '../../schemas/files.js';
import { UsageFault } from '../base/fault.js';
import { readText } from '../storage/read.js';
import { findKeyword, type DictionaryEntry } from './tag-dictionary.js';
import { formatTag, isReadable, tagKey } from './value-representation.js';

/** A step from a dataset towards an element: into items of a sequence, or (the last step) to the element itself. */
export interface PathStep {
  readonly keyword: string;
  /** The tag as a number, 0xggggeeee; of a private element with block 00: 0x004500ee is (0045,bbee). */
  readonly tag: number;
  /** `GGGGEEEE`, the key in DICOM JSON. */
  readonly key: string;
  /** Which items of the sequence are gone into; null in the last step. */
  readonly item: number | 'all' | null;
}

export interface SelectedTag {
  readonly keyword: string;
  /** Steps from the dataset to the element, e.g. ViewCodeSequence[0] > ViewModifierCodeSequence[*] > CodeMeaning. */
  readonly path: readonly PathStep[];
  /** VR of the element; `US/SS` where PixelRepresentation decides. */
  readonly vr: string;
  /** Private creator whose block holds the element; null for standard elements. */
  readonly creator: string | null;
  readonly column: Column;
}

export interface TagSelection {
  readonly tags: readonly SelectedTag[];
  /** Changes whenever anything that is selected changes. */
  readonly id: string;
}

/** A tag selection that cannot be used; the message names file, line and what to do. */
export class TagSelectionError extends UsageFault {
  override readonly name = 'TagSelectionError';
}

/** True for a tag whose element is found by that of its creator, another element of the same dataset. */
export function isInPrivateBlock({ path, creator }: SelectedTag): boolean {
  return path.length === 1 && creator !== null;
}

/**
 * Indices of the tags by the element of a dataset that they are, or are within; without those of private blocks.
 * @param name of the element in the first step of a path
 */
export function indexByElement<Name>(
  tags: readonly SelectedTag[],
  name: (step: PathStep) => Name,
): ReadonlyMap<Name, readonly number[]> {
  const byElement = new Map<Name, number[]>();
  tags.forEach((tag, index) => {
    if (isInPrivateBlock(tag)) return;
    const element = name(tag.path[0]!);
    const known = byElement.get(element);
    if (known === undefined) byElement.set(element, [index]);
    else known.push(index);
  });
  return byElement;
}

/** Says what is wrong with a row; the caller adds where. */
class RowError extends Error {}

const FIELDS = [
  'keyword',
  'tag',
  'vr',
  'within',
  'column',
  'type',
  'unit',
  'creator',
  'description',
] as const;
type Row = Record<(typeof FIELDS)[number], string>;

const TYPES: ReadonlySet<string> = new Set<ColumnType>([
  'string',
  'int',
  'long',
  'double',
  'date',
  'list<string>',
  'list<int>',
  'list<double>',
  'list<date>',
]);

const WHOLE_NUMBER_VRS = new Set('IS SL SS SV UL US UV US/SS'.split(' '));
const DECIMAL_VRS = new Set('DS FD FL'.split(' '));
/** VRs in which people type what they like. */
const FREE_TEXT_VRS = new Set('LO LT PN ST UC UT'.split(' '));

/** Pixel data and whatever comes after it is never read. */
const FIRST_UNREAD_TAG = 0x7fe00000;

/**
 * The DICOM elements to make columns of, from a CSV file with the fields keyword, tag, vr, within, column, type and
 * unit, and optionally creator and description.
 * @param file path of the file; the selection that is shipped when left out
 * @param reserved names that other columns of the table already have
 * @throws TagSelectionError when the file cannot be read or a row cannot be used
 */
export function loadTagSelection(
  file = schemaFile('dicom/tags.csv'),
  reserved: ReadonlySet<string> = new Set(),
): TagSelection {
  const tags: SelectedTag[] = [];
  const linesByColumn = new Map<string, number>();
  for (const { row, line } of readRows(file)) {
    try {
      const tag = toSelectedTag(row);
      checkName(tag.column.name, reserved, linesByColumn);
      linesByColumn.set(tag.column.name, line);
      tags.push(tag);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      throw new TagSelectionError(`${file}, line ${line}: ${error.message}`, { cause: error });
    }
  }
  if (tags.length === 0) throw new TagSelectionError(`${file} selects no tag: add a row for each tag`);
  return { tags, id: createHash('sha256').update(JSON.stringify(tags)).digest('hex') };
}

function readRows(file: string): { row: Row; line: number }[] {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(readText(file), {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof records;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TagSelectionError(`${file} cannot be read as a tag selection (${reason}): give a CSV file`, {
      cause: error,
    });
  }
  const header = checkHeader(file, records.shift()?.record ?? []);
  return records.map(({ record, info }) => {
    if (record.length !== header.length)
      throw new TagSelectionError(
        `${file}, line ${info.lines}: ${record.length} fields where the header has ${header.length}: ` +
          'put a comma for each field, and quotes around a field that holds commas',
      );
    const fields = header.map((name, index) => [name, record[index]!] as const);
    const row = { ...EMPTY_ROW, ...Object.fromEntries(fields) };
    return { row, line: info.lines };
  });
}

const EMPTY_ROW = Object.fromEntries(FIELDS.map((name) => [name, ''])) as Row;

function checkHeader(file: string, header: readonly string[]): readonly string[] {
  const unknown = header.find((name) => !(FIELDS as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new TagSelectionError(
      `${file}, line 1: unknown field ${JSON.stringify(unknown)}: use ${FIELDS.join(', ')}`,
    );
  if (!header.includes('column') || !header.includes('keyword'))
    throw new TagSelectionError(`${file}, line 1: the fields keyword and column are needed`);
  if (new Set(header).size !== header.length)
    throw new TagSelectionError(`${file}, line 1: a field stands twice: name each field once`);
  return header;
}

function checkName(name: string, reserved: ReadonlySet<string>, lines: ReadonlyMap<string, number>): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new RowError(`column ${JSON.stringify(name)} is not snake_case: use a-z, 0-9 and _`);
  if (reserved.has(name))
    throw new RowError(`column ${name} is one that the images table already has: choose another name`);
  const line = lines.get(name);
  if (line !== undefined) throw new RowError(`column ${name} is also on line ${line}: choose another name`);
}

function toSelectedTag(row: Row): SelectedTag {
  const isPrivate = row.creator !== '';
  const keyword = row.keyword === '' && isPrivate ? row.column : row.keyword;
  if (keyword === '')
    throw new RowError('keyword is empty: give the keyword of DICOM PS3.6, e.g. PatientSex');
  const entry = isPrivate || isComplete(row) ? null : lookUp(keyword);
  const tag = isPrivate ? privateTag(row.tag) : publicTag(row, entry);
  const vr = valueVr(row, entry, keyword);
  if (tag >= FIRST_UNREAD_TAG)
    throw new RowError(`${formatTag(tag)} is pixel data or comes after it, which is never read`);
  const steps = [...sequenceSteps(row.within), { keyword, tag, key: tagKey(tag), item: null }];
  const type = columnType(row, vr, entry, steps);
  return {
    keyword,
    path: steps,
    vr,
    creator: isPrivate ? row.creator : null,
    column: column(row.column, type, {
      description: row.description === '' ? describe(row, entry, keyword) : row.description,
      source: sourceText(row, keyword, tag, isPrivate),
      unit: row.unit === '' ? null : row.unit,
      freeText: FREE_TEXT_VRS.has(vr),
    }),
  };
}

function valueVr(row: Row, entry: DictionaryEntry | null, keyword: string): string {
  const vr = row.vr === '' ? entry?.vr : row.vr;
  if (vr === undefined) throw new RowError(`vr of the private tag ${row.tag} is empty: give its VR, e.g. LO`);
  if (vr !== 'US/SS' && !isReadable(vr))
    throw new RowError(`${keyword} has VR ${vr}, which no column can hold: choose an element with a value`);
  return vr;
}

function isComplete(row: Row): boolean {
  return row.tag !== '' && row.vr !== '' && row.type !== '';
}

function lookUp(keyword: string): DictionaryEntry {
  const entry = findKeyword(keyword);
  if (entry === null)
    throw new RowError(
      `keyword ${JSON.stringify(keyword)} is not in the dictionary: correct it, or give tag, vr and type too`,
    );
  return entry;
}

function publicTag(row: Row, entry: DictionaryEntry | null): number {
  if (row.tag === '') return entry!.tag;
  if (!/^[0-9a-f]{8}$/i.test(row.tag))
    throw new RowError(`tag ${JSON.stringify(row.tag)} is not eight hex digits, e.g. 00100040`);
  const tag = Number.parseInt(row.tag, 16);
  if (((tag >>> 16) & 1) === 1)
    throw new RowError(`tag ${row.tag} is private: give its creator, and xx for its block, e.g. 0045xx10`);
  if (entry !== null && entry.tag !== tag)
    throw new RowError(
      `${row.keyword} is ${formatTag(entry.tag)}, not ${formatTag(tag)}: correct one of them`,
    );
  return tag;
}

function privateTag(text: string): number {
  const match = /^([0-9a-f]{4})xx([0-9a-f]{2})$/i.exec(text);
  const group = match === null ? 0 : Number.parseInt(match[1]!, 16);
  if (match === null || (group & 1) === 0)
    throw new RowError(
      `tag ${JSON.stringify(text)} of a private element must be its odd group, xx for the block that the creator ` +
        'has in each file, and two hex digits, e.g. 0045xx10',
    );
  return group * 0x10000 + Number.parseInt(match[2]!, 16);
}

function sequenceSteps(within: string): PathStep[] {
  if (within === '') return [];
  return within.split('.').map((part) => {
    const match = /^(\w+)\[(\d+|\*)\]$/.exec(part.trim());
    if (match === null)
      throw new RowError(
        `within ${JSON.stringify(within)} is not a path of sequences: write e.g. ViewCodeSequence[0], or [*] for all items`,
      );
    const entry = lookUp(match[1]!);
    if (entry.vr !== 'SQ') throw new RowError(`${entry.keyword} in within is not a sequence`);
    return {
      keyword: entry.keyword,
      tag: entry.tag,
      key: tagKey(entry.tag),
      item: match[2] === '*' ? ('all' as const) : Number(match[2]),
    };
  });
}

function columnType(
  row: Row,
  vr: string,
  entry: DictionaryEntry | null,
  path: readonly PathStep[],
): ColumnType {
  if (row.type === '') {
    const isList = entry?.multiple === true || path.some((step) => step.item === 'all');
    return defaultType(vr, isList);
  }
  if (!TYPES.has(row.type))
    throw new RowError(`type ${JSON.stringify(row.type)} is not one of ${[...TYPES].join(', ')}`);
  const scalar = row.type.replace(/^list<(.*)>$/, '$1');
  const fits =
    scalar === 'string' ||
    (scalar === 'date' && vr === 'DA') ||
    (scalar === 'double' && (DECIMAL_VRS.has(vr) || WHOLE_NUMBER_VRS.has(vr))) ||
    ((scalar === 'int' || scalar === 'long') && WHOLE_NUMBER_VRS.has(vr));
  if (!fits) throw new RowError(`a column of type ${row.type} cannot hold VR ${vr}: use string`);
  return row.type as ColumnType;
}

function defaultType(vr: string, isList: boolean): ColumnType {
  if (vr === 'DA') return isList ? 'list<date>' : 'date';
  if (DECIMAL_VRS.has(vr)) return isList ? 'list<double>' : 'double';
  // 32-bit unsigned numbers do not fit `int`, and there is no list of longs: a double holds them exactly.
  if (vr === 'UL' || vr === 'UV' || vr === 'SV') return isList ? 'list<double>' : 'long';
  if (WHOLE_NUMBER_VRS.has(vr)) return isList ? 'list<int>' : 'int';
  return isList ? 'list<string>' : 'string';
}

function describe(row: Row, entry: DictionaryEntry | null, keyword: string): string {
  const where = row.within === '' ? '' : ` in ${row.within}`;
  const whose = row.creator === '' ? '' : ` of the private block ${row.creator}`;
  return `${entry?.name ?? keyword}${where}${whose}, as the header has it.`;
}

function sourceText(row: Row, keyword: string, tag: number, isPrivate: boolean): string {
  const within = row.within === '' ? '' : `${row.within} > `;
  const key = tagKey(tag);
  return isPrivate
    ? `DICOM ${within}(${key.slice(0, 4)},xx${key.slice(6)}) ${keyword} of ${row.creator}`
    : `DICOM ${within}(${key.slice(0, 4)},${key.slice(4)}) ${keyword}`;
}
