import { elements, type Attributes } from './attributes.js';
import { dateText, timeText } from './dates.js';
import type { Dataset } from './dicom-writer.js';
import type { TransferSyntax } from './part10.js';
import { exposure, isMagnified } from './exposure.js';
import { functionalGroups } from './functional-groups.js';
import type { Image, Series, Study } from './imaging.js';
import { privateElements } from './private-blocks.js';
import type { Random } from './random.js';
import type { Vendor } from './vendors.js';
import { BREAST, coded, MODIFIER, VIEW } from './views.js';

export const SOP_CLASS = {
  presentation: '1.2.840.10008.5.1.4.1.1.1.2',
  processing: '1.2.840.10008.5.1.4.1.1.1.2.1',
  tomosynthesis: '1.2.840.10008.5.1.4.1.1.13.1.3',
  /** Breast Projection X-Ray Image Storage - For Processing. */
  projection: '1.2.840.10008.5.1.4.1.1.13.1.5',
} as const;

/** Character sets of the sample: none stated (ASCII), Latin-1 and UTF-8 (PS3.3 C.12.1.1.2). */
export type CharacterSet = '' | 'ISO_IR 100' | 'ISO_IR 192';

export interface HeaderContext {
  readonly clientId: string;
  readonly birthDay: number;
  readonly characterSet: CharacterSet;
  /** Adds an element that alone is larger than 64 KiB. */
  readonly huge: boolean;
  readonly random: Random;
}

/** The SOP class that an image's header and file meta name. */
export function sopClass(image: Image): string {
  if (image.technique === 'tomosynthesis' || image.technique === 'projection')
    return SOP_CLASS[image.technique];
  return image.intent === 'FOR PRESENTATION' ? SOP_CLASS.presentation : SOP_CLASS.processing;
}

/** The dataset of an image without its pixel data: standard attributes of the mammography IODs and private blocks. */
export function makeHeader(study: Study, series: Series, image: Image, context: HeaderContext): Dataset {
  const { vendor } = study;
  const { random } = context;
  return [
    ...elements(identification(study, series, image, context)),
    ...elements(device(vendor, study, image, random)),
    ...elements(exposure(vendor, image)),
    ...elements(positioning(vendor, image)),
    ...elements(pixelDescription(vendor, image, study.syntax, random)),
    ...elements(frameDescription(vendor, image, random)),
    ...elements(functionalGroups(vendor, image, random)),
    ...elements(lookUpTables(vendor, image, random)),
    ...vendor.privateBlocks.flatMap((block) => privateElements(block, random)),
    ...(context.huge
      ? privateElements(
          { group: 0x0099, creator: 'OMIDB SAMPLE', bytes: 70_000 + random.int(0, 9000) },
          random,
        )
      : []),
  ];
}

const STUDY_DESCRIPTION = {
  screen: 'XR Screening mammogram Both',
  repeat: 'XR Mammogram repeat',
  assessment: 'XR Mammogram Both',
  follow_up: 'XR Mammogram follow-up Both',
  specimen: 'XR Breast specimen',
  phantom: 'QC Mammography phantom',
} as const;

/** Values of ImageType for each kind of image; the first one here is that of a processed image. */
const IMAGE_TYPE = {
  ffdm: ['DERIVED', 'PRIMARY'],
  specimen: ['DERIVED', 'PRIMARY'],
  phantom: ['DERIVED', 'PRIMARY'],
  tomosynthesis: ['DERIVED', 'PRIMARY', 'TOMOSYNTHESIS', 'NONE'],
  projection: ['ORIGINAL', 'PRIMARY', 'TOMO_PROJ', 'NONE'],
  synthetic_2d: ['DERIVED', 'PRIMARY', 'TOMOSYNTHESIS', 'GENERATED_2D'],
} as const;

