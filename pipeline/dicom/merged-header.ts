import type { Cell } from '../../schemas/column.js';
import type { DicomHeader, ReadableHeader } from './dicom-header.js';
import type { HeaderIdentity, HeaderValues } from './header-values.js';
import type { JsonHeader } from './json-header.js';
import { hasNoPixels } from './sop-classes.js';

/** The values of an image's two headers, merged by tag. */
export interface MergedHeader {
  /** Which headers gave values: `both` where neither has all of them. */
  readonly from: 'dicom' | 'json' | 'both';
  readonly values: HeaderValues;
}

/** Whether the header of a DICOM file was read to its end. One without pixel data may have ended early, but for its kind. */
export function isWholeHeader({ state, values }: ReadableHeader): boolean {
  return state === 'complete' || (state === 'no_pixel_data' && hasNoPixels(values.identity.sopClassUid));
}

/**
 * The values of both headers. The DICOM header goes before the JSON; where it ended early, the JSON goes before it. The
 * other one fills a column only where the first has no value at all: one that cannot be read stays null.
 * @returns null when neither can be read
 */
export function mergeHeaders(dicom: DicomHeader | null, json: JsonHeader | null): MergedHeader | null {
  const readable = dicom === null || dicom.state === 'unreadable' ? null : dicom;
  if (readable === null) return json === null ? null : { from: 'json', values: json.values };
  if (json === null) return { from: 'dicom', values: readable.values };
  return isWholeHeader(readable)
    ? fill({ from: 'dicom', values: readable.values }, json.values)
    : fill({ from: 'json', values: json.values }, readable.values);
}

/** Fills what a header lacks from another. */
function fill(first: MergedHeader, second: HeaderValues): MergedHeader {
  const { cells, invalid, identity } = first.values;
  let filled: Cell[] | null = null;
  for (let i = 0; i < cells.length; i++) {
    const cell = second.cells[i] ?? null;
    if (cells[i] !== null || cell === null || invalid.some(({ index }) => index === i)) continue;
    filled ??= cells.slice();
    filled[i] = cell;
  }
  const merged = mergeIdentity(identity, second.identity);
  if (filled === null)
    return merged === identity ? first : { ...first, values: { ...first.values, identity: merged } };
  const hasOwn = cells.some((cell) => cell !== null);
  const from = hasOwn ? 'both' : first.from === 'json' ? 'dicom' : 'json';
  // Of the JSON header, values beyond the first are in its elements.
  const own = first.from === 'json' ? second : first.values;
  const multiple = own.multiple.filter(({ index }) => own.cells[index] === filled[index]);
  return { from, values: { cells: filled, invalid, multiple, identity: merged } };
}

function mergeIdentity(first: HeaderIdentity, second: HeaderIdentity): HeaderIdentity {
  const lacks = (Object.keys(first) as (keyof HeaderIdentity)[]).filter(
    (key) => first[key] === null && second[key] !== null,
  );
  if (lacks.length === 0) return first;
  return { ...first, ...Object.fromEntries(lacks.map((key) => [key, second[key]])) };
}
