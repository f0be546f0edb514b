import { kind } from './mismatch-kind.js';

/** Every kind of mismatch that the manifest may hold, with its severity and when it is reported. */
export const MISMATCH_KINDS = {
  client_only_in_data: kind('warning', 'clients', 'A client folder under data/ without one under images/.'),
  client_only_in_images: kind('error', 'clients', 'A client folder under images/ without one under data/.'),
  image_root_absent: kind('info', 'clients', 'No images tree was given or found; the run is data-only.'),
  unexpected_entry: kind('info', 'clients', 'A file or folder that the layout does not know.'),
  unexpected_records: kind(
    'error',
    'clients',
    'A file or folder that the layout does not know, but that looks like a client, study or image, or holds some; it was not read.',
  ),
  copy_unfinished: kind(
    'warning',
    'clients',
    'A file under the temporary name of a program that copies (`.NAME.XXXXXX` of rsync, `.part`, `.filepart`, `.partial`), or the folder that it keeps such files in: a copy is being made, or one was broken off; it was not read.',
  ),
  client_gone: kind(
    'warning',
    'clients',
    'A client that the current snapshot has and no tree has any more. It depends on what was published before: the snapshot after has the row, the next one has not.',
  ),
  content_changed_unseen: kind(
    'warning',
    'clients',
    'A client of whom something else was read than the current snapshot has, though no name, size or time of her files changed (`--verify-content`, `--full`). It depends on what was published before: the snapshot after has the row, the next one has not.',
  ),
  link_outside: kind(
    'error',
    'clients',
    'A link in the place of a file or folder that leads out of the trees; it was not followed, its target is in `found`.',
  ),
  folder_unreadable: kind(
    'error',
    'clients',
    'A folder that cannot be listed; what it holds is missing from the tables.',
  ),
  client_too_large: kind(
    'error',
    'clients',
    'A client over the limits of one client, or on whom worker threads died: nothing of her is in the tables but her row in clients.',
  ),
  imagedb_missing: kind('error', 'clients', "The client's imagedb file is not there."),
  nbss_missing: kind('error', 'clients', "The client's nbss file is not there."),
  json_unreadable: kind(
    'error',
    'clients',
    'A JSON file that is empty, truncated, not JSON, not an object, or over the size limit.',
  ),
  json_key_duplicate: kind(
    'error',
    'clients',
    'A key that stands twice in one JSON object; the last value is used, the others are in `found`.',
  ),
  json_encoding_invalid: kind(
    'warning',
    'clients',
    'A JSON file that is not valid UTF-8 (the bad bytes were read as U+FFFD), or that escapes half a character (kept as spelled).',
  ),
  client_id_conflict: kind('error', 'clients', 'ClientID in a file differs from the name of its folder.'),
  study_only_in_data: kind('warning', 'studies', 'A study folder under data/ without one under images/.'),
  study_only_in_images: kind('error', 'studies', 'A study folder under images/ without one under data/.'),
  study_not_in_imagedb: kind('error', 'studies', 'A study folder that imagedb does not list.'),
  study_not_on_disk: kind('error', 'studies', 'A study that imagedb lists and neither tree holds.'),
  study_list_conflict: kind('warning', 'studies', 'NBSS StudyList and imagedb disagree about a study.'),
  study_episode_relinked: kind('info', 'studies', 'The episode of a study was found by date.'),
  study_episode_unresolved: kind('error', 'studies', 'No episode could be found for a study.'),
  study_date_missing: kind('warning', 'studies', 'A study without a usable StudyDate.'),
  episode_without_study: kind('info', 'clients', 'An NBSS episode that no study belongs to.'),
  episode_outcome_undefined: kind(
    'warning',
    'clients',
    'The rules of outcome come to no answer for an episode: it would have to be normal, and its status is not.',
  ),
  image_json_missing: kind('error', 'images', 'A .dcm file without its JSON.'),
  dicom_missing: kind(
    'error',
    'images',
    'An image JSON without its .dcm file, in a client that has an images folder.',
  ),
  image_not_in_imagedb: kind(
    'error',
    'images',
    'Files of an image that imagedb does not list under that study.',
  ),
  image_not_on_disk: kind('error', 'images', 'An image that imagedb lists and neither tree holds.'),
  image_json_duplicate: kind('warning', 'images', 'Both X.json and X.dcm.json in one study.'),
  image_uid_duplicate: kind(
    'error',
    'images',
    'The same SOPInstanceUID in two places of the whole database.',
  ),
  dicom_unreadable: kind(
    'error',
    'images',
    'A file that is not DICOM, or whose header ends before it is complete; what stands before that is read.',
  ),
  dicom_element_odd: kind(
    'warning',
    'images',
    'A header that breaks the standard: an element that was stepped over, read all the same, or that ended the reading of the header; once per file and kind of oddity, `found` says which element, at which byte.',
  ),
  dicom_truncated: kind(
    'error',
    'images',
    'The header is complete, but the file is shorter than its pixel data says.',
  ),
  sop_instance_uid_conflict: kind(
    'error',
    'images',
    'The SOPInstanceUID in a header differs from the file name.',
  ),
  sop_instance_uid_missing: kind('warning', 'images', 'A header that has no SOPInstanceUID.'),
  study_instance_uid_conflict: kind(
    'error',
    'images',
    'The StudyInstanceUID in a header differs from the folder name.',
  ),
  series_instance_uid_conflict: kind(
    'error',
    'images',
    'The SeriesInstanceUID in a header differs from the series in imagedb.',
  ),
  tag_conflict: kind(
    'warning',
    'images',
    'A selected tag has different values in the DICOM header and in the JSON, or has one in the JSON only.',
  ),
  laterality_conflict: kind(
    'error',
    'images',
    'Two elements of the headers of an image name different breasts: its breast is null. `expected` and `found` have the side and the element of the first, and of the first that disagrees.',
  ),
  view_conflict: kind(
    'warning',
    'images',
    'The view code and ViewPosition of an image name different views: its view is null. `expected` has the view of the code, `found` that of ViewPosition.',
  ),
  breast_label_conflict: kind(
    'warning',
    'clients',
    'breast_label (by the opinions on a breast) and the pathology of its lesions in the same episode disagree; once per episode and breast. `expected` has what the pathology says, `found` the label.',
  ),
  cancer_undated: kind(
    'warning',
    'clients',
    'An episode records a cancer of a breast and has no date at all: it may be before first_cancer_date of `breasts`.',
  ),
  date_invalid: kind(
    'warning',
    'clients',
    'A value that is not a date where one belongs; the column is null, the raw text in `found`.',
  ),
  number_invalid: kind(
    'warning',
    'clients',
    'A value that is not a number where one belongs; the column is null, the raw text in `found`.',
  ),
  value_respelled: kind(
    'info',
    'clients',
    'A value that is not written as its standard says, and can be read without loss, such as PatientAge `55Y`; as it stands it is in `found`.',
  ),
  frames_differ: kind(
    'warning',
    'images',
    'A value that the frames of an image do not agree on; the column is null, the values in `found`.',
  ),
  text_undecodable: kind(
    'warning',
    'clients',
    'A text with bytes that do not fit its character set (read as U+FFFD), or something else where text belongs (the column is null); the raw value is in `found`.',
  ),
  code_unknown: kind('info', 'clients', 'A code that no code list has; the raw code is kept in its column.'),
  code_respelled: kind(
    'info',
    'clients',
    'A code that was recognised only after trimming or in another spelling: other case, blanks or apostrophes than the code, and than its label or text as it is printed; keys of lesions such as 01 (once per episode). The column has the code, `found` what stood there.',
  ),
  record_unplaced: kind(
    'warning',
    'clients',
    'An object of the NBSS file that no table has a row for, though it holds a date, an opinion or pathology: a lesion under a key that is no number, a second block of one name, a block that is not known. It is kept whole in `extra`.',
  ),
  field_unknown: kind(
    'info',
    'clients',
    'A key that no table has a column for; once per client and key, its values are kept in `extra`.',
  ),
  mark_invalid: kind('error', 'images', 'A mark without usable box coordinates.'),
  mark_out_of_bounds: kind(
    'warning',
    'images',
    "A box that leaves the image's Rows and Columns, or is empty or inverted.",
  ),
  mark_lesion_unresolved: kind(
    'warning',
    'images',
    "LinkedNBSSLesionNumber names a lesion that the study's episode does not have.",
  ),
  mark_side_conflict: kind(
    'warning',
    'images',
    'LinkedNBSSLesionNumber names a lesion that the episode has only in the other breast than the image shows; once per mark.',
  ),
  side_row_unmatched: kind(
    'warning',
    'clients',
    'A row of a side table that names no client, study or image of this snapshot: it is not in the table. `path` has the file, `found` whom the row names.',
  ),
  side_key_repeated: kind(
    'warning',
    'clients',
    'A side table in which several rows are of one client, study or image; once per table. All are kept; the first two are in `found`.',
  ),
} as const;

export type MismatchKind = keyof typeof MISMATCH_KINDS;

export function isMismatchKind(text: string): text is MismatchKind {
  return Object.hasOwn(MISMATCH_KINDS, text);
}

/** What is known where a mismatch is found; ids are null (or absent) where they do not apply. */
export interface Mismatch {
  readonly kind: MismatchKind;
  readonly client_id?: string | null;
  readonly study_instance_uid?: string | null;
  readonly series_instance_uid?: string | null;
  readonly sop_instance_uid?: string | null;
  /** Path of the file or folder, relative to its root, with `/` between names. */
  readonly path?: string | null;
  /** One sentence for a person. Never quotes a value: values stand in `expected` and `found`. */
  readonly detail: string;
  readonly expected?: string | null;
  readonly found?: string | null;
}

/** Takes a mismatch where it is found. */
export type Report = (mismatch: Mismatch) => void;
