import { placements, sameExtent, unturned, type FieldOfView, type Placement } from './field-of-view.js';

/** A box of one image on another image of the same exposure. */

/** Edges of a box in pixels of an image: x to the right, y down, 0 at the outer edge of the first pixel. */
export interface Edges {
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
}

export interface BoxMapping {
  readonly map: (box: Edges) => Edges;
  /** What is done, in words, e.g. `mirrored left to right`. */
  readonly words: string;
}

const mirror = ({ xMin, xMax, yMin, yMax }: Edges, width: number): Edges => ({
  xMin: width - xMax,
  yMin,
  xMax: width - xMin,
  yMax,
});

/** A box after a quarter turn clockwise of a picture so many rows high. */
const turnOnce = ({ xMin, yMin, xMax, yMax }: Edges, height: number): Edges => ({
  xMin: height - yMax,
  yMin: xMin,
  xMax: height - yMin,
  yMax: xMax,
});

/** A box after so many degrees clockwise. @param rows @param columns of the picture before */
function turnBy(box: Edges, turn: number, rows: number, columns: number): Edges {
  let [turned, height, width] = [box, rows, columns];
  for (let done = 0; done < turn; done += 90) {
    turned = turnOnce(turned, height);
    [height, width] = [width, height];
  }
  return turned;
}

const shift = (box: Edges, x: number, y: number): Edges => ({
  xMin: box.xMin + x,
  yMin: box.yMin + y,
  xMax: box.xMax + x,
  yMax: box.yMax + y,
});

function toDetector(box: Edges, image: Placement): Edges {
  const plain = image.mirrored ? mirror(box, image.columns) : box;
  const upright = turnBy(plain, (360 - image.turn) % 360, image.rows, image.columns);
  return shift(upright, image.left, image.top);
}

function fromDetector(box: Edges, image: Placement): Edges {
  const [rows, columns] = unturned(image);
  const turned = turnBy(shift(box, -image.left, -image.top), image.turn, rows, columns);
  return image.mirrored ? mirror(turned, image.columns) : turned;
}

function wordsFor(from: Placement, to: Placement): string {
  const words: string[] = [];
  if (from.turn !== to.turn)
    words.push(`turned by ${(to.turn - from.turn + 360) % 360} degrees clockwise on the detector`);
  if (from.mirrored !== to.mirrored) words.push('mirrored left to right');
  if (from.top !== to.top || from.left !== to.left) words.push('shifted by the field of view origin');
  else if (!sameExtent(from, to)) words.push('cut to another extent');
  return words.length === 0 ? 'the same place' : words.join(', ');
}

/**
 * How boxes of `from` lie on `to`, another image of the same exposure: what was done to the one is undone, what was done
 * to the other is done. Null where the headers do not tell (see `placements`). A mapped box may leave the image; nothing
 * is cut. The mapping back is `boxMapping(to, from)`. This project's own rule (views, breasts over time, exams).
 */
export function boxMapping(from: FieldOfView, to: FieldOfView): BoxMapping | null {
  const placed = placements(from, to);
  if (placed === null) return null;
  const [source, target] = placed;
  return { map: (box) => fromDetector(toDetector(box, source), target), words: wordsFor(source, target) };
}
