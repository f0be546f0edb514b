/**
 * How two images of one exposure lie on the detector, each cut out at an origin, then turned, then mirrored (DICOM PS3.3
 * C.8.11.4, DX detector).
 */

/** Header values of an image; null or empty where not there. */
export interface FieldOfView {
  readonly rows: number | null;
  readonly columns: number | null;
  /** FieldOfViewOrigin (0018,7030): row and column offset in pixels of the detector. */
  readonly origin: readonly number[] | null;
  /** FieldOfViewRotation (0018,7032): clockwise, in degrees. */
  readonly rotation: number | null;
  /** FieldOfViewHorizontalFlip (0018,7034), after the rotation: YES or NO. */
  readonly horizontalFlip: string | null;
  /** PatientOrientation (0020,0020): a witness of the mirroring. */
  readonly patientOrientation: readonly string[];
  /** ImagerPixelSpacing (0018,1164): row and column spacing in mm. */
  readonly imagerPixelSpacing: readonly number[] | null;
  /** DetectorElementSpacing (0018,7022): row and column spacing of the detector, whose pixels count origins. */
  readonly detectorElementSpacing: readonly number[] | null;
}

type Turn = 0 | 90 | 180 | 270;

/** How an image lies on the detector, or on what stands for it where only the difference of two is known. */
export interface Placement {
  readonly top: number;
  readonly left: number;
  readonly turn: Turn;
  readonly mirrored: boolean;
  readonly rows: number;
  readonly columns: number;
}

const asTurn = (value: number): Turn | null => {
  const turn = ((value % 360) + 360) % 360;
  return turn === 0 || turn === 90 || turn === 180 || turn === 270 ? turn : null;
};

/** The turns of both; what neither header tells is taken to be the same, what only one tells is known if it is none. */
function turns(a: FieldOfView, b: FieldOfView): readonly [Turn, Turn] | null {
  const [one, other] = [asTurn(a.rotation ?? 0), asTurn(b.rotation ?? 0)];
  if (one === null || other === null) return null;
  const toldByOne = (a.rotation === null) !== (b.rotation === null);
  return toldByOne && (one !== 0 || other !== 0) ? null : [one, other];
}

function flipOf({ horizontalFlip }: FieldOfView): boolean | null {
  const code = horizontalFlip?.trim().toUpperCase();
  if (code === 'YES') return true;
  return code === 'NO' ? false : null;
}

const OPPOSITE: Readonly<Record<string, string>> = { A: 'P', P: 'A', L: 'R', R: 'L', H: 'F', F: 'H' };

/** Whether a direction of the two, 0 of the rows and 1 of the columns, is opposite; null where that cannot be told. */
function isOpposite(a: FieldOfView, b: FieldOfView, direction: 0 | 1): boolean | null {
  const main = ({ patientOrientation }: FieldOfView): string =>
    patientOrientation[direction]?.trim().charAt(0).toUpperCase() ?? '';
  const [one, other] = [main(a), main(b)];
  if (one === '' || other === '') return null;
  if (one === other) return false;
  return OPPOSITE[one] === other ? true : null;
}

/**
 * Whether each is mirrored. Where no image is turned, rows of the patient's orientation must not contradict the flips, and
 * where a header has no flip they decide, if the columns run alike (else it is no mirroring alone); then the first stands
 * for one that is not mirrored.
 */
function mirrorings(a: FieldOfView, b: FieldOfView, turned: boolean): readonly [boolean, boolean] | null {
  const [one, other] = [flipOf(a), flipOf(b)];
  const against = turned ? null : isOpposite(a, b, 0);
  if (one !== null && other !== null) {
    return against === null || against === (one !== other) ? [one, other] : null;
  }
  if (against === null || isOpposite(a, b, 1) !== false) return null;
  if (other !== null) return [other !== against, other];
  const first = one ?? false;
  return [first, first !== against];
}

