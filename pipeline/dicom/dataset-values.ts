import type { DicomElement, ElementValue, HeaderContext, SequenceItem } from './dicom-element.js';
import { plainText, readElement } from './dicom-values.js';
import { elementCells } from './element-cells.js';
import type { WantedElements } from './element-memory.js';
import { HeaderCells, tagsToRead, type TagCells } from './header-cells.js';
import type { HeaderValues } from './header-values.js';
import { EXPLICIT_LITTLE } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';
import { OddElements } from './odd-elements.js';
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

const DEFAULTS: HeaderContext = { characterSet: '', signed: false };
/** Contexts that are kept; damaged headers may have any character set. */
const MOST_CONTEXTS = 100;

/** The elements of a dataset or of an item of a sequence, by their tag. */
type Find = (tag: number) => ElementValue | undefined;

/** An element, and what its values need to be read. */
interface InContext {
  readonly value: ElementValue;
  readonly context: HeaderContext;
}

/** A dataset, or an item of a sequence. */
interface Scope {
  readonly find: Find;
  readonly context: HeaderContext;
}

/** How datasets in DICOM files hold their elements. */
const DICOM: DatasetForm<InContext, Scope> = {
  items: ({ value, context }) => value.items?.map((item) => itemScope(item, context)) ?? null,
  find({ find, context }, tag) {
    const value = find(tag);
    return value === undefined ? undefined : { value, context };
  },
  creator: ({ value }) => plainText(value),
  values: ({ value, context }, tag) => readElement(value, tag, context),
};

/** The elements that a walk must keep for this selection. */
export function wantedElements(selection: TagSelection): WantedElements {
  const tags = new Set([SPECIFIC_CHARACTER_SET, PIXEL_REPRESENTATION]);
  const sequences = new Set<number>();
  const privateGroups = new Set<number>();
  for (const { tag } of placesOf(tagsToRead(selection))) {
    const [first] = tag.path;
    for (const step of tag.path) if (step.item !== null) sequences.add(step.tag);
    if (isInPrivateBlock(tag)) privateGroups.add(first!.tag >>> 16);
    else tags.add(first!.tag);
  }
  return { tags, sequences, privateGroups };
}

/** Reads the selected values of datasets; what an element gives is kept with it, for elements are met again. */
export class DatasetReader {
  readonly #cells: HeaderCells;
  /** Places of the selected tags, by the element that they are in. */
  readonly #byElement: ReadonlyMap<number, readonly TagPlace[]>;
  /** Places whose element is found by another, that of their creator. */
  readonly #private: readonly TagPlace[];
  #contexts = new Map<string, HeaderContext>();

  constructor(selection: TagSelection) {
    this.#cells = new HeaderCells(selection);
    const places = placesOf(tagsToRead(selection));
    this.#byElement = indexByElement(places, ({ tag }) => tag);
    this.#private = places.filter(({ tag }) => isInPrivateBlock(tag));
  }

  /** The selected values of the wanted elements of a header. */
  read(elements: readonly DicomElement[]): HeaderValues {
    const find: Find = (tag) => elements.find((element) => element.tag === tag);
    const context = this.#known(contextOf(find, DEFAULTS));
    const cells = this.#cells;
    cells.begin();
    for (const element of elements) {
      const { given } = element;
      cells.add(given.in(context) ?? given.keep(context, cellsOf(element, this.#places(element), context)));
    }
    for (const place of this.#private) {
      const element = findStep(DICOM, { find, context }, place.tag);
      if (element !== undefined) cells.add(cellsOf(element.value, [place], context));
    }
    return cells.finish();
  }

  #places({ tag }: DicomElement): readonly TagPlace[] {
    return this.#byElement.get(tag) ?? [];
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
        new SequenceReader(sequences, new OddElements()).read(bytes, EXPLICIT_LITTLE, header)?.items ?? null;
    } catch (error) {
      if (!(error instanceof MalformedHeader)) throw error;
      return { components: [], fault: 'value', raw: [bytes.toString('latin1')], exact: false };
    }
  }
  const value = { bytes, vr, offset: 0, length: bytes.length, bigEndian: false, items };
  return valuesIn(DICOM, { value, context: { characterSet: 'ISO_IR 192', signed } }, tag);
}

function cellsOf(value: ElementValue, places: readonly TagPlace[], context: HeaderContext): TagCells {
  const element = { value, context };
  return elementCells(places, { values: (tag) => valuesIn(DICOM, element, tag) });
}

function contextOf(find: Find, parent: HeaderContext): HeaderContext {
  const characterSet = find(SPECIFIC_CHARACTER_SET);
  const representation = find(PIXEL_REPRESENTATION);
  return {
    characterSet: characterSet === undefined ? parent.characterSet : plainText(characterSet),
    signed:
      representation === undefined || representation.length !== 2
        ? parent.signed
        : // Of 0 and 1, in either byte order, only 1 has two different bytes.
          representation.bytes[representation.offset] !== representation.bytes[representation.offset + 1],
  };
}

function itemScope(item: SequenceItem, parent: HeaderContext): Scope {
  const find: Find = (tag) => item.get(tag);
  return { find, context: contextOf(find, parent) };
}
