import { isWholeHeader } from '../dicom/merged-header.js';
import type { JoinedImage } from '../stages/join.js';

/**
 * Whether an image's DICOM file is there and can be opened: its header complete, its pixels whole, and its UIDs those of
 * its place.
 */
export function isDicomOk({ uid, listed, onDisk }: JoinedImage, studyUid: string): boolean {
  const dicom = onDisk?.dicom ?? null;
  if (dicom === null || dicom.state === 'unreadable') return false;
  if (!isWholeHeader(dicom) || dicom.missingBytes > 0) return false;
  const { sopInstanceUid, studyInstanceUid, seriesInstanceUid } = dicom.values.identity;
  const agrees = (found: string | null, expected: string | undefined): boolean =>
    found === null || expected === undefined || found === expected;
  return (
    agrees(sopInstanceUid, uid) &&
    agrees(studyInstanceUid, studyUid) &&
    agrees(seriesInstanceUid, listed[0]?.seriesUid)
  );
}
