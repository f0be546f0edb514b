import type { AnyRow, Cell } from '../../../schemas/column.js';
import {
  agreesWithLesionSide,
  markBox,
  type Box,
  type ImageGeometry,
  type PixelBox,
} from '../../semantics/box.js';
import { imageBreast } from '../../semantics/image.js';
import type { LesionSides } from './marks.js';
import { linkedLesions } from './marks.js';

/** Geometry of an image from its row in `images`; null where the selection or the header lacks a value. */
export function imageGeometry(
  image: AnyRow,
  identity: { rows: number | null; columns: number | null } | null,
): ImageGeometry {
  const numbers = (cell: Cell | undefined): readonly number[] | null =>
    Array.isArray(cell) && typeof cell[0] === 'number' ? (cell as readonly number[]) : null;
  const magnification = image['estimated_radiographic_magnification_factor'];
  return {
    rows: identity?.rows ?? null,
    columns: identity?.columns ?? null,
    pixelSpacing: numbers(image['pixel_spacing']),
    imagerPixelSpacing: numbers(image['imager_pixel_spacing']),
    magnification: typeof magnification === 'number' ? magnification : null,
  };
}

/** The breast that an image shows, from its row in `images`. */
export function breastOf(image: AnyRow): 'L' | 'R' | null {
  const text = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null);
  return imageBreast(text(image['image_laterality']), text(image['laterality']));
}

/** Fills the derived columns of a row of `marks`. */
export function addBox(
  mark: AnyRow,
  image: AnyRow,
  geometry: ImageGeometry,
  sides: LesionSides | null,
): void {
  const number = (name: string): number | null => (mark[name] as number | null | undefined) ?? null;
  const raw = { x1: number('x1'), y1: number('y1'), x2: number('x2'), y2: number('y2') };
  const box = markBox(raw, geometry);
  if (box !== null && fitsColumns(box.pixels)) Object.assign(mark, boxCells(box));
  const { numbers } = linkedLesions((mark['linked_nbss_lesion_number'] as string | null | undefined) ?? null);
  const lesionSides = sides === null ? [] : numbers.map((lesion) => sides.get(lesion) ?? []);
  mark['box_agrees_with_lesion_side'] = agreesWithLesionSide(breastOf(image), lesionSides);
}

/** Corners that are absurd but numbers stay in x1 to y2; the columns of whole pixels have 32 bits. */
function fitsColumns(box: PixelBox): boolean {
  return Object.values(box as unknown as Record<string, number>).every((value) => (value | 0) === value);
}

function boxCells({ pixels, normalised, size, verdicts }: Box): AnyRow {
  return {
    box_x_min: pixels.xMin,
    box_y_min: pixels.yMin,
    box_x_max: pixels.xMax,
    box_y_max: pixels.yMax,
    box_width: pixels.width,
    box_height: pixels.height,
    box_x_min_normalised: normalised?.xMin ?? null,
    box_y_min_normalised: normalised?.yMin ?? null,
    box_x_max_normalised: normalised?.xMax ?? null,
    box_y_max_normalised: normalised?.yMax ?? null,
    box_width_mm: size?.widthMm ?? null,
    box_height_mm: size?.heightMm ?? null,
    box_spacing: size?.source ?? null,
    box_in_bounds: verdicts.inBounds,
    box_corners_inverted: verdicts.cornersInverted,
    box_axes_swapped_suspected: verdicts.axesSwappedSuspected,
  };
}
