import { column, type ColumnType } from '../../schemas/column.js';
import type { PathStep, SelectedTag } from './selected-tag.js';
import { RowError, type Row } from './tag-csv.js';
import { findKeyword, type DictionaryEntry } from './tag-dictionary.js';
import { formatTag, isReadable, tagKey } from './value-representation.js';

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
 * The tag that a row of a selection names.
 * @throws RowError when it names none that a column could hold
 */
export function toSelectedTag(row: Row): SelectedTag {
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
  const selected: SelectedTag = {
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
    fallbacks: [],
  };
  return row.fallback === '' ? selected : { ...selected, fallbacks: fallbacksOf(row.fallback, selected) };
}

/** What a fallback path may begin with, and where that is: where all frames have a value, else in each of them (C.7.6.16). */
const FRAMES = 'Frames.';
const FRAME_PLACES = ['SharedFunctionalGroupsSequence[0].', 'PerFrameFunctionalGroupsSequence[=].'];

/** The tags that fill a column in turn: paths between semicolons, each a `within` and a keyword. */
function fallbacksOf(text: string, own: SelectedTag): SelectedTag[] {
  return text
    .split(';')
    .map((path) => path.trim())
    .flatMap((path) =>
      path.startsWith(FRAMES) ? FRAME_PLACES.map((place) => place + path.slice(FRAMES.length)) : [path],
    )
    .map((path) => fallbackOf(path, own));
}

function fallbackOf(path: string, own: SelectedTag): SelectedTag {
  const end = path.lastIndexOf('.');
  const keyword = path.slice(end + 1);
  const { tag, vr } =
    keyword === own.keyword && own.creator === null
      ? { tag: own.path.at(-1)!.tag, vr: own.vr }
      : lookUp(keyword);
  if (vr !== 'US/SS' && !isReadable(vr))
    throw new RowError(
      `fallback ${keyword} has VR ${vr}, which no column can hold: choose an element with a value`,
    );
  checkFits(own.column.type, vr);
  const steps = [
    ...sequenceSteps(path.slice(0, Math.max(end, 0))),
    { keyword, tag, key: tagKey(tag), item: null },
  ];
  return { ...own, keyword, path: steps, vr, creator: null };
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

const ITEMS: ReadonlyMap<string, 'all' | 'same'> = new Map([
  ['*', 'all'],
  ['=', 'same'],
]);

function sequenceSteps(within: string): PathStep[] {
  if (within === '') return [];
  return within.split('.').map((part) => {
    const match = /^(\w+)\[(\d+|\*|=)\]$/.exec(part.trim());
    if (match === null)
      throw new RowError(
        `within ${JSON.stringify(within)} is not a path of sequences: write e.g. ViewCodeSequence[0], [*] for all items, or [=] for all, which must agree`,
      );
    const entry = lookUp(match[1]!);
    if (entry.vr !== 'SQ') throw new RowError(`${entry.keyword} in within is not a sequence`);
    return {
      keyword: entry.keyword,
      tag: entry.tag,
      key: tagKey(entry.tag),
      item: ITEMS.get(match[2]!) ?? Number(match[2]),
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
  checkFits(row.type as ColumnType, vr);
  return row.type as ColumnType;
}

function checkFits(type: ColumnType, vr: string): void {
  const scalar = type.replace(/^list<(.*)>$/, '$1');
  const fits =
    scalar === 'string' ||
    (scalar === 'date' && vr === 'DA') ||
    (scalar === 'double' && (DECIMAL_VRS.has(vr) || WHOLE_NUMBER_VRS.has(vr))) ||
    ((scalar === 'int' || scalar === 'long') && WHOLE_NUMBER_VRS.has(vr));
  if (!fits) throw new RowError(`a column of type ${type} cannot hold VR ${vr}: use string`);
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
