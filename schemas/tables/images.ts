import { column, required, table, type Column, type TagColumn } from '../column.js';
import { clientId, extra, seriesInstanceUid, sopInstanceUid, studyInstanceUid } from './keys.js';

/** The columns of `images` that do not depend on the tag selection, in their order before the tags. */
export const IMAGE_COLUMNS = [
  clientId,
  studyInstanceUid,
  sopInstanceUid,
  column('series_instance_uid', 'string', {
    description: seriesInstanceUid.description,
    source: seriesInstanceUid.source,
  }),
  required('in_imagedb', 'bool', {
    description: 'True when imagedb lists the image under this study.',
    source: 'imagedb STUDIES.<study>.<series>.<image>',
  }),
  required('has_json', 'bool', {
    description: 'True when the JSON file of its DICOM header is there (readable or not).',
    source: 'data tree',
  }),
  required('has_dicom', 'bool', {
    description: 'True when its DICOM file is there (readable or not).',
    source: 'images tree',
  }),
  column('tags_from', 'string', {
    description:
      'Which header gave the tag columns of this row: `dicom` (the file itself), `json`, `both` (merged by tag: the JSON fills what the DICOM header lacks, and the other way round where that ended early), null when neither could be read.',
    source: 'derived',
  }),
  column('json_path', 'string', {
    description: 'The JSON file of its header, relative to the data root.',
    source: 'data tree',
  }),
  column('dicom_path', 'string', {
    description: 'Its DICOM file, relative to the images root.',
    source: 'images tree',
  }),
  column('json_bytes', 'long', {
    description: 'Size of the JSON file; null when it is not there or cannot be read.',
    source: 'data tree',
    unit: 'bytes',
  }),
  column('dicom_bytes', 'long', {
    description: 'Size of the DICOM file; null when it is not there or cannot be read.',
    source: 'images tree',
    unit: 'bytes',
  }),
  column('pixel_data_offset', 'long', {
    description:
      'Where the pixel data element starts in the DICOM file, counted from its first byte; null when there is none or the file is deflated.',
    source: 'DICOM (7FE0,0010) PixelData',
    unit: 'bytes',
  }),
  required('mark_count', 'int', {
    description:
      'Number of distinct boxes that experts drew on the image: rows of `marks` but those that draw a box again (marks.duplicate_of).',
    source: 'imagedb STUDIES.<study>.<series>.<image>',
  }),
] as const;

/** Names that a tag selection may not use for its own columns. */
export const RESERVED_IMAGE_COLUMNS: ReadonlySet<string> = new Set([
  ...IMAGE_COLUMNS.map(({ name }) => name),
  'extra',
]);

/** The table of images for a tag selection: fixed columns, a column for each selected tag in its order, extra. */
export function imagesTable(tagColumns: readonly Column[]) {
  return table('images', {
    description:
      'A row for each image that imagedb lists or that has a file in a tree, with the selected DICOM tags.',
    key: ['client_id', 'study_instance_uid', 'sop_instance_uid'],
    parents: [{ table: 'studies', columns: ['client_id', 'study_instance_uid'] }],
    columns: [...IMAGE_COLUMNS, ...tagColumns.map((tag): TagColumn => ({ ...tag, byIndex: true })), extra],
  });
}

/** The same without any tag: what tables that repeat columns of `images`, and the types of rows, go by. */
export const images = imagesTable([]);
