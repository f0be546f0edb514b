import type dicomParser from 'dicom-parser';
import type { Cell } from '../../schemas/column.js';
import { decodeText } from './character-set.js';
import type { HeaderElement, WantedElements } from './header-walk.js';
import { MalformedHeader } from './header-walk.js';
import {
  invalidCell,
  joinItems,
  rawText,
  toCell,
  trimName,
  trimText,
  type Components,
  type HeaderIdentity,
  type HeaderValues,
} from './header-values.js';
import { IDENTITY_TAGS, toIdentity } from './identity-tags.js';
import type { PathStep, SelectedTag, TagSelection } from './tag-selection.js';
import {
  CHARACTER_SET_VRS,
  isReadable,
  LEADING_SPACE_VRS,
  NUMBER_SIZES,
  SINGLE_TEXT_VRS,
} from './value-representation.js';

const SPECIFIC_CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;
const SPACE = 0x20;
/** No value of a selected tag is longer; one of 64 MiB may hold as many components, which would fill the memory. */
const MAX_VALUE_BYTES = 1024 * 1024;

/** A dataset, or an item of a sequence, and what its values need to be read. */
interface Scope {
  readonly find: (tag: number) => HeaderElement | undefined;
  readonly characterSet: string;
  /** US/SS elements are signed. */
  readonly signed: boolean;
}

const DEFAULTS = { characterSet: '', signed: false };

/** Values of an element, and what was wrong with its bytes. */
interface ElementValues {
  components: Components;
  /** `text`: bytes without meaning in the character set; `value`: no value of its VR can be read at all. */
  fault: 'text' | 'value' | null;
  /** The bytes, where there is a fault. */
  raw: string;
}

const NO_VALUE: ElementValues = { components: [], fault: null, raw: '' };

/** The elements that a walk must keep for this selection. */
export function wantedElements(selection: TagSelection): WantedElements {
  const tags = new Set([SPECIFIC_CHARACTER_SET, PIXEL_REPRESENTATION]);
  const sequences = new Set<number>();
  const privateGroups = new Set<number>();
  for (const { path, creator } of [...selection.tags, ...IDENTITY_TAGS]) {
    const [first] = path;
    if (path.length > 1) sequences.add(first!.tag);
    if (path.length === 1 && creator !== null) privateGroups.add(first!.tag >>> 16);
    else tags.add(first!.tag);
  }
  return { tags, sequences, privateGroups };
}

/**
 * Reads the selected values of a dataset whose elements lie in `bytes`.
 * @throws MalformedHeader when an item of a sequence points past the bytes
 */
export function readValues(
  bytes: Buffer,
  elements: ReadonlyMap<number, HeaderElement>,
  selection: TagSelection,
): HeaderValues {
  const root = scopeOf(bytes, (tag) => elements.get(tag), DEFAULTS);
  const values: HeaderValues = { cells: [], invalid: [], multiple: [], identity: readIdentity(bytes, root) };
  selection.tags.forEach((tag, index) => {
    values.cells.push(readCell(bytes, root, tag, index, values));
  });
  return values;
}

/** The cell of a selected tag; what is wrong with it is added to `report`. */
function readCell(bytes: Buffer, root: Scope, tag: SelectedTag, index: number, report: CellReport): Cell {
  const values = valuesAt(bytes, root, tag, 0);
  if (values === null) return null;
  if (values.fault === 'text')
    report.invalid.push({
      index,
      kind: 'text_undecodable',
      raw: values.raw,
      reason: `${tag.keyword} holds bytes that are no text in its character set`,
    });
  const result = values.fault === 'value' ? invalidCell(tag) : toCell(tag, values.components);
  if ('cell' in result) {
    if (result.multiple) report.multiple.push({ index, values: values.components });
    return result.cell;
  }
  const raw = values.fault === null ? rawText(values.components) : values.raw;
  report.invalid.push({ index, ...result, raw });
  return null;
}

