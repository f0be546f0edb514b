import { areSame } from './bytes.js';
import type { DicomElement, ElementValue, HeaderContext, SequenceItem } from './dicom-element.js';
import { plainText, readElement } from './dicom-values.js';
import { elementCells } from './element-cells.js';
import type { WantedElements } from './element-memory.js';
import { HeaderCells, tagsToRead, type TagCells } from './header-cells.js';
import type { HeaderValues } from './header-values.js';
import { EXPLICIT_LITTLE } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';
import { OddElements } from './odd-elements.js';
import { PlainCells } from './plain-cells.js';
import { SequenceReader } from './sequence-reader.js';
import { findStep, valuesIn, type DatasetForm, type FoundValues } from './path-values.js';
import {
  indexByElement,
  isInPrivateBlock,
  placesOf,
  type SelectedTag,
  type TagPlace,
  type TagSelection,
} from './selected-tag.js';

const SPECIFIC_CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;
const META_GROUP = 0x0002;

const DEFAULTS: HeaderContext = { characterSet: '', signed: false };
/** Contexts that are kept; damaged headers may have any character set. */
const MOST_CONTEXTS = 100;

/** The elements of a dataset or of an item of a sequence, by their tag. */
interface Elements {
  get(tag: number): ElementValue | undefined;
}

/** A dataset, or an item of a sequence. */
interface Scope {
  readonly elements: Elements;
  readonly context: HeaderContext;
}

/** An element, and what its values need to be read. */
class InContext {
  #items: readonly Scope[] | null | undefined;

  constructor(
    readonly value: ElementValue,
    readonly context: HeaderContext,
  ) {}

