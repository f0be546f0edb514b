import type { AnyRow } from '../../../schemas/column.js';
import type { TagSelection } from '../../dicom/tag-selection.js';
import { emptyExtra, extraText } from '../../omi-db/extra.js';
import type { JoinedImage, JoinedStudy } from '../join.js';
import type { ImagedbContext } from './imagedb-context.js';

/** The row of an image in `images`: where its files lie, and the selected tags of the header that was chosen. */
export function imageRow(
  study: JoinedStudy,
  image: JoinedImage,
  selection: TagSelection,
  context: ImagedbContext,
): AnyRow {
  const { onDisk, header } = image;
  const dicom = onDisk?.dicom ?? null;
  const row: AnyRow = {
    client_id: context.clientId,
    study_instance_uid: study.uid,
    sop_instance_uid: image.uid,
    series_instance_uid: image.seriesUid,
    in_imagedb: image.listed.length > 0,
    has_json: (onDisk?.plan.json ?? null) !== null,
    has_dicom: (onDisk?.plan.dicom ?? null) !== null,
    tags_from: header?.from ?? null,
    json_path: onDisk?.plan.json?.path ?? null,
    dicom_path: onDisk?.plan.dicom?.path ?? null,
    json_bytes: onDisk?.jsonBytes ?? null,
    dicom_bytes: dicom?.fileBytes ?? null,
    pixel_data_offset: dicom === null || dicom.state === 'unreadable' ? null : dicom.pixelDataOffset,
    mark_count: image.listed.reduce((sum, place) => sum + place.marks.length, 0),
    extra: imageExtra(image, context),
  };
  if (header !== null) {
    const { cells } = header.values;
    for (let i = 0; i < cells.length; i++) row[selection.tags[i]!.column.name] = cells[i]!;
  }
  return row;
}

/**
 * What no column holds: elements of the JSON header, keys beside the marks in imagedb, and the content of a second JSON
 * file. Elements have keys of eight hex digits, the second file the key `<uid>.dcm.json`.
 */
function imageExtra(image: JoinedImage, context: ImagedbContext): string | null {
  const header = image.onDisk?.json?.extra ?? {};
  const second = image.onDisk?.secondJson ?? null;
  const others = emptyExtra();
  for (const place of image.listed) {
    context.noteUnknown('images', place.extra);
    Object.assign(others, place.extra);
  }
  if (second !== null) others[`${image.uid}.dcm.json`] = second;
  return extraText(Object.keys(others).length === 0 ? header : { ...header, ...others });
}
