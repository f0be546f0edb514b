import type { ExamImage } from '../semantics/exam/choose-image.js';
import { examViews, type ExamViews } from '../semantics/exam/exam-views.js';
import type { FieldOfView } from '../semantics/header/field-of-view.js';
import { imagePairs, type ImagePair, type PairingFacts } from '../semantics/header/pairing.js';
import type { ImageModel } from './client-model.js';
import type { SelectedTags } from './selected-tags.js';

/** The images of a study beside each other. */

/** Which FOR PRESENTATION and FOR PROCESSING images of a study are of one exposure, by SOPInstanceUID. */
export function pairsOf(images: readonly ImageModel[], tags: SelectedTags): ReadonlyMap<string, ImagePair> {
  return imagePairs(images.map((image) => pairingFacts(image, tags)));
}

function pairingFacts({ uid, header, breast, look }: ImageModel, tags: SelectedTags): PairingFacts {
  const values = header?.values ?? null;
  return {
    sopInstanceUid: uid,
    intent: tags.text(values, 'presentation_intent_type'),
    breast,
    view: look.view.view,
    modifiers: look.view.modifiers,
    kind: look.kind.kind,
    acquisitionDate: tags.number(values, 'acquisition_date'),
    acquisitionTime: tags.text(values, 'acquisition_time'),
    sourceUids: tags.texts(values, 'source_sop_instance_uids'),
  };
}

/** The image that stands for each view of a study. */
export function viewsOf(images: readonly ImageModel[], tags: SelectedTags): ExamViews {
  return examViews(images.map((image) => examImage(image, tags)));
}

function examImage(
  { uid, header, breast, look, dicomOk, geometry }: ImageModel,
  tags: SelectedTags,
): ExamImage {
  const values = header?.values ?? null;
  return {
    sopInstanceUid: uid,
    breast,
    view: look.view.view,
    modifiers: look.view.modifiers,
    kind: look.kind.kind,
    intent: tags.text(values, 'presentation_intent_type'),
    hasStandardPosition: look.hasStandardPosition,
    dicomOk,
    rows: geometry.rows,
    columns: geometry.columns,
    contentDate: tags.number(values, 'content_date'),
    contentTime: tags.text(values, 'content_time'),
  };
}

/** How an image lies on the detector. */
export function fieldOfViewOf({ header, geometry }: ImageModel, tags: SelectedTags): FieldOfView {
  const values = header?.values ?? null;
  return {
    rows: geometry.rows,
    columns: geometry.columns,
    origin: tags.numbers(values, 'field_of_view_origin'),
    rotation: tags.number(values, 'field_of_view_rotation'),
    horizontalFlip: tags.text(values, 'field_of_view_horizontal_flip'),
    patientOrientation: tags.texts(values, 'patient_orientation'),
    imagerPixelSpacing: geometry.imagerPixelSpacing,
    detectorElementSpacing: tags.numbers(values, 'detector_element_spacing'),
  };
}
