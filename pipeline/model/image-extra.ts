import { sameCell } from '../dicom/header-values.js';
import type { HeldElement } from '../dicom/json-held.js';
import type { TagSelection } from '../dicom/tag-selection.js';
import { emptyExtra, extraText, isEmptyExtra, keepUnder, type Extra } from '../omi-db/extra.js';
import type { JoinedImage } from '../stages/join.js';
import type { InterpretContext } from './context.js';

/**
 * What no column holds of an image: elements of the JSON header, keys beside the marks in imagedb, and the content of a
 * second JSON file. Elements have keys of eight hex digits, the second file the key `<uid>.dcm.json`.
 */
export function imageExtra(image: JoinedImage, context: InterpretContext): string | null {
  const json = image.onDisk?.json ?? null;
  if (json !== null)
    for (const key of json.oddKeys) context.unknown.note(image.onDisk!.plan.json!.path, 'images', key);
  const overruled = overruledElements(image);
  const left = json === null ? null : json.leftText;
  // Nothing but elements that are left over, for nearly every image: their text was made when they were read.
  if (overruled.length === 0 && hasNothingBeside(image)) return left;
  const extra = emptyExtra();
  if (left !== null) Object.assign(extra, JSON.parse(left));
  for (const element of overruled)
    extra[element.key] = element.elementFrom(json!.values.cells[element.heldBy]!);
  keepFurtherValues(image, context.tags.selection, extra);
  keepBeside(image, context, extra);
  return extraText(extra);
}

/** What imagedb and a second JSON file have of the image beside marks and elements. */
function keepBeside({ uid, listed, onDisk }: JoinedImage, context: InterpretContext, extra: Extra): void {
  for (const place of listed) {
    // It is listed in the file of that path.
    context.unknown.noteAll(context.imagedbPath!, 'images', place.extra);
    for (const key of Object.keys(place.extra)) keepUnder(extra, key, place.extra[key]);
  }
  const second = onDisk?.secondJson ?? null;
  if (second !== null) keepUnder(extra, `${uid}.dcm.json`, second);
}

function hasNothingBeside({ header, listed, onDisk }: JoinedImage): boolean {
  const hasFurtherValues = header !== null && header.from !== 'json' && header.values.multiple.length > 0;
  return (
    !hasFurtherValues &&
    listed.every((place) => isEmptyExtra(place.extra)) &&
    (onDisk?.secondJson ?? null) === null
  );
}

/** Values of the DICOM header beyond the first, of columns that hold one; of the JSON header they are in its elements. */
function keepFurtherValues({ header }: JoinedImage, { tags }: TagSelection, extra: Extra): void {
  if (header === null || header.from === 'json') return;
  for (const { index, values } of header.values.multiple) extra[`dicom.${tags[index]!.column.name}`] = values;
}

const NONE: readonly HeldElement[] = [];

/** Where the DICOM header gave the columns: the elements of the JSON header that say something else. */
function overruledElements({ onDisk, header }: JoinedImage): readonly HeldElement[] {
  const json = onDisk?.json ?? null;
  if (json === null || header === null || header.from === 'json') return NONE;
  const { cells } = header.values;
  const other = json.values.cells;
  let overruled: HeldElement[] | null = null;
  for (const element of json.held) {
    const { heldBy } = element;
    if (sameCell(cells[heldBy] ?? null, other[heldBy] ?? null)) continue;
    overruled ??= [];
    overruled.push(element);
  }
  return overruled ?? NONE;
}