type CellReport = Pick<HeaderValues, 'invalid' | 'multiple'>;

function readIdentity(bytes: Buffer, root: Scope): HeaderIdentity {
  const unreported: CellReport = { invalid: [], multiple: [] };
  return toIdentity(IDENTITY_TAGS.map((tag, index) => readCell(bytes, root, tag, index, unreported)));
}

function scopeOf(
  bytes: Buffer,
  find: Scope['find'],
  parent: { characterSet: string; signed: boolean },
): Scope {
  const characterSet = find(SPECIFIC_CHARACTER_SET);
  const representation = find(PIXEL_REPRESENTATION);
  return {
    find,
    characterSet:
      characterSet === undefined
        ? parent.characterSet
        : bytes.toString('latin1', ...trimmed(bytes, characterSet.offset, characterSet.length, true)),
    signed:
      representation === undefined || representation.length !== 2
        ? parent.signed
        : // Of 0 and 1, in either byte order, only 1 has two different bytes.
          bytes[representation.offset] !== bytes[representation.offset + 1],
  };
}

/** The values that a tag selects below a scope, from this step of its path; null when there is no such element. */
function valuesAt(bytes: Buffer, scope: Scope, tag: SelectedTag, depth: number): ElementValues | null {
  const step = tag.path[depth]!;
  if (step.item === null) {
    const element =
      tag.creator === null ? scope.find(step.tag) : findPrivate(bytes, scope, tag.creator, step);
    return element === undefined ? null : readElement(bytes, element, tag, scope);
  }
  const sequence = scope.find(step.tag);
  if (sequence === undefined || sequence.items === null) return null;
  const inItem = (item: dicomParser.Element) =>
    valuesAt(bytes, itemScope(bytes, item, sequence.bigEndian, scope), tag, depth + 1);
  if (step.item === 'all') return joinValues(tag, sequence.items.map(inItem));
  const item = sequence.items[step.item];
  return item === undefined ? null : inItem(item);
}

/** The values of several items after each other, with the first fault of all. */
function joinValues(tag: SelectedTag, found: readonly (ElementValues | null)[]): ElementValues | null {
  const components = joinItems(
    tag,
    found.map((values) => values && values.components),
  );
  if (components === null) return null;
  const faulty =
    found.find((values) => values?.fault === 'value') ?? found.find((values) => values?.fault === 'text');
  return { components, fault: faulty?.fault ?? null, raw: faulty?.raw ?? '' };
}

function itemScope(bytes: Buffer, item: dicomParser.Element, bigEndian: boolean, parent: Scope): Scope {
  const elements = item.dataSet?.elements ?? {};
  const find = (tag: number): HeaderElement | undefined => {
    const element = elements[`x${tag.toString(16).padStart(8, '0')}`];
    if (element === undefined) return undefined;
    if (element.dataOffset + element.length > bytes.length)
      throw new MalformedHeader(`an element at byte ${element.dataOffset} is longer than what holds it`);
    const { vr = null, dataOffset: offset, length, items = null } = element;
    return { vr, offset, length, bigEndian, items };
  };
  return scopeOf(bytes, find, parent);
}

/** The element of a private creator's block: its creator stands in (gggg,0010) to (gggg,00FF) (PS3.5 7.8.1). */
function findPrivate(
  bytes: Buffer,
  scope: Scope,
  creator: string,
  step: PathStep,
): HeaderElement | undefined {
  const group = step.tag & 0xffff0000;
  for (let block = 0x10; block <= 0xff; block++) {
    const reserved = scope.find((group | block) >>> 0);
    if (reserved === undefined) continue;
    const name = bytes.toString('latin1', ...trimmed(bytes, reserved.offset, reserved.length, true));
    if (name === creator) return scope.find((group | (block << 8) | (step.tag & 0xff)) >>> 0);
  }
  return undefined;
}

