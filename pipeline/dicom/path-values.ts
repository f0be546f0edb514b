import { joinItems, rawText, sameCell, toCell, type Components } from './header-values.js';
import type { SelectedTag } from './selected-tag.js';

/**
 * How the values of a selected tag are found in a dataset, along the path of sequences that it names: the same way in DICOM
 * files and in DICOM JSON.
 */

/** Values of an element, or of one element in several items, and what was wrong with them. */
export interface FoundValues {
  readonly components: Components;
  /**
   * `text`: bytes without meaning in the character set; `value`: no value of its VR can be read at all; `frames`: items
   * that must agree do not.
   */
  readonly fault: 'text' | 'value' | 'frames' | null;
  /** The values as they stand in the source. */
  readonly raw: readonly unknown[];
  /** True when the components are the element, to the letter. */
  readonly exact: boolean;
  /** Of a text: the terms of its character set that are none, in words. */
  readonly unknownSet?: string;
}

/** A form that datasets have: elements of it, and the items that its sequences hold, which are datasets again. */
export interface DatasetForm<Element, Item> {
  /** The items of a sequence, null in the place of what is no item; null where the element is no sequence. */
  items(element: Element): readonly (Item | null)[] | null;
  /** @param tag 0xggggeeee */
  find(item: Item, tag: number): Element | undefined;
  /** The text of the element that reserves a block for a private creator; null where it is none. */
  creator(element: Element): string | null;
  values(element: Element, tag: SelectedTag): FoundValues | null;
  /** Whether two elements of one tag are known to hold the same. */
  isSame(some: Element, other: Element): boolean;
}

/** The values that a tag selects in the element at this step of its path; null when there are none. */
export function valuesIn<Element, Item>(
  form: DatasetForm<Element, Item>,
  element: Element,
  tag: SelectedTag,
  depth = 0,
): FoundValues | null {
  const step = tag.path[depth]!;
  if (step.item === null) return form.values(element, tag);
  const items = form.items(element);
  if (items === null) return null;
  if (typeof step.item === 'number') {
    const found = elementIn(form, items[step.item], tag, depth + 1);
    return found === undefined ? null : valuesIn(form, found, tag, depth + 1);
  }
  // Frames without anything that is selected are one object, or equal.
  if (areOne(items) && elementIn(form, items[0], tag, depth + 1) === undefined) return null;
  const values = valuesInEach(form, items, tag, depth + 1);
  return step.item === 'all' ? joinValues(tag, values) : agreedValues(tag, values);
}

function areOne(items: readonly unknown[]): boolean {
  for (let i = 1; i < items.length; i++) if (items[i] !== items[0]) return false;
  return true;
}

function elementIn<Element, Item>(
  form: DatasetForm<Element, Item>,
  item: Item | null | undefined,
  tag: SelectedTag,
  depth: number,
): Element | undefined {
  return item == null ? undefined : findStep(form, item, tag, depth);
}

/** The values in each of some items; what is the same in one after the other, as in hundreds of frames, is read once. */
function valuesInEach<Element, Item>(
  form: DatasetForm<Element, Item>,
  items: readonly (Item | null)[],
  tag: SelectedTag,
  depth: number,
): (FoundValues | null)[] {
  let before: Element | undefined;
  let values: FoundValues | null = null;
  return items.map((item) => {
    const found = elementIn(form, item, tag, depth);
    if (found === undefined) return null;
    if (before === undefined || !form.isSame(found, before)) values = valuesIn(form, found, tag, depth);
    before = found;
    return values;
  });
}

/** Values that are told, when they differ. */
const MOST_TOLD = 10;

/** The values that all items have; one without any does not agree with one that has. */
function agreedValues(tag: SelectedTag, found: readonly (FoundValues | null)[]): FoundValues | null {
  const first = found[0] ?? null;
  if (found.every((values) => values === first)) return first;
  const texts = new Set(found.map((values) => (values === null ? '' : rawText(values.raw))));
  if (texts.size <= 1 || giveOneCell(tag, found)) return first;
  return { components: [], fault: 'frames', raw: [...texts].slice(0, MOST_TOLD), exact: false };
}

/** Whether values that are written in several ways, as 0.1 and 0.10, are the same. */
function giveOneCell(tag: SelectedTag, found: readonly (FoundValues | null)[]): boolean {
  const cells = found.map((values) => {
    const result = values === null || values.fault !== null ? null : toCell(tag, values.components);
    return result === null || !('cell' in result) || result.multiple ? null : result.cell;
  });
  return cells.every((cell) => cell !== null && sameCell(cell, cells[0]!));
}

/** The element of a dataset that a tag's path goes to at this step. */
export function findStep<Element, Item>(
  form: DatasetForm<Element, Item>,
  item: Item,
  tag: SelectedTag,
  depth = 0,
): Element | undefined {
  const step = tag.path[depth]!;
  if (step.item !== null || tag.creator === null) return form.find(item, step.tag);
  const place = privateTag(step.tag, tag.creator, (reserving) => {
    const element = form.find(item, reserving);
    return element === undefined ? null : form.creator(element);
  });
  return place === null ? undefined : form.find(item, place);
}

/**
 * The tag that a private element has in the block of its creator, which stands in (gggg,0010) to (gggg,00FF) (PS3.5
 * 7.8.1); null where there is no such block.
 * @param tag its group and, of its element, the last two hex digits
 */
export function privateTag(
  tag: number,
  creator: string,
  creatorAt: (reserving: number) => string | null,
): number | null {
  const group = tag & 0xffff0000;
  for (let block = 0x10; block <= 0xff; block++) {
    if (creatorAt((group | block) >>> 0) === creator) return (group | (block << 8) | (tag & 0xff)) >>> 0;
  }
  return null;
}

/** Worst first. */
const FAULTS = ['value', 'frames', 'text'] as const;

/** The values of several items after each other, with the worst fault of all. */
function joinValues(tag: SelectedTag, found: readonly (FoundValues | null)[]): FoundValues | null {
  const components = joinItems(
    tag,
    found.map((values) => values && values.components),
  );
  if (components === null) return null;
  const has = (fault: FoundValues['fault']) => found.some((values) => values?.fault === fault);
  const raw = found.flatMap((values) => values?.raw ?? []);
  const fault = FAULTS.find(has) ?? null;
  const unknownSet = found.find((values) => values?.unknownSet !== undefined)?.unknownSet;
  return { components, fault, raw, exact: false, ...(unknownSet === undefined ? {} : { unknownSet }) };
}
