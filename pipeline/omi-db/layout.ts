/** Names of files and folders in a copy of OMI-DB (database-structure page, and what real copies hold). */

/** Study folders and image files are named by a DICOM UID: digits and dots. */
export function isUid(name: string): boolean {
  return /^[0-9]+(\.[0-9]+)*$/.test(name);
}

export function isImagedbFile(name: string, clientId: string): boolean {
  return name === `imagedb_${clientId}.json` || name === `IMAGEDB_${clientId}.json`;
}

export function isNbssFile(name: string, clientId: string): boolean {
  return name === `nbss_${clientId}.json` || name === `NBSS_${clientId}.json`;
}

export type ImageFileKind = 'json' | 'dcm_json' | 'dicom';

/** What an image's file is and of which SOP instance, or null when the name is none of the three known forms. */
export function parseImageFile(name: string): { kind: ImageFileKind; uid: string } | null {
  for (const [suffix, kind] of SUFFIXES) {
    if (!name.endsWith(suffix)) continue;
    const uid = name.slice(0, -suffix.length);
    return isUid(uid) ? { kind, uid } : null;
  }
  return null;
}

// `.dcm.json` before `.json`, which it also ends with.
const SUFFIXES: readonly (readonly [string, ImageFileKind])[] = [
  ['.dcm.json', 'dcm_json'],
  ['.json', 'json'],
  ['.dcm', 'dicom'],
];
