import type { Cell } from '../../schemas/column.js';
import type { TagCells } from './header-cells.js';
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

/** A tag whose only value a cell holds, for `elementCells` to tell of. */
type Held = (place: TagPlace, found: FoundValues, cell: Cell) => void;

/**
 * What an element gives to the columns of the tags that it is a place of.
 * @param read the values that a tag selects in the element
 * @param onHeld is told of each tag whose values the cell has all of
 */
export function elementCells(
  places: readonly TagPlace[],
  read: (tag: SelectedTag) => FoundValues | null,
  onHeld?: Held,
): TagCells {
  const cells: { index: number; rank: number; cell: Cell }[] = [];
  const invalid: InvalidValue[] = [];
  const multiple: MultipleValue[] = [];
  for (const place of places) {
    const { tag, index, rank } = place;
    const found = read(tag);
    if (found === null) continue;
    if (found.fault === 'text') {
      const reason = `${tag.keyword} holds bytes that are no text in ${found.unknownSet ?? 'its character set'}`;
      invalid.push({ index, rank, kind: 'text_undecodable', raw: rawText(found.raw), reason });
    }
    const result = cellResult(tag, found);
    if (!('cell' in result)) {
      invalid.push({ index, rank, ...result, raw: rawText(found.raw) });
      continue;
    }
    if (isRespelledAge(tag.vr, result.cell)) {
      const reason = `${tag.keyword} is not three digits and a unit (VR AS), and was read by its digits`;
      invalid.push({ index, rank, kind: 'value_respelled', raw: rawText(found.raw), reason });
    }
    if (result.cell !== null) cells.push({ index, rank, cell: result.cell });
    if (result.multiple) multiple.push({ index, rank, values: found.components });
    else onHeld?.(place, found, result.cell);
  }
  return { cells, invalid, multiple };
}

function cellResult(tag: SelectedTag, { fault, components }: FoundValues): CellResult {
  if (fault === 'frames')
    return { kind: 'frames_differ', reason: `${tag.keyword} differs between the frames` };
  return fault === 'value' ? invalidCell(tag) : toCell(tag, components);
}
