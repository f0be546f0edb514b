import { isJsonObject } from '../omi-db/extra.js';
import { trimName, trimText } from './header-values.js';
import { inlineBinary } from './json-inline.js';
import { valuesIn, type DatasetForm, type FoundValues } from './path-values.js';
import type { SelectedTag } from './selected-tag.js';
import { parseDecimal } from './value-grammar.js';
import {
  isListVr,
  isReadable,
  LEADING_SPACE_VRS,
  NUMBER_SIZES,
  SINGLE_TEXT_VRS,
  tagKey,
} from './value-representation.js';

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
  items: (element) => valueOf(element)?.map((item) => (isJsonObject(item) ? item : null)) ?? null,
  find(dataset, tag) {
    const key = memberKey(dataset, tagKey(tag));
    return key === undefined ? undefined : dataset[key];
  },
  creator: (element) => nameOf(valueOf(element)?.[0]),
  values: (element, tag) => (element === undefined ? null : elementValues(element, tag)),
  // Readers give equal elements as one object (json-sequence-parts.ts).
  isSame: (some, other) => some === other,
};

/** The values that a tag selects in an element of a dataset. */
export function jsonValues(element: unknown, tag: SelectedTag): FoundValues | null {
  const isSequence = tag.path[0]!.item !== null;
  return isSequence && isJsonObject(element) && Object.hasOwn(element, 'InlineBinary')
    ? inlineBinary(element.InlineBinary, 'UN', tag)
    : valuesIn(DICOM_JSON, element, tag);
}

/** The list of values of an element; null where it has none. */
function valueOf(element: unknown): readonly unknown[] | null {
  const value = isJsonObject(element) ? memberOf(element, 'Value') : undefined;
  return Array.isArray(value) ? (value as unknown[]) : null;
}

/** A member of an element; its name may be written in small letters or capitals throughout. */
function memberOf(element: Dataset, name: string): unknown {
  if (Object.hasOwn(element, name)) return element[name];
  const own = [name.toLowerCase(), name.toUpperCase()].find((spelled) => Object.hasOwn(element, spelled));
  return own === undefined ? undefined : element[own];
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

function elementValues(element: unknown, tag: SelectedTag): FoundValues | null {
  if (element === null) return null;
  if (!isJsonObject(element)) return unreadable([element]);
  // Where the VR was left out, the dictionary has it.
  const vr = memberOf(element, 'vr') ?? 'UN';
  // Null says that there is no value, though not as the model does.
  const value = memberOf(element, 'Value') ?? [];
  if (typeof vr !== 'string' || !Array.isArray(value)) return unreadable([value]);
  const isPlain = hasOnly(element, ELEMENT_NAMES) && element.Value !== null;
  if (value.length > 0 || isPlain) return listValues(value as unknown[], vr, isPlain, tag.vr);
  if (Object.hasOwn(element, 'InlineBinary')) {
    const { path } = tag;
    return inlineBinary(element.InlineBinary, vr, { ...tag, path: path.slice(-1) });
  }
  // A value that is elsewhere (BulkDataURI) is not 'no value'.
  return hasOnly(element, SPELLED_NAMES) ? listValues([], vr, false, tag.vr) : unreadable([element]);
}

function listValues(raw: readonly unknown[], vr: string, isPlain: boolean, selectedVr: string): FoundValues {
  const readVr = !isReadable(vr) || (SINGLE_TEXT_VRS.has(vr) && isListVr(selectedVr)) ? selectedVr : vr;
  const isSame = isPlain && isSameVr(vr, selectedVr);
  if (raw.length === 1 && !isListText(raw[0], readVr)) return oneValue(raw, readVr, isSame);
  const components: (string | number)[] = [];
  let exact = isSame;
  for (const part of raw) {
    const component = toComponent(part, readVr);
    if (component === null) return unreadable(raw);
    exact &&= isExact(part, component, readVr);
    if (isListText(part, readVr)) {
      // One by one: a call takes some 100,000 arguments.
      for (const each of part.split('\\')) components.push(trimText(each));
      exact = false;
    } else components.push(component);
  }
  return { components, fault: null, raw, exact };
}

/** As most elements have: the same, without a list that grows. */
function oneValue(raw: readonly unknown[], vr: string, isSame: boolean): FoundValues {
  const component = toComponent(raw[0], vr);
  if (component === null) return unreadable(raw);
  return { components: [component], fault: null, raw, exact: isSame && isExact(raw[0], component, vr) };
}

/** A list that was written as one text, as in a DICOM file. */
function isListText(part: unknown, vr: string): part is string {
  return typeof part === 'string' && part.includes('\\') && isListVr(vr);
}

function unreadable(raw: readonly unknown[]): FoundValues {
  return { components: [], fault: 'value', raw, exact: false };
}

const ELEMENT_NAMES: ReadonlySet<string> = new Set(['vr', 'Value']);
const SPELLED_NAMES: ReadonlySet<string> = new Set(['vr', 'VR', 'Value', 'value', 'VALUE']);

function hasOnly(object: Dataset, names: ReadonlySet<string>): boolean {
  for (const name in object) if (!names.has(name)) return false;
  return true;
}

function isSameVr(vr: string, selected: string): boolean {
  return vr === selected || (selected === 'US/SS' && (vr === 'US' || vr === 'SS'));
}

/** True when nothing of a member of Value was left out of its component. */
function isExact(part: unknown, component: string | number, vr: string): boolean {
  if (typeof part === 'string') return part === component && vr !== 'PN';
  if (typeof part === 'number') return typeof component === 'number';
  return !isJsonObject(part) || hasOnly(part, NAME_GROUP_SET);
}

/** A member of Value as its VR has it; null when it is of the wrong type. */
function toComponent(part: unknown, vr: string): string | number | null {
  if (part === null) return '';
  if (typeof part === 'string') return textComponent(part, vr);
  if (vr === 'PN') return isJsonObject(part) ? personName(part) : null;
  if (typeof part !== 'number') return null;
  // An age of digits alone may have become a number.
  if (vr === 'AS') return String(part);
  if (vr === 'FL') return Math.fround(part);
  const isNumber = NUMBER_SIZES.has(vr) && vr !== 'AT';
  return isNumber || vr === 'US/SS' || NUMERIC_TEXT_VRS.has(vr) ? part : null;
}

function textComponent(part: string, vr: string): string | number {
  const text = trimText(part, !LEADING_SPACE_VRS.has(vr));
  if (vr === 'AT') return text.toUpperCase();
  if (vr === 'FL') {
    // A number that a double does not hold comes as text.
    const number = parseDecimal(text);
    return number === null ? text : Math.fround(number);
  }
  // Some programs write a name as the text that a DICOM file has.
  return vr === 'PN' ? trimName(text) : text;
}

/** `Alphabetic=Ideographic=Phonetic`, as in the DICOM file, without empty groups at the end. */
function personName(name: Dataset): string | null {
  const groups = NAME_GROUPS.map((group) => memberOf(name, group) ?? '');
  // What has members, but none of a name, is not 'no name'.
  if (!NAME_GROUPS.some((group) => memberOf(name, group) !== undefined) && Object.keys(name).length > 0)
    return null;
  if (!groups.every((group) => typeof group === 'string')) return null;
  return trimName(groups.map((group) => trimText(group)).join('='));
}
