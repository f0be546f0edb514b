import { daysOfDate } from '../../schemas/dates.js';
import type { Cell, ColumnType } from '../../schemas/column.js';
import { digitsNumber } from './decimal-bytes.js';
import { NO_CELLS } from './element-cells.js';
import type { HeaderCells, TagCells } from './header-cells.js';
import type { TagPlace } from './selected-tag.js';
import { INT32_MAX } from './value-grammar.js';

/**
 * The short way from the bytes of an element to its cell, for the commonest forms of the commonest VRs (PS3.5 6.2). It gives
 * what elementCells would make of it in any character set, or nothing.
 */

/** The cell of a value without padding; null where it needs a closer look. */
type PlainReader = (bytes: Buffer, start: number, end: number) => string | number | number[] | null;

const TEXT_VRS: ReadonlySet<string> = new Set('AE CS DT LO SH UI'.split(' '));
const SPACE = 0x20;
/** In JIS X 0201 an overline: the last character that is the same in all character sets comes before it. */
const TILDE = 0x7e;
const BACKSLASH = 0x5c;
const POINT = 0x2e;
/** Longer values take a closer look anyway. */
const LONGEST = 256;

/** How elements of one tag go to scalar columns, or lists of numbers, that hold them wholly. */
export class PlainCells {
  readonly #places: readonly TagPlace[];
  readonly #vr: string;
  readonly #read: PlainReader;

  private constructor(places: readonly TagPlace[], vr: string, read: PlainReader) {
    this.#places = places;
    this.#vr = vr;
    this.#read = read;
  }

  /**
   * For the places of one element.
   * @returns null where one of them is within it, or there is no short way
   */
  static of(places: readonly TagPlace[]): PlainCells | null {
    const { vr, column } = places[0]!.tag;
    const isSame = ({ tag }: TagPlace) =>
      tag.path.length === 1 && tag.vr === vr && tag.column.type === column.type;
    const read = places.every(isSame) ? readerOf(vr, column.type) : null;
    return read === null ? null : new PlainCells(places, vr, read);
  }

  /**
   * The cell of a value.
   * @param vr that stands in the file; null where it is implicit
   * @returns null where it needs a closer look
   */
  cell(bytes: Buffer, vr: string | null, offset: number, length: number): Cell {
    if (length > LONGEST || (vr !== null && vr !== this.#vr)) return null;
    let start = offset;
    let end = offset + length;
    while (end > start && isPadding(bytes[end - 1])) end--;
    while (start < end && isPadding(bytes[start])) start++;
    return start === end ? null : this.#read(bytes, start, end);
  }

  /** Gives a cell to the columns. */
  add(cell: Cell, cells: HeaderCells): void {
    const places = this.#places;
    for (let i = 0; i < places.length; i++) cells.set(places[i]!.index, places[i]!.rank, cell);
  }

  /** What an element of a cell gives, to be remembered. */
  given(cell: Cell): TagCells {
    return { ...NO_CELLS, cells: this.#places.map(({ index, rank }) => ({ index, rank, cell })) };
  }
}

function isPadding(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0;
}

function readerOf(vr: string, type: ColumnType): PlainReader | null {
  if (vr === 'TM') return type === 'string' ? readTime : null;
  if (vr === 'DA') return type === 'date' ? readDate : null;
  if (vr !== 'DS' && vr !== 'IS') return type === 'string' && TEXT_VRS.has(vr) ? readText : null;
  if (type === 'int') return readWhole;
  if (type === 'list<double>') return readNumbers;
  return type === 'double' ? readNumber : null;
}

/** One text, of characters that are the same in all character sets. */
function readText(bytes: Buffer, start: number, end: number): string | null {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte < SPACE || byte >= TILDE || byte === BACKSLASH) return null;
  }
  return bytes.toString('latin1', start, end);
}

/** `YYYYMMDD` */
function readDate(bytes: Buffer, start: number, end: number): number | null {
  if (end - start !== 8) return null;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 4);
  const day = twoDigits(bytes, start + 6);
  return Number.isNaN(year + month + day) ? null : daysOfDate(year, month, day);
}

/** `HHMMSS` or `HHMMSS.F` with one to six digits. */
function readTime(bytes: Buffer, start: number, end: number): string | null {
  const point = start + 6;
  const decimals = end - point - 1;
  if (decimals !== -1 && (bytes[point] !== POINT || decimals < 1 || decimals > 6)) return null;
  const isTime =
    twoDigits(bytes, start) < 24 && twoDigits(bytes, start + 2) < 60 && twoDigits(bytes, start + 4) <= 60;
  if (!isTime || (decimals > 0 && Number.isNaN(digitsNumber(bytes, point - 1, end)))) return null;
  return bytes.toString('latin1', start, end);
}

/** The number of two digits, NaN where anything else stands. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - 0x30;
  const ones = bytes[at + 1]! - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : NaN;
}

function readNumber(bytes: Buffer, start: number, end: number): number | null {
  const isNegative = bytes[start] === 0x2d;
  const size = digitsNumber(bytes, isNegative ? start + 1 : start, end);
  if (Number.isNaN(size)) return null;
  if (!isNegative) return size;
  // -0 is for others.
  return size === 0 ? null : -size;
}

function readWhole(bytes: Buffer, start: number, end: number): number | null {
  const number = readNumber(bytes, start, end);
  return number !== null && Number.isInteger(number) && Math.abs(number) <= INT32_MAX ? number : null;
}

function readNumbers(bytes: Buffer, start: number, end: number): number[] | null {
  const numbers: number[] = [];
  for (let from = start; from <= end;) {
    let to = from;
    while (to < end && bytes[to] !== BACKSLASH) to++;
    const number = readNumber(bytes, from, to);
    if (number === null) return null;
    numbers.push(number);
    from = to + 1;
  }
  return numbers;
}
