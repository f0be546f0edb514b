import type dicomParser from 'dicom-parser';
import type { DicomElement, ElementValue, HeaderContext } from './dicom-element.js';
import { plainText, readElement } from './dicom-values.js';
import { elementCells } from './element-cells.js';
import type { WantedElements } from './element-memory.js';
import { HeaderCells, tagsToRead, type TagCells } from './header-cells.js';
import type { HeaderValues } from './header-values.js';
import { MalformedHeader } from './malformed-header.js';
import { findStep, valuesIn, type DatasetForm } from './path-values.js';
import { indexByElement, isInPrivateBlock, type SelectedTag, type TagSelection } from './selected-tag.js';

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
  items: ({ value, context }) => value.items?.map((item) => itemScope(value, item, context)) ?? null,
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
    const find: Find = (tag) => elements.find((element) => element.tag === tag);
    const context = this.#known(contextOf(find, DEFAULTS));
    const cells = new HeaderCells(this.#selection);
    for (const element of elements) {
      const { given } = element;
      cells.add(
        given.in(context) ?? given.keep(context, this.#cellsOf(element, this.#indices(element), context)),
      );
    }
    for (const index of this.#private) {
      const element = findStep(DICOM, { find, context }, this.#tags[index]!);
      if (element !== undefined) cells.add(this.#cellsOf(element.value, [index], context));
    }
    return cells.finish();
  }

  #indices({ tag }: DicomElement): readonly number[] {
    return this.#byElement.get(tag) ?? [];
  }

  #cellsOf(value: ElementValue, indices: readonly number[], context: HeaderContext): TagCells {
    return elementCells(this.#tags, indices, (tag) => valuesIn(DICOM, { value, context }, tag));
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

function itemScope(sequence: ElementValue, item: dicomParser.Element, parent: HeaderContext): Scope {
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
  return { find, context: contextOf(find, parent) };
}
