import type dicomParser from 'dicom-parser';
import type { Cell } from '../../schemas/column.js';
import { decodeText } from './character-set.js';
import type { DicomElement, ElementValue, HeaderContext } from './dicom-element.js';
import type { WantedElements } from './element-memory.js';
import { HeaderCells, tagsToRead, type TagCells } from './header-cells.js';
import { MalformedHeader } from './header-walk.js';
import {
  invalidCell,
  joinItems,
  rawText,
  toCell,
  trimName,
  trimText,
  type Components,
  type HeaderValues,
  type InvalidValue,
  type MultipleValue,
} from './header-values.js';
import { indexByElement, isInPrivateBlock, type SelectedTag, type TagSelection } from './tag-selection.js';
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

/** An item of a sequence, and what its values need to be read. */
interface ItemScope extends HeaderContext {
  readonly find: (tag: number) => ElementValue | undefined;
}

const DEFAULTS: HeaderContext = { characterSet: '', signed: false };
/** Contexts that are kept; damaged headers may have any character set. */
const MOST_CONTEXTS = 100;

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
  for (const tag of tagsToRead(selection)) {
    const [first] = tag.path;
    if (tag.path.length > 1) sequences.add(first!.tag);
    if (isInPrivateBlock(tag)) privateGroups.add(first!.tag >>> 16);
    else tags.add(first!.tag);
  }
  return { tags, sequences, privateGroups };
}

/** Reads the selected values of datasets; what an element gives is kept with it, for elements are met again. */
export class DatasetReader {
  readonly #selection: TagSelection;
  readonly #tags: readonly SelectedTag[];
  /** Indices of the tags, by the element that they are in. */
  readonly #byElement: ReadonlyMap<number, readonly number[]>;
  /** Indices of tags whose element is found by another, that of their creator. */
  readonly #private: readonly number[];
  #contexts = new Map<string, HeaderContext>();

  constructor(selection: TagSelection) {
    this.#selection = selection;
    this.#tags = tagsToRead(selection);
    this.#byElement = indexByElement(this.#tags, ({ tag }) => tag);
    this.#private = [...this.#tags.keys()].filter((index) => isInPrivateBlock(this.#tags[index]!));
  }

