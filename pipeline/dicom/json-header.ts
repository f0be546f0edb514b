import type { Cell } from '../../schemas/column.js';
import {
  invalidCell,
  joinItems,
  rawText,
  toCell,
  trimName,
  trimText,
  type CellResult,
  type Components,
  type HeaderIdentity,
  type HeaderValues,
} from './header-values.js';
import { IDENTITY_TAGS, toIdentity } from './identity-tags.js';
import type { PathStep, SelectedTag, TagSelection } from './tag-selection.js';
import { isReadable, LEADING_SPACE_VRS, NUMBER_SIZES } from './value-representation.js';

export interface JsonHeader {
  readonly values: HeaderValues;
  /** What no column holds wholly, as in the file, for its reader to add to; null when nothing is left. */
  readonly extra: Record<string, unknown> | null;
  /** The elements that a column holds wholly: key in the file, index of the tag, content. */
  readonly held: readonly HeldElement[];
}

interface HeldElement {
  readonly key: string;
  readonly index: number;
  readonly element: unknown;
}

type Dataset = Readonly<Record<string, unknown>>;

/** The components of an element, or null where it is not an element of DICOM JSON; `raw` is its Value. */
interface JsonValues {
  readonly components: Components | null;
  readonly raw: readonly unknown[];
  /** True when the components are the element, to the letter. */
  readonly exact: boolean;
}

const ELEMENT_KEY = /^[0-9a-fA-F]{8}$/;
/** Text VRs whose values may be JSON numbers (PS3.18 table F.2.3-1). */
const NUMERIC_TEXT_VRS: ReadonlySet<string> = new Set(['DS', 'IS']);
const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
const NAME_GROUP_SET: ReadonlySet<string> = new Set(NAME_GROUPS);

/** Reads headers in the DICOM JSON model (PS3.18 annex F) for one selection of tags. */
export class JsonHeaderReader {
  readonly #selection: TagSelection;
  /** Index of the tag, by key, of the elements of a dataset itself: most of a selection. */
  readonly #plain = new Map<string, number>();
  /** Indices of all other tags: within sequences, private, or an element's second column. */
  readonly #others: readonly number[];

  constructor(selection: TagSelection) {
    this.#selection = selection;
    const others: number[] = [];
    selection.tags.forEach(({ path, creator }, index) => {
      const { key } = path[0]!;
      if (path.length > 1 || creator !== null || this.#plain.has(key)) others.push(index);
      else this.#plain.set(key, index);
    });
    this.#others = others;
  }

  /**
   * The selected values: the same cells as from the DICOM file.
   * Never throws: an element that is not as the model says is invalid where selected, and stays in `extra`.
   */
  read(header: Dataset): JsonHeader {
    const { tags } = this.#selection;
    const cells = new Array<Cell>(tags.length).fill(null);
    const values: HeaderValues = { cells, invalid: [], multiple: [], identity: readIdentity(header) };
    const heldElements = new Map<unknown, number>();
    for (const index of this.#others) {
      const tag = tags[index]!;
      if (this.#setCell(index, valuesAt(header, tag, 0), values))
        heldElements.set(elementAt(header, tag, tag.path[0]!), index);
    }
    // Without a prototype, `__proto__` is a key like any other.
    const extra = Object.create(null) as Record<string, unknown>;
    const held: HeldElement[] = [];
    const keys = Object.keys(header);
    for (const key of keys) {
      const element = header[key];
      const index = this.#plainIndex(header, key);
      const isHeld =
        index !== undefined && this.#setCell(index, elementValues(element, tags[index]!.vr), values);
      const holder = isHeld ? index : heldElements.get(element);
      if (holder === undefined) extra[key] = element;
      else held.push({ key, index: holder, element });
    }
    values.invalid.sort(byIndex);
    values.multiple.sort(byIndex);
    return { values, extra: held.length === keys.length ? null : extra, held };
  }

  /** Sets the cell of a tag, or notes why it has none; true when it holds its element wholly. */
  #setCell(index: number, found: JsonValues | null, values: HeaderValues): boolean {
    if (found === null) return false;
    const tag = this.#selection.tags[index]!;
    const result = cellOf(found, tag);
    if (!('cell' in result)) {
      values.invalid.push({ index, ...result, raw: rawText(found.raw) });
      return false;
    }
    values.cells[index] = result.cell;
    if (result.multiple) values.multiple.push({ index, values: found.components ?? [] });
    return !result.multiple && found.exact && tag.path.length === 1 && isHeld(tag, found, result.cell);
  }

  /** The tag that a key of a header stands for; of several spellings of one key, one does. */
  #plainIndex(header: Dataset, key: string): number | undefined {
    const index = this.#plain.get(key);
    if (index !== undefined || !HAS_SMALL_LETTER.test(key) || !isElementKey(key)) return index;
    const capitals = key.toUpperCase();
    return memberKey(header, capitals) === key ? this.#plain.get(capitals) : undefined;
  }
}

