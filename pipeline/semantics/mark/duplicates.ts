import type { RawBox } from '../box.js';

export interface BoxedMark {
  readonly markId: string;
  readonly box: RawBox;
}

/** A box of an image, and every mark that draws it. */
export interface DistinctBox<Mark> {
  /** The mark that counts. */
  readonly first: Mark;
  /** Those that draw it again. */
  readonly duplicates: readonly Mark[];
}

/** Corners are in no fixed order: the same box may begin at any of them. Null where a coordinate is no number. */
function boxKey({ x1, y1, x2, y2 }: RawBox): string | null {
  if (x1 === null || y1 === null || x2 === null || y2 === null) return null;
  if (![x1, y1, x2, y2].every(Number.isFinite)) return null;
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)].join(' ');
}

/**
 * The distinct boxes of an image in the order of their first marks: the same corners are the same box, whichever is named
 * first. A mark without usable coordinates is no box and not in the result. This project's own rule (views, breasts over
 * time, exams).
 * @param marks of one image, in the order of the source
 */
export function distinctBoxes<Mark extends BoxedMark>(marks: readonly Mark[]): readonly DistinctBox<Mark>[] {
  const boxes = new Map<string, { first: Mark; duplicates: Mark[] }>();
  for (const mark of marks) {
    const key = boxKey(mark.box);
    if (key === null) continue;
    const known = boxes.get(key);
    if (known === undefined) boxes.set(key, { first: mark, duplicates: [] });
    else known.duplicates.push(mark);
  }
  return [...boxes.values()];
}