function identification(study: Study, series: Series, image: Image, context: HeaderContext): Attributes {
  const { clientId, birthDay, characterSet } = context;
  const date = dateText(study.day, 'compact');
  const years = String(Math.floor((study.day - birthDay) / 365.25)).padStart(3, '0');
  const derived = image.intent === 'FOR PRESENTATION';
  const taken = timeText(image.exposure.at);
  // Made from the exposure, a few seconds later.
  const made = timeText(image.exposure.at + (derived ? 6000 : 2000));
  return {
    SpecificCharacterSet: characterSet === '' ? null : characterSet,
    ImageType: derived ? IMAGE_TYPE[image.technique] : ['ORIGINAL', ...IMAGE_TYPE[image.technique].slice(1)],
    InstanceCreationDate: date,
    InstanceCreationTime: made,
    SOPClassUID: sopClass(image),
    SOPInstanceUID: image.sop,
    StudyDate: date,
    SeriesDate: date,
    AcquisitionDate: date,
    ContentDate: date,
    StudyTime: timeText(study.startedAt),
    SeriesTime: timeText(series.images[0]!.exposure.at),
    AcquisitionTime: `${taken}.${String(image.exposure.at % 1000).padStart(3, '0')}`,
    ContentTime: made,
    AccessionNumber: [],
    ReferringPhysicianName: [],
    Modality: 'MG',
    PresentationIntentType: image.intent,
    StudyDescription: STUDY_DESCRIPTION[study.purpose],
    SeriesDescription: seriesDescription(image, characterSet),
    PatientName: clientId,
    PatientID: clientId,
    PatientBirthDate: [],
    PatientSex: 'F',
    PatientAge: `${years}Y`,
    PatientIdentityRemoved: 'YES',
    DeidentificationMethod: 'synthetic',
    BodyPartExamined: 'BREAST',
    StudyInstanceUID: study.uid,
    SeriesInstanceUID: series.uid,
    StudyID: [],
    SeriesNumber: series.number,
    AcquisitionNumber: image.number,
    InstanceNumber: image.number,
    PerformedProcedureStepStartDate: date,
    PerformedProcedureStepDescription: STUDY_DESCRIPTION[study.purpose],
    ProtocolName: study.purpose === 'assessment' ? 'ASSESSMENT' : 'ROUTINE 4 VIEW',
    QualityControlImage: image.technique === 'phantom' ? 'YES' : 'NO',
    SourceImageSequence:
      image.source === null
        ? null
        : [elements({ ReferencedSOPClassUID: SOP_CLASS.processing, ReferencedSOPInstanceUID: image.source })],
    AcquisitionContextSequence: [],
  };
}

/** Descriptions are what the technician's language made them; the character set is there for these. */
function seriesDescription(image: Image, characterSet: CharacterSet): string {
  const name = `${image.side} ${image.view}`;
  if (characterSet === 'ISO_IR 100') return `${name} Thoraxnähe, für Überprüfung`;
  if (characterSet === 'ISO_IR 192') return `${name} μαστογραφία – contrôle`;
  if (image.technique === 'phantom') return 'ACR phantom';
  return isMagnified(image) ? `${name} magnification` : name;
}

function device(vendor: Vendor, study: Study, image: Image, random: Random): Attributes {
  const unit = study.day % vendor.models.length;
  const { field } = image;
  const { rows, columns, spacing } = field.geometry;
  return {
    Manufacturer: vendor.manufacturer,
    ManufacturerModelName: vendor.models[unit]!,
    DeviceSerialNumber: String(812_000_000 + unit * 977 + vendor.small.columns),
    SoftwareVersions: vendor.software,
    DetectorTemperature: random.decimal(24, 32, 2),
    DetectorType: vendor.detectorType,
    DetectorDescription: `${vendor.models[unit]!.split(' ')[0]!} detector`,
    DetectorID: `DET${unit}${vendor.small.rows}`,
    DateOfLastDetectorCalibration: dateText(study.day - random.int(1, 6), 'compact'),
    DetectorActiveShape: 'RECTANGLE',
    DetectorBinning: [1, 1],
    FieldOfViewShape: 'RECTANGLE',
    FieldOfViewDimensions: [Math.round(columns * spacing), Math.round(rows * spacing)],
    FieldOfViewOrigin: field.origin,
    FieldOfViewRotation: field.rotation,
    FieldOfViewHorizontalFlip: field.flip ? 'YES' : 'NO',
    AcquisitionDeviceProcessingDescription: image.intent === 'FOR PRESENTATION' ? 'Processed' : 'Raw',
  };
}

