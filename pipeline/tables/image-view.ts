import type { RowOf } from '../../schemas/row.js';
import type { imageView } from '../../schemas/tables/image-view.js';
import { worstOf, type WorstMismatches } from '../model/worst-mismatch.js';
import type { ImageModel, StudyModel } from '../model/client-model.js';

export type ImageViewRow = RowOf<typeof imageView>;

/** What the headers of an image say of the picture. */
export function imageViewRow(image: ImageModel, study: StudyModel, worst: WorstMismatches): ImageViewRow {
  const { look } = image;
  const dicom = image.onDisk?.dicom ?? null;
  const pixels = dicom === null || dicom.state === 'unreadable' ? null : dicom.pixelValues;
  const pair = study.pairs.get(image.uid);
  return {
    breast: image.breast,
    breast_from: look.laterality.from,
    view: look.view.view,
    view_modifiers: look.view.modifiers,
    image_kind: look.kind.kind,
    image_kind_from: look.kind.from,
    is_spot_or_magnified: look.isSpotOrMagnified,
    has_implant: look.hasImplant,
    is_partial_view: look.isPartialView,
    is_standard_view: look.isStandardView,
    manufacturer_name: look.manufacturerName,
    dicom_ok: image.dicomOk,
    worst_mismatch: worstOf(worst, study.uid, image.uid),
    pixel_values_offset: pixels?.offset ?? null,
    pixel_values_bytes: pixels?.bytes ?? null,
    chest_wall_side: look.chestWallSide,
    paired_sop_instance_uid: pair?.sopInstanceUid ?? null,
    pair_from: pair?.from ?? null,
  };
}
