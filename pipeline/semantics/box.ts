import type { Side } from '../nbss/blocks.js';

/**
 * The box of a mark in the frame of its image: pixel indices of the stored image, x to the right (column), y down (row),
 * 0 at the outer edge of the first pixel, Columns and Rows at the far edges. Nothing is repaired: corners that are
 * inverted are put in order, and the verdict says so; axes that may be swapped are only suspected.
 */

/** Two opposite corners as the source gives them; null where there is no number. */
export interface RawBox {
  readonly x1: number | null;
  readonly y1: number | null;
  readonly x2: number | null;
  readonly y2: number | null;
}

/** Header values of the image; null where the header lacks them or could not be read. */
export interface ImageGeometry {
  readonly columns: number | null;
  readonly rows: number | null;
  /** Row spacing, column spacing in mm, as in the header (0028,0030). */
  readonly pixelSpacing: readonly number[] | null;
  /** Row spacing, column spacing in mm, as in the header (0018,1164). */
  readonly imagerPixelSpacing: readonly number[] | null;
  /** Estimated Radiographic Magnification Factor (0018,1114). */
  readonly magnification: number | null;
}

/**
 * - `pixel_spacing`: in the patient.
 * - `imager_pixel_spacing_magnification`: at the detector, divided by the magnification: in the patient, estimated.
 * - `imager_pixel_spacing`: at the detector, which shows the breast slightly enlarged.
 */
export type SpacingSource = 'pixel_spacing' | 'imager_pixel_spacing_magnification' | 'imager_pixel_spacing';

export interface Spacing {
  /** Distance of columns in mm: of widths. */
  readonly x: number;
  /** Distance of rows in mm: of heights. */
  readonly y: number;
  readonly source: SpacingSource;
}

type Pair = readonly [row: number, column: number];

function validPair(values: readonly number[] | null): Pair | null {
  if (values?.length !== 2) return null;
  const row = values[0]!;
  const column = values[1]!;
  return row > 0 && column > 0 && Number.isFinite(row) && Number.isFinite(column) ? (values as Pair) : null;
}

/**
 * The spacing to measure with (DICOM PS3.3 10.7.1.1 and 10.7.1.3). PixelSpacing holds in the patient when its values
 * differ from ImagerPixelSpacing or stand alone; equal values mean that nothing was corrected. Then
 * ImagerPixelSpacing, divided by the magnification factor where there is one above zero (C.8.11.7, mammography).
 * Null where no spacing has two positive numbers. The first number is of rows, that is vertical.
 */
export function chooseSpacing(geometry: ImageGeometry): Spacing | null {
  const pixel = validPair(geometry.pixelSpacing);
  const imager = validPair(geometry.imagerPixelSpacing);
  if (pixel !== null && (imager === null || pixel[0] !== imager[0] || pixel[1] !== imager[1])) {
    return { x: pixel[1], y: pixel[0], source: 'pixel_spacing' };
  }
  if (imager === null) return null;
  const { magnification } = geometry;
  if (magnification === null || !Number.isFinite(magnification) || magnification <= 0) {
    return { x: imager[1], y: imager[0], source: 'imager_pixel_spacing' };
  }
  return {
    x: imager[1] / magnification,
    y: imager[0] / magnification,
    source: 'imager_pixel_spacing_magnification',
  };
}

export interface PixelBox {
  /** The smallest box of whole pixels that holds the corners: `pixels[yMin:yMax, xMin:xMax]`; max is not included. */
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
  /** xMax - xMin and yMax - yMin, in pixels. */
  readonly width: number;
  readonly height: number;
}

export interface NormalisedBox {
  /** 0 to 1 of Columns and Rows, of the whole-pixel box; outside where the box leaves the image. */
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
}

export interface BoxSize {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly source: SpacingSource;
}

