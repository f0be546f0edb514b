import { elements, type Attributes } from './attributes.js';
import type { Dataset } from './dicom-writer.js';
import type { Image } from './imaging.js';
import type { Random } from './random.js';
import type { Vendor } from './vendors.js';
import { BREAST, coded } from './views.js';

/**
 * What a multi-frame image says in its functional groups (PS3.3 A.55.4 and C.7.6.16.2): all of it in the Shared ones but
 * what differs from frame to frame, and, at some makers, the anatomy.
 */
export function functionalGroups(vendor: Vendor, image: Image, random: Random): Attributes {
  if (image.frames === 1) return {};
  const anatomy: Attributes = {
    FrameAnatomySequence: [
      elements({ FrameLaterality: image.side, AnatomicRegionSequence: [coded(BREAST, vendor.codes)] }),
    ],
  };
  const inShared = vendor.frameAnatomy === 'shared';
  return {
    NumberOfFrames: image.frames,
    ContentQualification: 'PRODUCT',
    DimensionOrganizationSequence: [elements({ DimensionOrganizationUID: random.uid() })],
    SharedFunctionalGroupsSequence: [
      elements({ ...sharedGroups(vendor, image), ...(inShared ? anatomy : {}) }),
    ],
    PerFrameFunctionalGroupsSequence: Array.from({ length: image.frames }, (_, frame) =>
      frameGroups(image, frame, inShared ? {} : anatomy),
    ),
  };
}

function sharedGroups(vendor: Vendor, { technique, field }: Image): Attributes {
  const { spacing } = field.geometry;
  const top = 2 ** vendor.bitsStored;
  return {
    PixelMeasuresSequence: [elements({ PixelSpacing: [spacing, spacing], SliceThickness: 1 })],
    FrameVOILUTSequence: [elements({ WindowCenter: top / 2, WindowWidth: top })],
    PixelValueTransformationSequence: [elements({ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'US' })],
    ...(technique === 'tomosynthesis' ? slices() : {}),
  };
}

/** C.8.21.5.1 and C.7.6.16.2.4: frames that lie in space. */
function slices(): Attributes {
  return {
    XRay3DFrameTypeSequence: [
      elements({
        FrameType: ['DERIVED', 'PRIMARY', 'TOMOSYNTHESIS', 'NONE'],
        PixelPresentation: 'MONOCHROME',
        VolumetricProperties: 'VOLUME',
        VolumeBasedCalculationTechnique: 'TOMOSYNTHESIS',
      }),
    ],
    PlaneOrientationSequence: [elements({ ImageOrientationPatient: [0, -1, 0, 0, 0, -1] })],
  };
}

function frameGroups({ technique }: Image, frame: number, anatomy: Attributes): Dataset {
  const number = frame + 1;
  return elements({
    FrameContentSequence: [
      elements({
        FrameAcquisitionNumber: technique === 'projection' ? number : 1,
        StackID: '1',
        InStackPositionNumber: number,
        DimensionIndexValues: [1, number],
      }),
    ],
    PlanePositionSequence:
      technique === 'tomosynthesis' ? [elements({ ImagePositionPatient: [frame, 0, 0] })] : null,
    ...anatomy,
  });
}