function readElement(bytes: Buffer, element: HeaderElement, tag: SelectedTag, scope: Scope): ElementValues {
  if (element.length === 0) return NO_VALUE;
  const vr = valueVr(element.vr, tag.vr, scope.signed);
  const size = NUMBER_SIZES.get(vr);
  const isLong = element.length > MAX_VALUE_BYTES;
  if (size === undefined && element.items === null && !isLong)
    return readTexts(bytes, element, vr, scope.characterSet);
  const end = element.offset + element.length;
  if (size === undefined || element.items !== null || element.length % size !== 0 || isLong)
    return { components: [], fault: 'value', raw: bytes.toString('latin1', element.offset, end) };
  const components: (string | number)[] = [];
  for (let at = element.offset; at < end; at += size)
    components.push(readNumber(bytes, at, vr, element.bigEndian));
  return { components, fault: null, raw: '' };
}

/** The VR to read a value by: the file's where it tells how, else the selection's. */
function valueVr(inFile: string | null, selected: string, signed: boolean): string {
  if (inFile !== null && isReadable(inFile)) return inFile;
  if (selected === 'US/SS') return signed ? 'SS' : 'US';
  return selected;
}

function splitText(text: string, vr: string): string[] {
  if (SINGLE_TEXT_VRS.has(vr)) return [text];
  const parts = text.includes('\\') ? text.split('\\').map((part) => trimText(part)) : [text];
  return vr === 'PN' ? parts.map(trimName) : parts;
}

function readTexts(bytes: Buffer, element: HeaderElement, vr: string, characterSet: string): ElementValues {
  const [start, end] = trimmed(bytes, element.offset, element.length, !LEADING_SPACE_VRS.has(vr));
  if (start >= end) return NO_VALUE;
  const { text, sound } = decodeText(bytes, start, end, CHARACTER_SET_VRS.has(vr) ? characterSet : '', vr);
  const components = splitText(text, vr);
  if (sound) return { components, fault: null, raw: '' };
  return { components, fault: 'text', raw: bytes.toString('latin1', start, end) };
}

/** Where a value starts and ends without its padding of spaces and NULs. */
function trimmed(bytes: Buffer, offset: number, length: number, leading: boolean): [number, number] {
  let start = offset;
  let end = offset + length;
  while (end > start && (bytes[end - 1] === SPACE || bytes[end - 1] === 0)) end--;
  if (leading) while (start < end && (bytes[start] === SPACE || bytes[start] === 0)) start++;
  return [start, end];
}

function readNumber(bytes: Buffer, at: number, vr: string, bigEndian: boolean): string | number {
  switch (vr) {
    case 'US':
      return bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
    case 'SS':
      return bigEndian ? bytes.readInt16BE(at) : bytes.readInt16LE(at);
    case 'UL':
      return bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    case 'SL':
      return bigEndian ? bytes.readInt32BE(at) : bytes.readInt32LE(at);
    case 'FL':
      return bigEndian ? bytes.readFloatBE(at) : bytes.readFloatLE(at);
    case 'FD':
      return bigEndian ? bytes.readDoubleBE(at) : bytes.readDoubleLE(at);
    case 'AT':
      return readTagText(bytes, at, bigEndian);
    default:
      return readWide(bytes, at, vr, bigEndian);
  }
}

function readTagText(bytes: Buffer, at: number, bigEndian: boolean): string {
  const group = bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
  const element = bigEndian ? bytes.readUInt16BE(at + 2) : bytes.readUInt16LE(at + 2);
  return (group * 0x10000 + element).toString(16).toUpperCase().padStart(8, '0');
}

/** SV and UV as decimal text, for a number would lose digits. */
function readWide(bytes: Buffer, at: number, vr: string, bigEndian: boolean): string {
  if (vr === 'SV') return String(bigEndian ? bytes.readBigInt64BE(at) : bytes.readBigInt64LE(at));
  return String(bigEndian ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at));
}