/** Row and column offset of both, or 0 where neither has one; null where only one has, or a value is none. */
function origins(a: FieldOfView, b: FieldOfView): readonly (readonly [number, number])[] | null {
  const noOrigin = (image: FieldOfView): boolean => image.origin === null || image.origin.length === 0;
  if (noOrigin(a) && noOrigin(b)) {
    return [
      [0, 0],
      [0, 0],
    ];
  }
  const [one, other] = [pair(a.origin), pair(b.origin)];
  return one === null || other === null ? null : [one, other];
}

function pair(values: readonly number[] | null): readonly [number, number] | null {
  if (values?.length !== 2 || !values.every(Number.isFinite)) return null;
  return [values[0]!, values[1]!];
}

/** Extent on the detector, before the turn. */
export function unturned({ turn, rows, columns }: Placement): readonly [rows: number, columns: number] {
  return turn === 90 || turn === 270 ? [columns, rows] : [rows, columns];
}

/** Whether two show as much of the detector. */
export function sameExtent(a: Placement, b: Placement): boolean {
  const [one, other] = [unturned(a), unturned(b)];
  return one[0] === other[0] && one[1] === other[1];
}

/** Whether a pixel of the one is as large as one of the other; null where a header does not tell. */
function samePixelSize(a: FieldOfView, b: FieldOfView): boolean | null {
  const [one, other] = [pair(a.imagerPixelSpacing), pair(b.imagerPixelSpacing)];
  if (one === null || other === null) return null;
  return one[0] === other[0] && one[1] === other[1];
}

/** Whether an origin counts in pixels of the image: false where the detector is known to have other ones. */
function countsImagePixels({ detectorElementSpacing, imagerPixelSpacing }: FieldOfView): boolean {
  const [detector, image] = [pair(detectorElementSpacing), pair(imagerPixelSpacing)];
  return detector === null || image === null || (detector[0] === image[0] && detector[1] === image[1]);
}

function isPlaced(image: FieldOfView): image is FieldOfView & { rows: number; columns: number } {
  return (image.rows ?? 0) > 0 && (image.columns ?? 0) > 0;
}

/**
 * Both on one detector; null where that cannot be told: other pixel sizes, another extent without origins, turned by no
 * right angle, no flip and no orientation, or orientations that contradict the flips. This project's own rule (views,
 * breasts over time, exams).
 */
export function placements(a: FieldOfView, b: FieldOfView): readonly [Placement, Placement] | null {
  const turn = turns(a, b);
  const origin = origins(a, b);
  if (turn === null || origin === null || !isPlaced(a) || !isPlaced(b)) return null;
  const mirrored = mirrorings(a, b, turn[0] !== 0 || turn[1] !== 0);
  if (mirrored === null) return null;
  const place = (image: typeof a, i: 0 | 1): Placement => ({
    top: origin[i]![0],
    left: origin[i]![1],
    turn: turn[i],
    mirrored: mirrored[i],
    rows: image.rows,
    columns: image.columns,
  });
  const [one, other] = [place(a, 0), place(b, 1)];
  return canBeLaid(a, b, one, other) ? [one, other] : null;
}

/**
 * Whether the two can be laid over one another. Of one size and one origin they always can: only what differs between
 * them counts. Else where each lies on the detector must be known: turn, flip, origin, and what a pixel is.
 */
function canBeLaid(a: FieldOfView, b: FieldOfView, one: Placement, other: Placement): boolean {
  const samePixels = samePixelSize(a, b);
  if (samePixels === false) return false;
  const sameOrigin = one.top === other.top && one.left === other.left;
  if (sameOrigin && sameExtent(one, other)) return true;
  const isKnown = a.rotation !== null && b.rotation !== null && (flipOf(a) ?? flipOf(b)) !== null;
  if (!isKnown || pair(a.origin) === null || samePixels === null) return false;
  return sameOrigin || (countsImagePixels(a) && countsImagePixels(b));
}
