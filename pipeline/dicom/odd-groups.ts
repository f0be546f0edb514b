import {
  ITEM,
  ITEM_GROUP,
  looksLikeElement,
  readElementHeader,
  tagAt,
  UNDEFINED_LENGTH,
  type Surroundings,
} from './element-header.js';
import { viewOf } from './bytes.js';
import type { Encoding } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';
import type { OddElements } from './odd-elements.js';
import { isKnownVr, vrAt } from './value-representation.js';

/** What stands in a dataset, at its top level, and is no element of it. */

/** Groups of commands, of the file meta information, and those that nobody may use (PS3.5 7.1 and 7.8). */
const ODD_GROUPS: ReadonlySet<number> = new Set([
  0x0000,
  0x0001,
  0x0002,
  0x0003,
  0x0005,
  0x0007,
  ITEM_GROUP,
  0xffff,
]);
const FIRST_GROUP = 0x0008;
/** No element of a command is longer. */
const LONGEST_COMMAND = 0xffff;
/** Bytes of the element (0000,0000). */
const GROUP_LENGTH = 4;
/** So many zero bytes are no mistake between two elements: what comes after them, if anything, is not read. */
const MOST_ZEROS = 64 * 1024;

/** The dataset that something stands in. */
interface InDataset {
  readonly encoding: Encoding;
  readonly around: Surroundings;
}

/** Whether a tag cannot be that of an element of a dataset. */
export function isOddGroup(tag: number): boolean {
  const group = tag >>> 16;
  return (group < FIRST_GROUP || group >= ITEM_GROUP) && ODD_GROUPS.has(group);
}

/**
 * Where to go on after what stands here, which has a tag of an odd group; `at` itself where it is an element whose header
 * tells how to step over it.
 * @param last tag of the element before
 * @returns null when that takes more bytes
 * @throws MalformedHeader when nothing but zero bytes follows
 */
export function stepOverOddGroup(
  bytes: Buffer,
  at: number,
  tag: number,
  last: number,
  { encoding, around }: InDataset,
  odd: OddElements,
): number | null {
  if (tag >>> 16 === ITEM_GROUP) return stepOverItem(bytes, at, tag, encoding, odd);
  if (tag >>> 16 === 0 && !isCommand(bytes, at, tag, last, { encoding, around })) {
    const next = endOfZeros(bytes, at, last, { encoding, around }, odd);
    if (next !== at) {
      if (next !== null)
        odd.note('zeros', null, at, 'stand zero bytes where an element belongs; they were stepped over');
      return next;
    }
  }
  odd.note('group', tag, at, 'is of a group that cannot stand in a dataset; it was stepped over');
  return at;
}

/** Whether it is an element of group 0000, not zero bytes before another element. */
function isCommand(
  bytes: Buffer,
  at: number,
  tag: number,
  last: number,
  { encoding: { explicit, bigEndian }, around }: InDataset,
): boolean {
  if (explicit) {
    const vr = vrAt(bytes, at + 4);
    return vr !== null && isKnownVr(vr);
  }
  const length = bytes.readUInt32LE(at + 4);
  if (length > LONGEST_COMMAND || (tag === 0 && length !== GROUP_LENGTH)) return false;
  const next = at + 8 + length;
  return isNextCommand(bytes, next, tag) || looksLikeElement(bytes, next, last, bigEndian, around) !== false;
}

function isNextCommand(bytes: Buffer, at: number, after: number): boolean {
  if (at + 8 > bytes.length) return false;
  const tag = tagAt(viewOf(bytes), at, false);
  return tag > after && tag >>> 16 === 0 && bytes.readUInt32LE(at + 4) <= LONGEST_COMMAND;
}

/** An item or a delimiter without a sequence. */
function stepOverItem(bytes: Buffer, at: number, tag: number, encoding: Encoding, odd: OddElements): number {
  odd.note('delimiter', tag, at, 'stands outside of a sequence; it was stepped over');
  const { length } = readElementHeader(bytes, at, tag, encoding)!;
  const hasContent = tag === ITEM && length !== UNDEFINED_LENGTH;
  return at + 8 + (hasContent ? length : 0);
}

/**
 * Where an element begins after zero bytes; `at` where there is none, or those here are the element (0000,0000) with a
 * value; null when it takes more bytes to tell.
 */
function endOfZeros(
  bytes: Buffer,
  at: number,
  last: number,
  { encoding, around }: InDataset,
  odd: OddElements,
): number | null {
  let end = at;
  while (end < bytes.length && bytes[end] === 0) end++;
  if (end - at >= MOST_ZEROS)
    throw new MalformedHeader('begin zero bytes, and nothing else follows', odd.place(null, at));
  if (end + 8 > bytes.length) return null;
  // The first byte of a tag may be zero itself.
  for (const offset of [end, end - 1]) {
    const begins = offset > at && looksLikeElement(bytes, offset, last, encoding.bigEndian, around);
    if (begins !== false) return begins === null ? null : offset;
  }
  return at;
}
