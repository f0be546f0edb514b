/** Names of files and folders in a copy of OMI-DB (database-structure page, and what real copies hold). */

/** Study folders and image files are named by a DICOM UID: digits and dots. */
export function isUid(name: string): boolean {
  return /^[0-9]+(\.[0-9]+)*$/.test(name);
}

/** In any case, as all names of files. */
export function isImagedbFile(name: string, clientId: string): boolean {
  return name.toLowerCase() === `imagedb_${clientId.toLowerCase()}.json`;
}

export function isNbssFile(name: string, clientId: string): boolean {
  return name.toLowerCase() === `nbss_${clientId.toLowerCase()}.json`;
}

export type ImageFileKind = 'json' | 'dcm_json' | 'dicom';

/** What an image's file is and of which SOP instance, or null when the name is none of the three known forms. */
export function parseImageFile(name: string): { kind: ImageFileKind; uid: string } | null {
  for (const [suffix, kind] of SUFFIXES) {
    if (!hasEnding(name, suffix)) continue;
    const uid = name.slice(0, -suffix.length);
    return isUid(uid) ? { kind, uid } : null;
  }
  return null;
}

/** Most names have it as it is: only others are put into small letters. */
function hasEnding(name: string, suffix: string): boolean {
  return name.endsWith(suffix) || name.slice(-suffix.length).toLowerCase() === suffix;
}

// `.dcm.json` before `.json`, which it also ends with.
const SUFFIXES: readonly (readonly [string, ImageFileKind])[] = [
  ['.dcm.json', 'dcm_json'],
  ['.json', 'json'],
  ['.dcm', 'dicom'],
];

/** Four numbers or more: not a date, nor a version. */
const LIKE_UID = /^\s*\d+(\.\d+){3,}/;
const LIKE_CLIENT_FILE = /^\s*(imagedb|nbss)[_ .-]/i;
const LIKE_DICOM = /\.(dcm|dicom)\s*$/i;
/** What is still being copied; what it will be is missed elsewhere where it never comes. */
const TEMPORARY = /\.(part|partial|filepart|crdownload|te?mp)$/i;
/** rsync writes to `.NAME.XXXXXX` (six characters by mkstemp), and keeps what it broke off or delays in these folders. */
const TEMPORARY_OF_RSYNC = /^\..+\.[A-Za-z0-9]{6}$/;
const FOLDERS_OF_RSYNC: ReadonlySet<string> = new Set(['.~tmp~', '.rsync-partial']);
/** Within a temporary name of rsync: `.DS_Store.abcdef` is of nothing that counts. */
const NAME_OF_RECORD = /\.(dcm|json)\.[^.]+$/i;
const LIKE_CLIENT_FOLDER = /^\s*[a-z]{4}\d/i;
const LIKE_CLIENT_ARCHIVE = /^\s*[a-z]{4}\d+\s*(\.(zip|tar|tgz|gz|7z|rar|tar\.gz))?\s*$/i;

/** Whether a file, or a folder, has a name that programs give to what they have not copied yet. */
export function isUnfinishedCopy(name: string, isFolder: boolean): boolean {
  if (isFolder) return FOLDERS_OF_RSYNC.has(name);
  return TEMPORARY.test(name) || (TEMPORARY_OF_RSYNC.test(name) && NAME_OF_RECORD.test(name));
}

/** Whether an entry that the layout does not know has a name like those of records: `optm2_old`, `1.2.840.1.2.dcm `. */
export function isLikeRecord(name: string): boolean {
  if (TEMPORARY.test(name)) return false;
  return LIKE_UID.test(name) || LIKE_CLIENT_FILE.test(name) || LIKE_DICOM.test(name);
}

/** The same in the root of a tree, where the folders of clients lie. */
export function isLikeClient(name: string, isFolder: boolean): boolean {
  return (isFolder ? LIKE_CLIENT_FOLDER : LIKE_CLIENT_ARCHIVE).test(name) || isLikeRecord(name);
}
