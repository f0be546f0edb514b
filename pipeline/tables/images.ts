import type { Cell } from '../../schemas/column.js';
import type { RowOf } from '../../schemas/row.js';
import type { images } from '../../schemas/tables/images.js';
import type { ImageRecord } from '../stages/extract.js';
import type { ImageModel } from '../model/client-model.js';
import type { SelectedTags } from '../model/selected-tags.js';
import { ageInYears } from '../semantics/image.js';

type ImageRow = RowOf<typeof images>;

const NO_TAGS: readonly Cell[] = [];

/** Distinct boxes on an image; marks without usable coordinates count each. */
export function countBoxes({ marks }: ImageModel): number {
  return marks.length === 0 ? 0 : marks.filter(({ duplicateOf }) => duplicateOf === null).length;
}

/** PatientAge in whole years. */
export function ageOf({ header }: ImageModel, tags: SelectedTags): number | null {
  return ageInYears(tags.text(header?.values ?? null, tags.at.patient_age));
}

export function imageRow(clientId: string, studyUid: string, image: ImageModel): ImageRow {
  const { header } = image;
  const files = image.onDisk === null ? NO_FILES : fileCells(image.onDisk);
  return {
    client_id: clientId,
    study_instance_uid: studyUid,
    sop_instance_uid: image.uid,
    series_instance_uid: image.seriesUid,
    in_imagedb: image.listed.length > 0,
    tags_from: header?.from ?? null,
    has_json: files.has_json,
    has_dicom: files.has_dicom,
    json_path: files.json_path,
    dicom_path: files.dicom_path,
    json_bytes: files.json_bytes,
    dicom_bytes: files.dicom_bytes,
    pixel_data_offset: files.pixel_data_offset,
    mark_count: countBoxes(image),
    tags: header?.values.cells ?? NO_TAGS,
    extra: image.extra,
  };
}

type FileCells = Pick<
  ImageRow,
  'has_json' | 'has_dicom' | 'json_path' | 'dicom_path' | 'json_bytes' | 'dicom_bytes' | 'pixel_data_offset'
>;

const NO_FILES: FileCells = {
  has_json: false,
  has_dicom: false,
  json_path: null,
  dicom_path: null,
  json_bytes: null,
  dicom_bytes: null,
  pixel_data_offset: null,
};

/** Where an image's files lie, and their sizes. */
function fileCells({ plan, jsonBytes, dicom }: ImageRecord): FileCells {
  return {
    has_json: plan.json !== null,
    has_dicom: plan.dicom !== null,
    json_path: plan.json?.path ?? null,
    dicom_path: plan.dicom?.path ?? null,
    json_bytes: jsonBytes,
    dicom_bytes: dicom?.fileBytes ?? null,
    pixel_data_offset: dicom === null || dicom.state === 'unreadable' ? null : dicom.pixelDataOffset,
  };
}
