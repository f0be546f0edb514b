/** Edge of the stored image, as its pixels lie in the file. */
export type ImageEdge = 'left' | 'right';

/**
 * The edge that the chest wall is at, by PatientOrientation (0020,0020): rows that run to anterior (A) begin at the chest
 * wall, those that run to posterior (P) end there. The first letter of a direction is its main one (PS3.3 C.7.6.1.1.1).
 * Null where the rows run otherwise, or the header does not say.
 * @param patientOrientation direction of the rows, direction of the columns, e.g. `A`, `FR`
 */
export function chestWallSide(patientOrientation: readonly string[]): ImageEdge | null {
  const main = patientOrientation[0]?.trim().charAt(0).toUpperCase();
  if (main === 'A') return 'left';
  return main === 'P' ? 'right' : null;
}
