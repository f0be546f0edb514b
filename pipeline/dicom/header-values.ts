import type { Cell } from '../../schemas/column.js';
import { trimEnd } from '../base/text.js';
import {
  INT32_MAX,
  INT32_MIN,
  isAge,
  isLooseAge,
  isTime,
  parseDate,
  parseDecimal,
  parseInteger,
} from './value-grammar.js';
import type { SelectedTag } from './selected-tag.js';

export type InvalidKind =
  'date_invalid' | 'number_invalid' | 'text_undecodable' | 'frames_differ' | 'value_respelled';

/**
 * A value that its column cannot hold, or holds with U+FFFD where bytes made no sense (text_undecodable), or as it stands
 * though it is not written as it should be (value_respelled).
 */
export interface InvalidValue {
  /** Index of the tag in the selection. */
  readonly index: number;
  /** Of the place where it stands (TagPlace). */
  readonly rank: number;
  readonly kind: InvalidKind;
  /** The value as it stood, components joined by a backslash; bytes that are no text as ISO 8859-1. */
  readonly raw: string;
  /** What is wrong, without quoting the value. */
  readonly reason: string;
}

/** What every image is found by, whatever the selection; null where absent or invalid. */
export interface HeaderIdentity {
  readonly sopClassUid: string | null;
  readonly sopInstanceUid: string | null;
  readonly studyInstanceUid: string | null;
  readonly seriesInstanceUid: string | null;
  readonly rows: number | null;
  readonly columns: number | null;
}

/** An element of several values whose column holds only the first. */
export interface MultipleValue {
  /** Index of the tag in the selection. */
  readonly index: number;
  /** Of the place where they stand (TagPlace). */
  readonly rank: number;
  /** All of them. */
  readonly values: Components;
}

export interface HeaderValues {
  /** One cell for each selected tag, typed by its column; null is 'no value'. */
  readonly cells: Cell[];
  readonly invalid: InvalidValue[];
  readonly multiple: MultipleValue[];
  readonly identity: HeaderIdentity;
}

/** The values of one element as the source gives them: trimmed texts, numbers from binary VRs or from JSON. */
export type Components = readonly (string | number)[];

type Scalar = string | number;

/** A cell, or why the components make none. */
export type CellResult = { cell: Cell; multiple: boolean } | { kind: InvalidKind; reason: string };

/**
 * The cell that a column holds for the values of an element: none, the first (scalar columns) or all (list columns).
 * An empty text is no value, except inside a list of texts.
 */
export function toCell(tag: SelectedTag, components: Components): CellResult {
  const isList = tag.column.type.startsWith('list<');
  if (isEmpty(components)) return { cell: null, multiple: false };
  if (!isList) {
    const multiple = components.length > 1;
    const first = components[0]!;
    if (first === '') return { cell: null, multiple };
    const value = toScalar(tag, first);
    return value === null ? invalidCell(tag) : { cell: value, multiple };
  }
  const values: Scalar[] = [];
  for (const component of components) {
    const value = component === '' && tag.column.type === 'list<string>' ? '' : toScalar(tag, component);
    // A list of numbers or dates has no place for 'no value'.
    if (value === null) return invalidCell(tag);
    values.push(value);
  }
  return { cell: values as string[] | number[], multiple: false };
}

/** What is wrong with an element that does not follow the grammar of its VR or does not fit its column. */
export function invalidCell(tag: SelectedTag): { kind: InvalidKind; reason: string } {
  const { type } = tag.column;
  const reason = (what: string) => `${tag.keyword} is not ${what} (VR ${tag.vr}, column type ${type})`;
  if (tag.vr === 'TM') return { kind: 'date_invalid', reason: reason('a time') };
  if (tag.vr === 'AS') return { kind: 'number_invalid', reason: reason('an age') };
  if (type.includes('date')) return { kind: 'date_invalid', reason: reason('a date') };
  if (type.includes('string')) return { kind: 'text_undecodable', reason: reason('text') };
  return { kind: 'number_invalid', reason: reason('a number that fits') };
}

