import type { ExamImage } from '../semantics/exam/choose-image.js';
import type { FieldOfView } from '../semantics/header/field-of-view.js';
import type { PairingFacts } from '../semantics/header/pairing.js';
import type { ImageModel } from './client-model.js';
import type { SelectedTags } from './selected-tags.js';

/** The images of a study beside each other. */

/** What the images of a study are held against each other by. */
export function studyImages(images: readonly ImageModel[], tags: SelectedTags): StudyImage[] {
  return images.map((image) => studyImage(image, tags));
}

type StudyImage = ExamImage & PairingFacts;

function studyImage(
  { uid, header, breast, look, dicomOk, geometry }: ImageModel,
  tags: SelectedTags,
): StudyImage {
  const values = header?.values ?? null;
  return {
    sopInstanceUid: uid,
    breast,
    view: look.view.view,
    modifiers: look.view.modifiers,
    kind: look.kind.kind,
    intent: tags.text(values, tags.at.presentation_intent_type),
    hasStandardPosition: look.hasStandardPosition,
    dicomOk,
    rows: geometry.rows,
    columns: geometry.columns,
    contentDate: tags.number(values, tags.at.content_date),
    contentTime: tags.text(values, tags.at.content_time),
    acquisitionDate: tags.number(values, tags.at.acquisition_date),
    acquisitionTime: tags.text(values, tags.at.acquisition_time),
    sourceUids: tags.texts(values, tags.at.source_sop_instance_uids),
  };
}

/** How an image lies on the detector. */
export function fieldOfViewOf({ header, geometry }: ImageModel, tags: SelectedTags): FieldOfView {
  const values = header?.values ?? null;
  return {
    rows: geometry.rows,
    columns: geometry.columns,
    origin: tags.numbers(values, tags.at.field_of_view_origin),
    rotation: tags.number(values, tags.at.field_of_view_rotation),
    horizontalFlip: tags.text(values, tags.at.field_of_view_horizontal_flip),
    patientOrientation: tags.texts(values, tags.at.patient_orientation),
    imagerPixelSpacing: geometry.imagerPixelSpacing,
    detectorElementSpacing: tags.numbers(values, tags.at.detector_element_spacing),
  };
}
