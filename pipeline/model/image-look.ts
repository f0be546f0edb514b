import {
  hasImplant,
  hasStandardPosition,
  isPartialView,
  isSpotOrMagnified,
  isStandardView,
} from '../semantics/header/standard-view.js';
import { imageKind, type KindOfImage } from '../semantics/header/kind.js';
import { imageLaterality, type Laterality } from '../semantics/header/laterality.js';
import { manufacturerName } from '../semantics/header/manufacturer.js';
import { chestWallSide, type ImageEdge } from '../semantics/header/orientation.js';
import { imageView, type ImageView } from '../semantics/header/view.js';
import type { JoinedImage } from '../stages/join.js';
import type { SelectedTags } from './selected-tags.js';

/** What an image's headers say of the picture: breast, view, kind. */
export interface ImageLook {
  readonly laterality: Laterality;
  readonly view: ImageView;
  readonly kind: KindOfImage;
  readonly isSpotOrMagnified: boolean;
  readonly hasImplant: boolean | null;
  readonly isPartialView: boolean | null;
  /** A standard view but for its kind. */
  readonly hasStandardPosition: boolean;
  readonly isStandardView: boolean;
  readonly manufacturerName: string | null;
  readonly chestWallSide: ImageEdge | null;
}

/** By the header that gives the columns; the breast by both. */
export function imageLook(image: JoinedImage, tags: SelectedTags): ImageLook {
  const header = image.header?.values ?? null;
  const laterality = lateralityOf(image, tags);
  const view = viewOf(header, tags);
  const { modifiers } = view;
  const kind = kindOf(header, tags);
  const isMagnified = isSpotOrMagnified({
    modifiers,
    magnification: tags.number(header, tags.at.estimated_radiographic_magnification_factor),
    sourceToDetector: tags.number(header, tags.at.distance_source_to_detector),
    sourceToPatient: tags.number(header, tags.at.distance_source_to_patient),
  });
  const isPartial = isPartialView(tags.text(header, tags.at.partial_view));
  const standing = {
    breast: laterality.breast,
    kind: kind.kind,
    view: view.view,
    modifiers,
    isSpotOrMagnified: isMagnified,
    isPartialView: isPartial,
  };
  return {
    laterality,
    view,
    kind,
    isSpotOrMagnified: isMagnified,
    hasImplant: hasImplant(tags.text(header, tags.at.breast_implant_present), modifiers),
    isPartialView: isPartial,
    hasStandardPosition: hasStandardPosition(standing),
    isStandardView: isStandardView(standing),
    manufacturerName: manufacturerName(tags.text(header, tags.at.manufacturer)),
    chestWallSide: chestWallSide(tags.texts(header, tags.at.patient_orientation)),
  };
}

type Header = Parameters<SelectedTags['text']>[0];

/** ImageLaterality of each header for itself, and what the one that gives the columns says beside it. */
function lateralityOf({ header, onDisk }: JoinedImage, tags: SelectedTags): Laterality {
  const values = header?.values ?? null;
  const dicom = onDisk?.dicom ?? null;
  const ofDicom = dicom === null || dicom.state === 'unreadable' ? null : dicom.values;
  const shared = tags.text(values, tags.at.frame_laterality);
  const frameLaterality = shared === null ? tags.texts(values, tags.at.frame_lateralities) : [shared];
  return imageLaterality({
    dicomImageLaterality: ownLaterality(ofDicom, frameLaterality, tags),
    jsonImageLaterality: ownLaterality(onDisk?.json?.values ?? null, frameLaterality, tags),
    frameLaterality,
    laterality: tags.text(values, tags.at.laterality),
    anatomicRegionModifiers: tags.texts(values, tags.at.anatomic_region_modifier_code_values),
    viewPosition: tags.text(values, tags.at.view_position),
  });
}

/** ImageLaterality of a header; the column falls back to the frames, and what they say is their own witness. */
function ownLaterality(header: Header, frames: readonly string[], tags: SelectedTags): string | null {
  const side = tags.text(header, tags.at.image_laterality);
  return side !== null && frames.includes(side) ? null : side;
}

function viewOf(header: Header, tags: SelectedTags): ImageView {
  return imageView({
    viewCode: tags.text(header, tags.at.view_code_value),
    modifierCodes: tags.texts(header, tags.at.view_modifier_code_values),
    modifierMeanings: tags.texts(header, tags.at.view_modifier_code_meanings),
    viewPosition: tags.text(header, tags.at.view_position),
  });
}

function kindOf(header: Header, tags: SelectedTags): KindOfImage {
  return imageKind({
    qualityControlImage: tags.text(header, tags.at.quality_control_image),
    viewCode: tags.text(header, tags.at.view_code_value),
    sopClassUid: tags.text(header, tags.at.sop_class_uid),
    numberOfFrames: tags.number(header, tags.at.number_of_frames),
    imageType: tags.texts(header, tags.at.image_type),
    detectorType: tags.text(header, tags.at.detector_type),
    modality: tags.text(header, tags.at.modality),
  });
}