const HAS_SMALL_LETTER = /[a-f]/;

function byIndex(a: { readonly index: number }, b: { readonly index: number }): number {
  return a.index - b.index;
}

function readIdentity(header: Dataset): HeaderIdentity {
  return toIdentity(
    IDENTITY_TAGS.map((tag) => {
      const found = valuesAt(header, tag, 0);
      const result = found === null ? null : cellOf(found, tag);
      return result !== null && 'cell' in result ? result.cell : null;
    }),
  );
}

function cellOf({ components }: JsonValues, tag: SelectedTag): CellResult {
  return components === null ? invalidCell(tag) : toCell(tag, components);
}

/** True when the element could be written again from its cell: numbers and dates have several spellings. */
function isHeld(tag: SelectedTag, values: JsonValues, cell: Cell): boolean {
  const { type } = tag.column;
  if (type === 'string' || type === 'list<string>') return true;
  if (type === 'date' || type === 'list<date>')
    return values.components!.every((text) => text === '' || String(text).length === 8);
  for (let i = 0; i < values.raw.length; i++) {
    const part = values.raw[i];
    if (part !== '' && part !== null && !isSame(part, Array.isArray(cell) ? cell[i] : cell)) return false;
  }
  return true;
}

function isSame(part: unknown, cell: unknown): boolean {
  return typeof part === 'string' ? part === String(cell) : part === cell;
}

/** Whether a key is that of an element: eight hex digits. */
export function isElementKey(key: string): boolean {
  return key.length === 8 && ELEMENT_KEY.test(key);
}