  /**
   * The selected values of the wanted elements of a header.
   * @throws MalformedHeader when an item of a sequence points past the bytes
   */
  read(elements: readonly DicomElement[]): HeaderValues {
    const context = this.#contextOf(elements);
    const cells = new HeaderCells(this.#selection);
    for (const element of elements) {
      if (element.context !== context) {
        element.cells = this.#cellsOf(element, this.#byElement.get(element.tag) ?? [], context);
        element.context = context;
      }
      cells.add(element.cells!);
    }
    for (const index of this.#private) {
      const element = findPrivate(
        (tag) => elements.find((found) => found.tag === tag),
        this.#tags[index]!,
        0,
      );
      if (element !== undefined) cells.add(this.#cellsOf(element, [index], context));
    }
    return cells.finish();
  }

  #contextOf(elements: readonly DicomElement[]): HeaderContext {
    const found = contextOf((tag) => elements.find((element) => element.tag === tag), DEFAULTS);
    const key = `${String(found.signed)} ${found.characterSet}`;
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    if (this.#contexts.size === MOST_CONTEXTS) this.#contexts = new Map();
    this.#contexts.set(key, found);
    return found;
  }

  #cellsOf(element: ElementValue, indices: readonly number[], context: HeaderContext): TagCells {
    const cells: { index: number; cell: Cell }[] = [];
    const invalid: InvalidValue[] = [];
    const multiple: MultipleValue[] = [];
    for (const index of indices) {
      const tag = this.#tags[index]!;
      const values = valuesIn(element, tag, 0, context);
      if (values === null) continue;
      if (values.fault === 'text') {
        const reason = `${tag.keyword} holds bytes that are no text in its character set`;
        invalid.push({ index, kind: 'text_undecodable', raw: values.raw, reason });
      }
      const result = values.fault === 'value' ? invalidCell(tag) : toCell(tag, values.components);
      if (!('cell' in result)) {
        const raw = values.fault === null ? rawText(values.components) : values.raw;
        invalid.push({ index, ...result, raw });
        continue;
      }
      if (result.multiple) multiple.push({ index, values: values.components });
      if (result.cell !== null) cells.push({ index, cell: result.cell });
    }
    return { cells, invalid, multiple };
  }
}

function contextOf(find: ItemScope['find'], parent: HeaderContext): HeaderContext {
  const characterSet = find(SPECIFIC_CHARACTER_SET);
  const representation = find(PIXEL_REPRESENTATION);
  return {
    characterSet: characterSet === undefined ? parent.characterSet : trimmedText(characterSet),
    signed:
      representation === undefined || representation.length !== 2
        ? parent.signed
        : // Of 0 and 1, in either byte order, only 1 has two different bytes.
          representation.bytes[representation.offset] !== representation.bytes[representation.offset + 1],
  };
}

/** The values that a tag selects in the element at this step of its path; null when there are none. */
function valuesIn(
  element: ElementValue,
  tag: SelectedTag,
  depth: number,
  context: HeaderContext,
): ElementValues | null {
  const step = tag.path[depth]!;
  if (step.item === null) return readElement(element, tag, context);
  if (element.items === null) return null;
  const inItem = (item: dicomParser.Element) => {
    const scope = itemScope(element, item, context);
    const found = findIn(scope, tag, depth + 1);
    return found === undefined ? null : valuesIn(found, tag, depth + 1, scope);
  };
  if (step.item === 'all') return joinValues(tag, element.items.map(inItem));
  const item = element.items[step.item];
  return item === undefined ? null : inItem(item);
}

/** The element of an item that a tag's path goes to at this step. */
function findIn({ find }: ItemScope, tag: SelectedTag, depth: number): ElementValue | undefined {
  const step = tag.path[depth]!;
  return step.item === null && tag.creator !== null ? findPrivate(find, tag, depth) : find(step.tag);
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

function itemScope(sequence: ElementValue, item: dicomParser.Element, parent: HeaderContext): ItemScope {
  const { bytes, bigEndian } = sequence;
  const elements = item.dataSet?.elements ?? {};
  const find = (tag: number): ElementValue | undefined => {
    const element = elements[`x${tag.toString(16).padStart(8, '0')}`];
    if (element === undefined) return undefined;
    if (element.dataOffset + element.length > bytes.length)
      throw new MalformedHeader(`an element at byte ${element.dataOffset} is longer than what holds it`);
    const { vr = null, dataOffset: offset, length, items = null } = element;
    return { bytes, vr, offset, length, bigEndian, items };
  };
  return { find, ...contextOf(find, parent) };
}

/** The element of a private creator's block: its creator stands in (gggg,0010) to (gggg,00FF) (PS3.5 7.8.1). */
function findPrivate(
  find: ItemScope['find'],
  { path, creator }: SelectedTag,
  depth: number,
): ElementValue | undefined {
  const { tag } = path[depth]!;
  const group = tag & 0xffff0000;
  for (let block = 0x10; block <= 0xff; block++) {
    const reserved = find((group | block) >>> 0);
    if (reserved !== undefined && trimmedText(reserved) === creator)
      return find((group | (block << 8) | (tag & 0xff)) >>> 0);
  }
  return undefined;
}

function trimmedText({ bytes, offset, length }: ElementValue): string {
  return bytes.toString('latin1', ...trimmed(bytes, offset, length, true));
}

function readElement(element: ElementValue, tag: SelectedTag, context: HeaderContext): ElementValues {
  if (element.length === 0) return NO_VALUE;
  const { bytes, bigEndian } = element;
  const vr = valueVr(element.vr, tag.vr, context.signed);
  const size = NUMBER_SIZES.get(vr);
  const isLong = element.length > MAX_VALUE_BYTES;
  if (size === undefined && element.items === null && !isLong)
    return readTexts(element, vr, context.characterSet);
  const end = element.offset + element.length;
  if (size === undefined || element.items !== null || element.length % size !== 0 || isLong)
    return { components: [], fault: 'value', raw: bytes.toString('latin1', element.offset, end) };
  const components: (string | number)[] = [];
  for (let at = element.offset; at < end; at += size) components.push(readNumber(bytes, at, vr, bigEndian));
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

function readTexts(element: ElementValue, vr: string, characterSet: string): ElementValues {
  const { bytes } = element;
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
