import type { Cell } from '../../schemas/column.js';
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
import { isReadable, LEADING_SPACE_VRS, NUMBER_SIZES } from './value-representation.js';

export interface JsonHeader {
  readonly values: HeaderValues;
  /** What no column holds wholly, as in the file; null when nothing is left. */
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

/**
 * The selected values of a header in the DICOM JSON model (PS3.18 annex F): the same cells as from the DICOM file.
 * Never throws: an element that is not as the model says is invalid where selected, and stays in `extra`.
 */
export function readJsonHeader(header: Record<string, unknown>, selection: TagSelection): JsonHeader {
  const held = new Map<unknown, number>();
  const values: HeaderValues = { cells: [], invalid: [], multiple: [], identity: readIdentity(header) };
  selection.tags.forEach((tag, index) => {
    values.cells.push(readCell(header, tag, index, values, held));
  });
  return { values, ...divide(header, held) };
}

type CellReport = Pick<HeaderValues, 'invalid' | 'multiple'>;

function readIdentity(header: Dataset): HeaderIdentity {
  const unreported: CellReport = { invalid: [], multiple: [] };
  return toIdentity(IDENTITY_TAGS.map((tag, index) => readCell(header, tag, index, unreported, new Map())));
}

/** The cell of a tag; an element that its cell holds wholly is added to `held`, with the index of the tag. */
function readCell(
  header: Dataset,
  tag: SelectedTag,
  index: number,
  report: CellReport,
  held: Map<unknown, number>,
): Cell {
  const values = valuesAt(header, tag, 0);
  if (values === null) return null;
  const result = values.components === null ? invalidCell(tag) : toCell(tag, values.components);
  if (!('cell' in result)) {
    report.invalid.push({ index, ...result, raw: rawText(values.raw) });
    return null;
  }
  if (result.multiple) report.multiple.push({ index, values: values.components ?? [] });
  else if (values.exact && tag.path.length === 1 && isHeld(tag, values, result.cell))
    held.set(elementAt(header, tag, tag.path[0]!), index);
  return result.cell;
}

/** True when the element could be written again from its cell: numbers and dates have several spellings. */
function isHeld(tag: SelectedTag, values: JsonValues, cell: Cell): boolean {
  if (tag.column.type.includes('date'))
    return values.components!.every((text) => text === '' || String(text).length === 8);
  if (tag.column.type.includes('string')) return true;
  const cells = Array.isArray(cell) ? (cell as readonly unknown[]) : [cell];
  return values.raw.every((part, at) => part === '' || part === null || isSame(part, cells[at]));
}

function isSame(part: unknown, cell: unknown): boolean {
  return typeof part === 'string' ? part === String(cell) : part === cell;
}

/** Divides a header into what the columns hold and what they do not. */
function divide(header: Dataset, indices: ReadonlyMap<unknown, number>): Pick<JsonHeader, 'extra' | 'held'> {
  // Without a prototype, `__proto__` is a key like any other.
  const extra = Object.create(null) as Record<string, unknown>;
  const held: HeldElement[] = [];
  let isEmpty = true;
  for (const key of Object.keys(header)) {
    const element = header[key];
    const index = indices.get(element);
    if (index === undefined) {
      extra[key] = element;
      isEmpty = false;
    } else held.push({ key, index, element });
  }
  return { extra: isEmpty ? null : extra, held };
}

/** Whether a key is that of an element: eight hex digits. */
export function isElementKey(key: string): boolean {
  return ELEMENT_KEY.test(key);
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
  if (Object.hasOwn(dataset, key)) return dataset[key];
  const lower = key.toLowerCase();
  if (lower === key) return undefined;
  if (Object.hasOwn(dataset, lower)) return dataset[lower];
  const mixed = Object.keys(dataset).find((own) => ELEMENT_KEY.test(own) && own.toUpperCase() === key);
  return mixed === undefined ? undefined : dataset[mixed];
}

function elementValues(element: unknown, selectedVr: string): JsonValues {
  if (!isObject(element)) return { components: null, raw: [element], exact: false };
  const { vr } = element;
  const value = Object.hasOwn(element, 'Value') ? element.Value : [];
  if (typeof vr !== 'string' || !Array.isArray(value))
    return { components: null, raw: [value ?? null], exact: false };
  const raw = value as unknown[];
  const isPlain = Object.keys(element).every((name) => name === 'vr' || name === 'Value');
  // A value that is elsewhere (BulkDataURI, InlineBinary) is not 'no value'.
  if (!isPlain && raw.length === 0) return { components: null, raw: [], exact: false };
  const readVr = isReadable(vr) ? vr : selectedVr;
  const components = raw.map((part) => toComponent(part, readVr));
  if (components.includes(null)) return { components: null, raw, exact: false };
  const exact = isPlain && isSameVr(vr, selectedVr) && raw.every((part, at) => isExact(part, components[at]));
  return { components: components as Components, raw, exact };
}

function isSameVr(vr: string, selected: string): boolean {
  return vr === selected || (selected === 'US/SS' && (vr === 'US' || vr === 'SS'));
}

/** True when nothing of a member of Value was left out of its component. */
function isExact(part: unknown, component: unknown): boolean {
  if (typeof part === 'string') return part === component;
  return !isObject(part) || Object.keys(part).every((name) => NAME_GROUPS.includes(name as never));
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