function isObject(value: unknown): value is Dataset {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valuesAt(dataset: Dataset, tag: SelectedTag, depth: number): JsonValues | null {
  const step = tag.path[depth]!;
  const element = elementAt(dataset, tag, step);
  if (element === undefined) return null;
  if (step.item === null) return elementValues(element, tag.vr);
  const items = isObject(element) && Array.isArray(element.Value) ? (element.Value as unknown[]) : [];
  const inItem = (item: unknown) => (isObject(item) ? valuesAt(item, tag, depth + 1) : null);
  if (step.item === 'all') return joinValues(tag, items.map(inItem));
  return inItem(items[step.item]);
}

function joinValues(tag: SelectedTag, found: readonly (JsonValues | null)[]): JsonValues | null {
  const raw = found.flatMap((values) => values?.raw ?? []);
  if (found.some((values) => values?.components === null)) return { components: null, raw, exact: false };
  const components = joinItems(
    tag,
    found.map((values) => values && values.components),
  );
  return components === null ? null : { components, raw, exact: false };
}

function elementAt(dataset: Dataset, tag: SelectedTag, step: PathStep): unknown {
  if (step.item !== null || tag.creator === null) return member(dataset, step.key);
  const group = step.key.slice(0, 4);
  for (let block = 0x10; block <= 0xff; block++) {
    const hex = block.toString(16).toUpperCase();
    const creator = member(dataset, `${group}00${hex}`);
    if (isObject(creator) && Array.isArray(creator.Value) && nameOf(creator.Value[0]) === tag.creator)
      return member(dataset, `${group}${hex}${step.key.slice(6)}`);
  }
  return undefined;
}

function nameOf(creator: unknown): string | null {
  return typeof creator === 'string' ? trimText(creator) : null;
}

/** The element of this key, in capitals or not. */
function member(dataset: Dataset, key: string): unknown {
  const own = memberKey(dataset, key);
  return own === undefined ? undefined : dataset[own];
}

/** How a key (in capitals) is spelled in a dataset; in capitals where it stands there in several spellings. */
function memberKey(dataset: Dataset, key: string): string | undefined {
  if (Object.hasOwn(dataset, key)) return key;
  const lower = key.toLowerCase();
  if (lower === key) return undefined;
  if (Object.hasOwn(dataset, lower)) return lower;
  return Object.keys(dataset).find((own) => isElementKey(own) && own.toUpperCase() === key);
}

function elementValues(element: unknown, selectedVr: string): JsonValues {
  if (!isObject(element)) return { components: null, raw: [element], exact: false };
  const { vr } = element;
  const value = Object.hasOwn(element, 'Value') ? element.Value : [];
  if (typeof vr !== 'string' || !Array.isArray(value))
    return { components: null, raw: [value ?? null], exact: false };
  const raw = value as unknown[];
  const isPlain = hasOnly(element, ELEMENT_NAMES);
  // A value that is elsewhere (BulkDataURI, InlineBinary) is not 'no value'.
  if (!isPlain && raw.length === 0) return { components: null, raw: [], exact: false };
  const readVr = isReadable(vr) ? vr : selectedVr;
  const components: (string | number)[] = [];
  let exact = isPlain && isSameVr(vr, selectedVr);
  for (const part of raw) {
    const component = toComponent(part, readVr);
    if (component === null) return { components: null, raw, exact: false };
    components.push(component);
    exact &&= isExact(part, component);
  }
  return { components, raw, exact };
}

const ELEMENT_NAMES: ReadonlySet<string> = new Set(['vr', 'Value']);

function hasOnly(object: Dataset, names: ReadonlySet<string>): boolean {
  for (const name in object) if (!names.has(name)) return false;
  return true;
}

function isSameVr(vr: string, selected: string): boolean {
  return vr === selected || (selected === 'US/SS' && (vr === 'US' || vr === 'SS'));
}

/** True when nothing of a member of Value was left out of its component. */
function isExact(part: unknown, component: unknown): boolean {
  if (typeof part === 'string') return part === component;
  return !isObject(part) || hasOnly(part, NAME_GROUP_SET);
}

/** A member of Value as its VR has it; null when it is of the wrong type. */
function toComponent(part: unknown, vr: string): string | number | null {
  if (part === null) return '';
  if (vr === 'PN') return isObject(part) ? personName(part) : null;
  if (vr === 'AT') return typeof part === 'string' ? trimText(part).toUpperCase() : null;
  if (typeof part === 'string') return trimText(part, !LEADING_SPACE_VRS.has(vr));
  if (typeof part !== 'number') return null;
  if (vr === 'FL') return Math.fround(part);
  return NUMBER_SIZES.has(vr) || vr === 'US/SS' || NUMERIC_TEXT_VRS.has(vr) ? part : null;
}

/** `Alphabetic=Ideographic=Phonetic`, as in the DICOM file, without empty groups at the end. */
function personName(name: Dataset): string | null {
  const groups = NAME_GROUPS.map((group) => name[group] ?? '');
  if (!groups.every((group) => typeof group === 'string')) return null;
  return trimName(groups.map((group) => trimText(group)).join('='));
}