const ANGLE = { CC: 0, XCCL: 0, SPECIMEN: 0, MLO: 45, ML: 90, LM: 90 } as const;

function positioning(vendor: Vendor, image: Image): Attributes {
  const { side, view, technique } = image;
  const modifiers = image.modifiers.map((modifier) => coded(MODIFIER[modifier], vendor.codes));
  // Enhanced objects say the side of each frame instead, and have no View Position (PS3.3 A.55.3).
  const single = image.frames === 1;
  const displaced = vendor.viewPositionHasModifier && image.modifiers.includes('ID');
  return {
    ImageLaterality: single ? side : null,
    Laterality: single ? side : null,
    ViewPosition: single && technique !== 'specimen' ? `${view}${displaced ? 'ID' : ''}` : null,
    PatientOrientation: technique === 'specimen' ? null : image.field.orientation,
    ViewCodeSequence: [coded(VIEW[view], vendor.codes, { ViewModifierCodeSequence: modifiers })],
    AnatomicRegionSequence: single ? [coded(BREAST, vendor.codes)] : null,
    PositionerType: technique === 'specimen' ? 'NONE' : 'MAMMOGRAPHIC',
    PositionerPrimaryAngle: side === 'L' ? ANGLE[view] : 0 - ANGLE[view],
    BreastImplantPresent: image.implants ? 'YES' : 'NO',
    PartialView: image.partial ? 'YES' : 'NO',
    PartialViewDescription: image.partial ? 'Anterior part of the breast' : null,
    ImagesInAcquisition: 1,
  };
}

function pixelDescription(vendor: Vendor, image: Image, syntax: TransferSyntax, random: Random): Attributes {
  const { rows, columns, spacing } = image.field.geometry;
  const presentation = image.intent === 'FOR PRESENTATION';
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: presentation ? 'MONOCHROME2' : 'MONOCHROME1',
    Rows: rows,
    Columns: columns,
    ImagerPixelSpacing: [spacing, spacing],
    BitsAllocated: 16,
    BitsStored: vendor.bitsStored,
    HighBit: vendor.bitsStored - 1,
    PixelRepresentation: 0,
    PixelPaddingValue: presentation ? 0 : 2 ** vendor.bitsStored - 2,
    PixelIntensityRelationship: presentation ? 'LOG' : 'LIN',
    PixelIntensityRelationshipSign: presentation ? -1 : 1,
    PresentationLUTShape: presentation ? 'IDENTITY' : 'INVERSE',
    BurnedInAnnotation: 'NO',
    LossyImageCompression: '00',
    LossyImageCompressionRatio: syntax === 'jpeg2000' ? random.decimal(1.5, 3, 2) : null,
  };
}

/** What enhanced objects have in their functional groups instead. */
function frameDescription(vendor: Vendor, image: Image, random: Random): Attributes {
  if (image.frames > 1) return {};
  const { spacing } = image.field.geometry;
  const shared = {
    PixelSpacing: [spacing, spacing],
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: 'US',
  };
  if (image.intent === 'FOR PROCESSING') return shared;
  const top = 2 ** vendor.bitsStored;
  return {
    ...shared,
    WindowCenter: [top / 2, random.int(top / 4, top / 2)],
    WindowWidth: [top, random.int(top / 4, top / 2)],
    WindowCenterWidthExplanation: ['NORMAL', 'HARDER'],
    VOILUTFunction: 'SIGMOID',
  };
}

/** VOI look-up tables of 4096 entries each. */
function lookUpTables(vendor: Vendor, image: Image, random: Random): Attributes {
  if (vendor.lutTables === 0 || image.intent === 'FOR PROCESSING' || !random.chance(0.3)) return {};
  const table = Buffer.alloc(8192);
  for (let i = 0; i < 4096; i++)
    table.writeUInt16LE(Math.round(4095 / (1 + Math.exp((2048 - i) / 400))), i * 2);
  return {
    VOILUTSequence: Array.from({ length: vendor.lutTables }, () =>
      elements({ LUTDescriptor: [4096, 0, 12], LUTExplanation: 'NORMAL', LUTData: table }),
    ),
  };
}
