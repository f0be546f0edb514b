import type { Cell } from '../../schemas/column.js';
import type { TagCell, TagCells } from './header-cells.js';
import {
  invalidCell,
  isRespelledAge,
  rawText,
  toCell,
  type CellResult,
  type InvalidValue,
  type MultipleValue,
} from './header-values.js';
import type { FoundValues } from './path-values.js';
import type { SelectedTag, TagPlace } from './selected-tag.js';

/** Of an element that no column is made of. */
const NONE: readonly never[] = [];
export const NO_CELLS: TagCells = { cells: NONE, invalid: NONE, multiple: NONE };

/** An element whose values are read. */
export interface OpenElement {
  /** The values that a tag selects in it. */
  values(tag: SelectedTag): FoundValues | null;
  /** Is told of each tag whose values the cell has all of. */
  noteHeld?(place: TagPlace, found: FoundValues, cell: Cell): void;
}

/** What an element gives to the columns of the tags that it is a place of. */
export function elementCells(places: readonly TagPlace[], element: OpenElement): TagCells {
  let cells: TagCell[] | null = null;
  let invalid: InvalidValue[] | null = null;
  let multiple: MultipleValue[] | null = null;
  for (const place of places) {
    const { tag, index, rank } = place;
    const found = element.values(tag);
    if (found === null) continue;
    if (found.fault === 'text') {
      const reason = `${tag.keyword} holds bytes that are no text in ${found.unknownSet ?? 'its character set'}`;
      invalid = added(invalid, { index, rank, kind: 'text_undecodable', raw: rawText(found.raw), reason });
    }
    const result = cellResult(tag, found);
    if (!('cell' in result)) {
      invalid = added(invalid, { index, rank, ...result, raw: rawText(found.raw) });
      continue;
    }
    if (isRespelledAge(tag.vr, result.cell)) {
      const reason = `${tag.keyword} is not three digits and a unit (VR AS), and was read by its digits`;
      invalid = added(invalid, { index, rank, kind: 'value_respelled', raw: rawText(found.raw), reason });
    }
    if (result.cell !== null) cells = added(cells, { index, rank, cell: result.cell });
    if (result.multiple) multiple = added(multiple, { index, rank, values: found.components });
    else element.noteHeld?.(place, found, result.cell);
  }
  return { cells: cells ?? NONE, invalid: invalid ?? NONE, multiple: multiple ?? NONE };
}

/** A list with one more item. Most get one: made with it, a list takes a tenth of the memory of one that grows. */
function added<T>(list: T[] | null, item: T): T[] {
  if (list === null) return [item];
  list.push(item);
  return list;
}

function cellResult(tag: SelectedTag, { fault, components }: FoundValues): CellResult {
  if (fault === 'frames')
    return { kind: 'frames_differ', reason: `${tag.keyword} differs between the frames` };
  return fault === 'value' ? invalidCell(tag) : toCell(tag, components);
}
