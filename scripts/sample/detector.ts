import type { Side } from './lesion.js';
import type { Geometry, Vendor } from './vendors.js';
import type { View } from './views.js';

/** How the pixels of an image lie on the detector (PS3.3 C.8.11.4) and on the patient (C.7.6.1.1.1). */
export interface FieldOfView {
  readonly geometry: Geometry;
  /** Offset of rows and columns on the detector, before rotation and flip. */
  readonly origin: readonly [number, number];
  /** Degrees, clockwise. */
  readonly rotation: 0 | 180;
  /** After the rotation. */
  readonly flip: boolean;
  /** Directions of the rows and of the columns: letters of PatientOrientation. */
  readonly orientation: readonly [string, string];
}

const OPPOSITE: Record<string, string> = { A: 'P', P: 'A', L: 'R', R: 'L', F: 'H', H: 'F' };
const opposite = (direction: string): string => direction.replace(/[A-Z]/g, (letter) => OPPOSITE[letter]!);

/** As radiologists hang images: the chest wall of a left breast at the left, and the head or the outside of the breast on top. */
function displayed(side: Side, view: View): readonly [string, string] {
  const inwards = side === 'L' ? 'R' : 'L';
  const down = { CC: inwards, XCCL: inwards, SPECIMEN: inwards, MLO: `F${inwards}`, ML: 'F', LM: 'F' }[view];
  return [side === 'L' ? 'A' : 'P', down];
}

/** The detector as it was read out: what a FOR PROCESSING image holds. */
export function rawField(vendor: Vendor, side: Side, view: View, detector: Geometry): FieldOfView {
  const { rotation, flip } = toDisplay(vendor, side);
  const [row, down] = displayed(side, view);
  const turned = rotation === 180;
  const orientation = [turned === flip ? row : opposite(row), turned ? opposite(down) : down] as const;
  return { geometry: detector, origin: [0, 0], rotation: 0, flip: false, orientation };
}

/** The same pixels as a FOR PRESENTATION image shows them, cut to the field of view at some makers. */
export function displayField(vendor: Vendor, side: Side, view: View, detector: Geometry): FieldOfView {
  const { rows, columns, spacing } = detector;
  const [above, front] = vendor.crops ? [Math.round(rows * 0.02), Math.round(columns * 0.03)] : [0, 0];
  // Nothing is cut at the chest wall, which is where the rows of the raw image end when they run backwards.
  const atLeft = rawField(vendor, side, view, detector).orientation[0] === 'P' ? front : 0;
  return {
    geometry: { rows: rows - 2 * above, columns: columns - front, spacing },
    origin: [above, atLeft],
    ...toDisplay(vendor, side),
    orientation: displayed(side, view),
  };
}

/** The detector has the chest wall on one edge for both breasts: the right one is turned for display. */
function toDisplay({ readout }: Vendor, side: Side): Pick<FieldOfView, 'rotation' | 'flip'> {
  if (readout === 'display') return { rotation: 0, flip: false };
  return { rotation: side === 'R' ? 180 : 0, flip: readout === 'mirrored' };
}
