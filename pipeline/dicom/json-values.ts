import { isJsonObject } from '../omi-db/extra.js';
import { trimName, trimText } from './header-values.js';
import type { DatasetForm, FoundValues } from './path-values.js';
import { parseDecimal } from './value-grammar.js';
import { isReadable, LEADING_SPACE_VRS, NUMBER_SIZES, tagKey } from './value-representation.js';

/** Values of elements in the DICOM JSON model (PS3.18 annex F), as their VR has them. */

export type Dataset = Readonly<Record<string, unknown>>;

const ELEMENT_KEY = /^[0-9a-fA-F]{8}$/;
/** Text VRs whose values may be JSON numbers (PS3.18 table F.2.3-1). */
const NUMERIC_TEXT_VRS: ReadonlySet<string> = new Set(['DS', 'IS']);
const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
const NAME_GROUP_SET: ReadonlySet<string> = new Set(NAME_GROUPS);

/** Whether a key is that of an element: eight hex digits. */
export function isElementKey(key: string): boolean {
  return key.length === 8 && ELEMENT_KEY.test(key);
}

/** How datasets in DICOM JSON hold their elements. */
export const DICOM_JSON: DatasetForm<unknown, Dataset> = {
  items: (element) =>
    isJsonObject(element) && Array.isArray(element.Value)
      ? (element.Value as unknown[]).map((item) => (isJsonObject(item) ? item : null))
      : null,
  find(dataset, tag) {
    const key = memberKey(dataset, tagKey(tag));
    return key === undefined ? undefined : dataset[key];
  },
  creator: (element) =>
    isJsonObject(element) && Array.isArray(element.Value) ? nameOf(element.Value[0]) : null,
  values: (element, tag) => (element === undefined ? null : elementValues(element, tag.vr)),
};

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

function elementValues(element: unknown, selectedVr: string): FoundValues {
  if (!isJsonObject(element)) return unreadable([element]);
  const { vr } = element;
  const value = Object.hasOwn(element, 'Value') ? element.Value : [];
  if (typeof vr !== 'string' || !Array.isArray(value)) return unreadable([value ?? null]);
  const raw = value as unknown[];
  const isPlain = hasOnly(element, ELEMENT_NAMES);
  // A value that is elsewhere (BulkDataURI, InlineBinary) is not 'no value'.
  if (!isPlain && raw.length === 0) return unreadable([]);
  const readVr = isReadable(vr) ? vr : selectedVr;
  const components: (string | number)[] = [];
  let exact = isPlain && isSameVr(vr, selectedVr);
  for (const part of raw) {
    const component = toComponent(part, readVr);
    if (component === null) return unreadable(raw);
    components.push(component);
    exact &&= isExact(part, component);
  }
  return { components, fault: null, raw, exact };
}

function unreadable(raw: readonly unknown[]): FoundValues {
  return { components: [], fault: 'value', raw, exact: false };
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
  if (typeof part === 'string') {
    const text = trimText(part, !LEADING_SPACE_VRS.has(vr));
    // A number that a double does not hold comes as text.
    const number = vr === 'FL' ? parseDecimal(text) : null;
    return number === null ? text : Math.fround(number);
  }
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