/** One component, which is not empty, as a column has it; null where it is none of its VR or does not fit. */
export function toScalar(tag: SelectedTag, component: Scalar): Scalar | null {
  switch (tag.column.type) {
    case 'int':
    case 'list<int>':
      return inRange(toWhole(component), INT32_MIN, INT32_MAX);
    case 'long':
      return inRange(toWhole(component), Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    case 'double':
    case 'list<double>':
      return toDouble(component);
    case 'date':
    case 'list<date>':
      return typeof component === 'string' ? parseDate(component) : null;
    default:
      return toText(tag.vr, String(component));
  }
}

function toText(vr: string, text: string): string | null {
  if (vr === 'TM') return isTime(text) ? text : null;
  if (vr === 'AS') return isAge(text) || isLooseAge(text) ? text : null;
  return text;
}

function toDouble(component: Scalar): number | null {
  if (typeof component === 'string') return parseDecimal(component);
  return Number.isFinite(component) ? component : null;
}

function toWhole(component: Scalar): number | null {
  const value = typeof component === 'string' ? parseInteger(component) : component;
  // `+ 0` makes -0 a plain 0.
  return value !== null && Number.isInteger(value) ? value + 0 : null;
}

function inRange(value: number | null, min: number, max: number): number | null {
  return value !== null && value >= min && value <= max ? value : null;
}

/** Whether the cell of an age is not written as AS wants it. */
export function isRespelledAge(vr: string, cell: Cell): boolean {
  return vr === 'AS' && typeof cell === 'string' && !isAge(cell);
}

/** The components of an element as one text, for the manifest; `null` in JSON is an empty one in DICOM. */
export function rawText(components: readonly unknown[]): string {
  return components.map((part) => (typeof part === 'string' ? part : partText(part))).join('\\');
}

function partText(part: unknown): string {
  if (typeof part === 'number') return String(part);
  return part === null ? '' : JSON.stringify(part);
}

/**
 * The components of the same element in several items of a sequence, after each other. An item without a value leaves
 * an empty text in its place, so that lists of texts from one sequence stay parallel; lists of numbers cannot.
 * @returns null when no item has the element
 */
export function joinItems(tag: SelectedTag, items: readonly (Components | null)[]): Components | null {
  if (items.every((components) => components === null)) return null;
  const empty = tag.column.type === 'list<string>' ? [''] : [];
  return items.flatMap((components) => (isEmpty(components) ? empty : components!));
}

function isEmpty(components: Components | null): boolean {
  return components === null || components.length === 0 || (components.length === 1 && components[0] === '');
}

/**
 * Whether two headers say the same of a tag: empty components at the end of a person name may be left out (PS3.5 6.2.1),
 * as dcmtk does, and a header in JSON is in UTF-8, whatever the character set of the DICOM file is (PS3.18 F.2).
 */
export function saySame({ keyword, vr }: SelectedTag, dicom: Cell, json: Cell): boolean {
  if (sameCell(dicom, json)) return true;
  if (keyword === 'SpecificCharacterSet') return [json].flat().join() === 'ISO_IR 192';
  return vr === 'PN' && sameCell(withoutEmptyParts(dicom), withoutEmptyParts(json));
}

/** Person names without the carets that nothing comes after in their group. */
function withoutEmptyParts(cell: Cell): Cell {
  const shorten = (name: string | number) =>
    trimName(Array.from(String(name).split('='), (group) => trimEnd(group, ' ^')).join('='));
  if (Array.isArray(cell)) return cell.map(shorten);
  return typeof cell === 'string' ? shorten(cell) : cell;
}

/** Whether two cells hold the same. */
export function sameCell(a: Cell, b: Cell): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && sameItems(a, b));
}

/** Lists hold texts or numbers only. A loop: a function for each comparison is made before it is known to be needed. */
function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A person name without empty groups at its end, which may be left out (PS3.5 6.2.1). */
export function trimName(name: string): string {
  return trimEnd(name, '=');
}

/** A text without the spaces and NULs after it and, unless they mean something, before it. */
export function trimText(text: string, leading = true): string {
  let start = 0;
  let end = text.length;
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\0')) end--;
  if (leading) while (start < end && (text[start] === ' ' || text[start] === '\0')) start++;
  return text.slice(start, end);
}
