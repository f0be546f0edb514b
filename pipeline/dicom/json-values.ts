import { isJsonObject } from '../omi-db/extra.js';
import { joinItems, trimName, trimText, type Components } from './header-values.js';
import type { PathStep, SelectedTag } from './tag-selection.js';
import { isReadable, LEADING_SPACE_VRS, NUMBER_SIZES } from './value-representation.js';

/** Values of elements in the DICOM JSON model (PS3.18 annex F), as their VR has them. */

export type Dataset = Readonly<Record<string, unknown>>;

/** The components of an element, or null where it is not an element of DICOM JSON; `raw` is its Value. */
export interface JsonValues {
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

/** Whether a key is that of an element: eight hex digits. */
export function isElementKey(key: string): boolean {
  return key.length === 8 && ELEMENT_KEY.test(key);
}

/** The values that a tag selects in the element at this step of its path; null when there are none. */
export function valuesIn(element: unknown, tag: SelectedTag, depth: number): JsonValues | null {
  const step = tag.path[depth]!;
  if (element === undefined) return null;
  if (step.item === null) return elementValues(element, tag.vr);
  const items = isJsonObject(element) && Array.isArray(element.Value) ? (element.Value as unknown[]) : [];
  const inItem = (item: unknown) =>
    isJsonObject(item) ? valuesIn(elementAt(item, tag, depth + 1), tag, depth + 1) : null;
  if (step.item === 'all') return joinValues(tag, items.map(inItem));
  return inItem(items[step.item]);
}

function elementAt(dataset: Dataset, tag: SelectedTag, depth: number): unknown {
  const key = keyAt(dataset, tag, depth);
  return key === undefined ? undefined : dataset[key];
}

/** The key, as it is spelled, of the element of a dataset that a tag's path goes to at this step; undefined without one. */
export function keyAt(dataset: Dataset, tag: SelectedTag, depth: number): string | undefined {
  const step = tag.path[depth]!;
  if (step.item !== null || tag.creator === null) return memberKey(dataset, step.key);
  const key = privateKey(dataset, tag.creator, step);
  return key === null ? undefined : memberKey(dataset, key);
}

/** The key that a private element has in the block of its creator (PS3.5 7.8.1); null where there is no such block. */
function privateKey(dataset: Dataset, creator: string, step: PathStep): string | null {
  const group = step.key.slice(0, 4);
  for (let block = 0x10; block <= 0xff; block++) {
    const hex = block.toString(16).toUpperCase();
    const key = memberKey(dataset, `${group}00${hex}`);
    const reserved = key === undefined ? undefined : dataset[key];
    if (isJsonObject(reserved) && Array.isArray(reserved.Value) && nameOf(reserved.Value[0]) === creator)
      return `${group}${hex}${step.key.slice(6)}`;
  }
  return null;
}

function nameOf(creator: unknown): string | null {
  return typeof creator === 'string' ? trimText(creator) : null;
}

/** How a key (in capitals) is spelled in a dataset; in capitals where it stands there in several spellings. */
export function memberKey(dataset: Dataset, key: string): string | undefined {
  if (Object.hasOwn(dataset, key)) return key;
  const lower = key.toLowerCase();
  if (lower === key) return undefined;
  if (Object.hasOwn(dataset, lower)) return lower;
  return Object.keys(dataset).find((own) => isElementKey(own) && own.toUpperCase() === key);
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

function elementValues(element: unknown, selectedVr: string): JsonValues {
  if (!isJsonObject(element)) return { components: null, raw: [element], exact: false };
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
  return !isJsonObject(part) || hasOnly(part, NAME_GROUP_SET);
}

/** A member of Value as its VR has it; null when it is of the wrong type. */
function toComponent(part: unknown, vr: string): string | number | null {
  if (part === null) return '';
  if (vr === 'PN') return isJsonObject(part) ? personName(part) : null;
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