  /** The items of a sequence; made once for all tags that go into them. */
  get items(): readonly Scope[] | null {
    if (this.#items !== undefined) return this.#items;
    let last: Scope | null = null;
    const scope = (elements: SequenceItem): Scope =>
      last?.elements === elements ? last : (last = { elements, context: contextOf(elements, this.context) });
    return (this.#items = this.value.items?.map(scope) ?? null);
  }
}

/** How datasets in DICOM files hold their elements. */
const DICOM: DatasetForm<InContext, Scope> = {
  items: (element) => element.items,
  find({ elements, context }, tag) {
    const value = elements.get(tag);
    return value === undefined ? undefined : new InContext(value, context);
  },
  creator: ({ value }) => plainText(value),
  values: ({ value, context }, tag) => readElement(value, tag, context),
  isSame: (some, other) => some.context === other.context && areSameValues(some.value, other.value),
};

function areSameValues(some: ElementValue, other: ElementValue): boolean {
  const { bytes, vr, offset, length, bigEndian } = some;
  if (vr !== other.vr || length !== other.length || bigEndian !== other.bigEndian) return false;
  return areSame(bytes, offset, other.bytes, other.offset, length);
}

/** The elements that a walk must keep for this selection. */
export function wantedElements(selection: TagSelection): WantedElements {
  const tags = new Set([SPECIFIC_CHARACTER_SET, PIXEL_REPRESENTATION]);
  const sequences = new Set<number>();
  const within = new Set([SPECIFIC_CHARACTER_SET, PIXEL_REPRESENTATION]);
  const privateGroups = new Set<number>();
  const places = placesOf(tagsToRead(selection));
  for (const { tag } of places) {
    const [first, ...further] = tag.path;
    for (const step of tag.path) if (step.item !== null) sequences.add(step.tag);
    for (const step of further) within.add(step.tag);
    if (isInPrivateBlock(tag)) privateGroups.add(first!.tag >>> 16);
    else tags.add(first!.tag);
  }
  // Private elements of an item are found by others, their creators.
  const hasPrivate = places.some(({ tag }) => tag.path.length > 1 && tag.creator !== null);
  return { tags, plain: plainTags(selection), sequences, within: hasPrivate ? null : within, privateGroups };
}

/** The short ways of values to their columns, by the tag of their element. */
function plainTags(selection: TagSelection): ReadonlyMap<number, PlainCells> {
  const plain = new Map<number, PlainCells>();
  for (const [tag, places] of placesByTag(selection)) {
    // The elements themselves are asked for of these.
    if (tag === SPECIFIC_CHARACTER_SET || tag === PIXEL_REPRESENTATION || tag >>> 16 === META_GROUP) continue;
    const way = PlainCells.of(places);
    if (way !== null) plain.set(tag, way);
  }
  return plain;
}

function placesByTag(selection: TagSelection): ReadonlyMap<number, readonly TagPlace[]> {
  return indexByElement(placesOf(tagsToRead(selection)), (step) => step.tag);
}

const NO_PLACES: readonly TagPlace[] = [];

/** Reads the selected values of datasets; what an element gives is kept with it, for elements are met again. */
export class DatasetReader {
  /** Of the header that is being read. What needs no closer look than at its own bytes is given to them before `read`. */
  readonly cells: HeaderCells;
  /** Where the values of elements go, by their tag. */
  readonly #byElement: ReadonlyMap<number, readonly TagPlace[]>;
  /** Places whose element is found by another, that of their creator. */
  readonly #private: readonly TagPlace[];
  #contexts = new Map<string, HeaderContext>();

  constructor(selection: TagSelection) {
    this.cells = new HeaderCells(selection);
    this.#byElement = placesByTag(selection);
    this.#private = placesOf(selection.tags).filter(({ tag }) => isInPrivateBlock(tag));
  }

  /** The selected values of a header: of these elements, and what was given to the cells since they were begun. */
  read(elements: readonly DicomElement[]): HeaderValues {
    const all: Elements = { get: (tag) => elements.find((element) => element.tag === tag) };
    const context = this.#known(contextOf(all, DEFAULTS));
    const { cells } = this;
    for (const element of elements) {
      const { given, tag } = element;
      const known = given.in(context);
      const own = known ?? cellsOf(element, this.#byElement.get(tag) ?? NO_PLACES, context);
      cells.add(known ?? given.keep(context, own));
    }
    for (const place of this.#private) {
      const element = findStep(DICOM, { elements: all, context }, place.tag);
      if (element !== undefined) cells.add(cellsOf(element.value, [place], context));
    }
    return cells.finish();
  }

  /** The object that stands for this context in all headers. */
  #known(context: HeaderContext): HeaderContext {
    const key = `${String(context.signed)} ${context.characterSet}`;
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    if (this.#contexts.size === MOST_CONTEXTS) this.#contexts = new Map();
    this.#contexts.set(key, context);
    return context;
  }
}

/**
 * The values that a tag selects in the bytes of an element that stands alone, without the dataset that tells its character
 * set: what is no ASCII is read as UTF-8.
 * @param vr UN where the tag's counts
 */
export function inlineValues(
  bytes: Buffer,
  vr: string,
  tag: SelectedTag,
  signed: boolean,
): FoundValues | null {
  const sequences = new Set(tag.path.flatMap((step) => (step.item === null ? [] : [step.tag])));
  const header = { tag: tag.path[0]!.tag, vr, dataOffset: 0, length: bytes.length, odd: null };
  let items: ElementValue['items'] = null;
  if (sequences.size > 0) {
    try {
      items =
        new SequenceReader({ sequences, within: null }, new OddElements()).read(
          bytes,
          EXPLICIT_LITTLE,
          header,
        )?.items ?? null;
    } catch (error) {
      if (!(error instanceof MalformedHeader)) throw error;
      return { components: [], fault: 'value', raw: [bytes.toString('latin1')], exact: false };
    }
  }
  const value = { bytes, vr, offset: 0, length: bytes.length, bigEndian: false, items };
  return valuesIn(DICOM, new InContext(value, { characterSet: 'ISO_IR 192', signed }), tag);
}

function cellsOf(value: ElementValue, places: readonly TagPlace[], context: HeaderContext): TagCells {
  const element = new InContext(value, context);
  return elementCells(places, { values: (tag) => valuesIn(DICOM, element, tag) });
}

function contextOf(elements: Elements, parent: HeaderContext): HeaderContext {
  const characterSet = elements.get(SPECIFIC_CHARACTER_SET);
  const representation = elements.get(PIXEL_REPRESENTATION);
  if (characterSet === undefined && representation === undefined) return parent;
  return {
    characterSet: characterSet === undefined ? parent.characterSet : plainText(characterSet),
    signed:
      representation === undefined || representation.length !== 2
        ? parent.signed
        : // Of 0 and 1, in either byte order, only 1 has two different bytes.
          representation.bytes[representation.offset] !== representation.bytes[representation.offset + 1],
  };
}