export interface BoxVerdicts {
  /** No area: both corners on one row or one column. */
  readonly empty: boolean;
  /** The first corner is not the upper left one. */
  readonly cornersInverted: boolean;
  /** The box lies within the image, its far edges included. Null where it cannot be told for want of Columns or Rows. */
  readonly inBounds: boolean | null;
  /** Not in bounds, but in bounds with x and y exchanged. Null where either cannot be told. */
  readonly axesSwappedSuspected: boolean | null;
}

export interface Box {
  readonly pixels: PixelBox;
  /** Null without Columns and Rows. */
  readonly normalised: NormalisedBox | null;
  /** Null without a usable spacing. */
  readonly size: BoxSize | null;
  readonly verdicts: BoxVerdicts;
}

/** Corners in order, as the source gives them: not yet whole pixels. */
interface Corners {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Extent = Pick<ImageGeometry, 'columns' | 'rows'>;

function isInside({ left, top, right, bottom }: Corners, { columns, rows }: Extent): boolean | null {
  if (left < 0 || top < 0) return false;
  if ((columns !== null && right > columns) || (rows !== null && bottom > rows)) return false;
  return columns === null || rows === null ? null : true;
}

function swapSuspected(corners: Corners, extent: Extent): boolean | null {
  const inBounds = isInside(corners, extent);
  if (inBounds !== false) return inBounds === null ? null : false;
  const { left, top, right, bottom } = corners;
  return isInside({ left: top, top: left, right: bottom, bottom: right }, extent);
}

function wholePixels({ left, top, right, bottom }: Corners): PixelBox {
  // + 0 turns -0 into 0
  const [xMin, yMin] = [Math.floor(left) + 0, Math.floor(top) + 0];
  const [xMax, yMax] = [Math.ceil(right) + 0, Math.ceil(bottom) + 0];
  return { xMin, yMin, xMax, yMax, width: xMax - xMin, height: yMax - yMin };
}

function normalise({ xMin, yMin, xMax, yMax }: PixelBox, { columns, rows }: Extent): NormalisedBox | null {
  if (columns === null || rows === null || columns <= 0 || rows <= 0) return null;
  return { xMin: xMin / columns, yMin: yMin / rows, xMax: xMax / columns, yMax: yMax / rows };
}

/**
 * A mark's box in the frame of its image; null where a coordinate is missing or no finite number.
 * @param raw      corners as they stand in the source, in any order, whole or decimal pixels
 * @param geometry of the image that the mark is on
 */
export function markBox(raw: RawBox, geometry: ImageGeometry): Box | null {
  const { x1, y1, x2, y2 } = raw;
  if (x1 === null || y1 === null || x2 === null || y2 === null) return null;
  if (![x1, y1, x2, y2].every(Number.isFinite)) return null;
  const corners: Corners = {
    left: Math.min(x1, x2),
    top: Math.min(y1, y2),
    right: Math.max(x1, x2),
    bottom: Math.max(y1, y2),
  };
  const pixels = wholePixels(corners);
  const spacing = chooseSpacing(geometry);
  return {
    pixels,
    normalised: normalise(pixels, geometry),
    size:
      spacing === null
        ? null
        : {
            widthMm: pixels.width * spacing.x,
            heightMm: pixels.height * spacing.y,
            source: spacing.source,
          },
    verdicts: {
      empty: x1 === x2 || y1 === y2,
      cornersInverted: x1 > x2 || y1 > y2,
      inBounds: isInside(corners, geometry),
      axesSwappedSuspected: swapSuspected(corners, geometry),
    },
  };
}

/**
 * Whether a mark agrees with the side of the lesions that it is linked to: false where any of them is on the other
 * side only. Null where the image's breast is not known, or the episode has none of the lesions.
 * @param breast      the breast that the image shows
 * @param lesionSides for each linked lesion number, the sides on which the study's episode has it
 */
export function agreesWithLesionSide(
  breast: Side | null,
  lesionSides: readonly (readonly string[])[],
): boolean | null {
  const found = lesionSides.filter((sides) => sides.length > 0);
  if (breast === null || found.length === 0) return null;
  return found.every((sides) => sides.includes(breast));
}
