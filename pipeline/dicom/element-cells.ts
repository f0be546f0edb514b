import type { Cell } from '../../schemas/column.js';
import type { TagCells } from './header-cells.js';
import { invalidCell, rawText, toCell, type InvalidValue, type MultipleValue } from './header-values.js';
import type { FoundValues } from './path-values.js';
import type { SelectedTag } from './selected-tag.js';

/** Of an element that no column is made of. */
const NONE: readonly never[] = [];
export const NO_CELLS: TagCells = { cells: NONE, invalid: NONE, multiple: NONE };

/** A tag whose only value a cell holds, for `elementCells` to tell of. */
type Held = (index: number, found: FoundValues, cell: Cell) => void;

/**
 * What an element gives to the columns of the tags that are made of it.
 * @param indices of these tags among `tags`
 * @param read the values that a tag selects in the element
 * @param onHeld is told of each tag whose values the cell has all of
 */
export function elementCells(
  tags: readonly SelectedTag[],
  indices: readonly number[],
  read: (tag: SelectedTag) => FoundValues | null,
  onHeld?: Held,
): TagCells {
  const cells: { index: number; cell: Cell }[] = [];
  const invalid: InvalidValue[] = [];
  const multiple: MultipleValue[] = [];
  for (const index of indices) {
    const tag = tags[index]!;
    const found = read(tag);
    if (found === null) continue;
    if (found.fault === 'text') {
      const reason = `${tag.keyword} holds bytes that are no text in its character set`;
      invalid.push({ index, kind: 'text_undecodable', raw: rawText(found.raw), reason });
    }
    const result = found.fault === 'value' ? invalidCell(tag) : toCell(tag, found.components);
    if (!('cell' in result)) {
      invalid.push({ index, ...result, raw: rawText(found.raw) });
      continue;
    }
    if (result.cell !== null) cells.push({ index, cell: result.cell });
    if (result.multiple) multiple.push({ index, values: found.components });
    else onHeld?.(index, found, result.cell);
  }
  return { cells, invalid, multiple };
}
