import { elements, type Attributes } from './attributes.js';
import { dateText } from './dates.js';
import type { Dataset, TransferSyntax } from './dicom-writer.js';
import type { Image, Series, Study, View } from './imaging.js';
import { privateElements } from './private-blocks.js';
import type { Random } from './random.js';
import type { Vendor } from './vendors.js';

export const SOP_CLASS = {
  presentation: '1.2.840.10008.5.1.4.1.1.1.2',
  processing: '1.2.840.10008.5.1.4.1.1.1.2.1',
  tomosynthesis: '1.2.840.10008.5.1.4.1.1.13.1.3',
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
  if (image.frames > 1) return SOP_CLASS.tomosynthesis;
  return image.intent === 'FOR PRESENTATION' ? SOP_CLASS.presentation : SOP_CLASS.processing;
}

/** The dataset of an image without its pixel data: standard attributes of the mammography IODs and private blocks. */
export function makeHeader(study: Study, series: Series, image: Image, context: HeaderContext): Dataset {
  const { vendor } = study;
  const { random } = context;
  return [
    ...elements(identification(study, series, image, context)),
    ...elements(device(vendor, study, image, random)),
    ...elements(exposure(vendor, image, random)),
    ...elements(positioning(vendor, image)),
    ...elements(pixelDescription(vendor, image, study.syntax, random)),
    ...elements(tomosynthesis(image)),
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
} as const;

function identification(study: Study, series: Series, image: Image, context: HeaderContext): Attributes {
  const { clientId, birthDay, characterSet, random } = context;
  const date = dateText(study.day, 'compact');
  const minutes = String(random.int(0, 59)).padStart(2, '0');
  const time = `${random.int(10, 17)}${minutes}${String(random.int(0, 59)).padStart(2, '0')}`;
  const years = String(Math.floor((study.day - birthDay) / 365.25)).padStart(3, '0');
  const derived = image.intent === 'FOR PRESENTATION';
  return {
    SpecificCharacterSet: characterSet === '' ? null : characterSet,
    ImageType: [derived ? 'DERIVED' : 'ORIGINAL', 'PRIMARY', image.frames > 1 ? 'TOMOSYNTHESIS' : ''].filter(
      Boolean,
    ),
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    SOPClassUID: sopClass(image),
    SOPInstanceUID: image.sop,
    StudyDate: date,
    SeriesDate: date,
    AcquisitionDate: date,
    ContentDate: date,
    StudyTime: time,
    SeriesTime: time,
    AcquisitionTime: `${time}.${String(random.int(0, 999)).padStart(3, '0')}`,
    ContentTime: time,
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
    QualityControlImage: 'NO',
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
  return image.magnified ? `${name} magnification` : name;
}

function device(vendor: Vendor, study: Study, image: Image, random: Random): Attributes {
  const unit = study.day % vendor.models.length;
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
    FieldOfViewDimensions: [
      Math.round(image.geometry.columns * image.geometry.spacing),
      Math.round(image.geometry.rows * image.geometry.spacing),
    ],
    FieldOfViewOrigin: [0, random.int(0, 40)],
    FieldOfViewRotation: image.side === 'R' ? 180 : 0,
    FieldOfViewHorizontalFlip: image.side === 'R' ? 'YES' : 'NO',
    AcquisitionDeviceProcessingDescription: image.intent === 'FOR PRESENTATION' ? 'Processed' : 'Raw',
  };
}

function exposure(vendor: Vendor, image: Image, random: Random): Attributes {
  const thickness = random.int(28, 84);
  const mas = random.int(45, 190);
  const time = random.int(350, 1900);
  const magnification = image.magnified ? random.pick([1.5, 1.8]) : 1.07;
  const distance = vendor.sourceToDetectorMm;
  const dose = random.decimal(0.008, 0.026, 5);
  const filter = random.pick(vendor.filters);
  return {
    KVP: random.int(26, 34),
    ExposureTime: time,
    XRayTubeCurrent: Math.round((mas * 1000) / time),
    Exposure: mas,
    ExposureInuAs: mas * 1000 + random.int(-400, 400),
    AnodeTargetMaterial: random.pick(vendor.targets),
    FilterMaterial: filter,
    FilterThicknessMinimum: filter === 'ALUMINUM' ? 0.45 : 0.045,
    FilterThicknessMaximum: filter === 'ALUMINUM' ? 0.55 : 0.055,
    FocalSpots: image.magnified ? 0.1 : 0.3,
    Grid: image.magnified ? 'NONE' : vendor.grid,
    BodyPartThickness: thickness,
    CompressionForce: random.decimal(55, 160, 1),
    DistanceSourceToDetector: distance,
    DistanceSourceToPatient: Math.round(distance / magnification),
    EstimatedRadiographicMagnificationFactor: magnification,
    ExposureControlMode: 'AUTOMATIC',
    ExposureControlModeDescription: vendor.exposureControl,
    OrganDose: dose,
    EntranceDoseInmGy: Number((dose * random.decimal(300, 450, 1)).toFixed(3)),
    HalfValueLayer: random.decimal(0.3, 0.6, 3),
    RelativeXRayExposure: random.int(280, 900),
  };
}

interface Concept {
  readonly SRT: string;
  readonly SCT: string;
  readonly meaning: string;
}

/** Views of mammography (PS3.16 CID 4014), by SNOMED RT and SNOMED CT code. */
const VIEW: Record<View, Concept> = {
  CC: { SRT: 'R-10242', SCT: '399162004', meaning: 'cranio-caudal' },
  MLO: { SRT: 'R-10226', SCT: '399368009', meaning: 'medio-lateral oblique' },
  ML: { SRT: 'R-10224', SCT: '399260004', meaning: 'medio-lateral' },
};
/** View modifiers of mammography (PS3.16 CID 4015). */
const MAGNIFICATION: Concept = { SRT: 'R-102D6', SCT: '399163009', meaning: 'Magnification' };
const SPOT: Concept = { SRT: 'R-102D7', SCT: '399055006', meaning: 'Spot Compression' };
const BREAST: Concept = { SRT: 'T-04000', SCT: '76752008', meaning: 'Breast' };

function coded(concept: Concept, scheme: Vendor['codes'], more: Attributes = {}): Dataset {
  const { meaning } = concept;
  return elements({
    CodeValue: concept[scheme],
    CodingSchemeDesignator: scheme,
    CodeMeaning: meaning,
    ...more,
  });
}

function positioning(vendor: Vendor, image: Image): Attributes {
  const modifiers = image.magnified
    ? [MAGNIFICATION, SPOT].map((concept) => coded(concept, vendor.codes))
    : [];
  const angle = { CC: 0, MLO: 45, ML: 90 }[image.view];
  const orientation =
    image.view === 'CC' ? (image.side === 'L' ? 'L' : 'R') : image.side === 'L' ? 'FL' : 'FR';
  return {
    ImageLaterality: image.side,
    Laterality: image.side,
    ViewPosition: image.view,
    PatientOrientation: [image.side === 'L' ? 'A' : 'P', orientation],
    ViewCodeSequence: [coded(VIEW[image.view], vendor.codes, { ViewModifierCodeSequence: modifiers })],
    AnatomicRegionSequence: [coded(BREAST, vendor.codes)],
    PositionerType: 'MAMMOGRAPHIC',
    PositionerPrimaryAngle: image.side === 'L' ? angle : 0 - angle,
    BreastImplantPresent: 'NO',
    PartialView: 'NO',
    ImagesInAcquisition: 1,
  };
}

function pixelDescription(vendor: Vendor, image: Image, syntax: TransferSyntax, random: Random): Attributes {
  const { rows, columns, spacing } = image.geometry;
  const presentation = image.intent === 'FOR PRESENTATION';
  const top = 2 ** vendor.bitsStored;
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: presentation ? 'MONOCHROME2' : 'MONOCHROME1',
    Rows: rows,
    Columns: columns,
    ImagerPixelSpacing: [spacing, spacing],
    PixelSpacing: image.frames > 1 ? null : [spacing, spacing],
    BitsAllocated: 16,
    BitsStored: vendor.bitsStored,
    HighBit: vendor.bitsStored - 1,
    PixelRepresentation: 0,
    PixelPaddingValue: presentation ? 0 : top - 1,
    PixelIntensityRelationship: presentation ? 'LOG' : 'LIN',
    PixelIntensityRelationshipSign: presentation ? -1 : 1,
    WindowCenter: presentation ? [top / 2, random.int(top / 4, top / 2)] : null,
    WindowWidth: presentation ? [top, random.int(top / 4, top / 2)] : null,
    WindowCenterWidthExplanation: presentation ? ['NORMAL', 'HARDER'] : null,
    VOILUTFunction: presentation ? 'SIGMOID' : null,
    PresentationLUTShape: presentation ? 'IDENTITY' : 'INVERSE',
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: 'US',
    BurnedInAnnotation: 'NO',
    LossyImageCompression: '00',
    LossyImageCompressionRatio: syntax === 'jpeg2000' ? random.decimal(1.5, 3, 2) : null,
  };
}

/** What a multi-frame image adds (PS3.3 A.55): attributes that all frames share. */
function tomosynthesis(image: Image): Attributes {
  if (image.frames === 1) return {};
  const { spacing } = image.geometry;
  return {
    NumberOfFrames: image.frames,
    SharedFunctionalGroupsSequence: [
      elements({
        PixelMeasuresSequence: [elements({ PixelSpacing: [spacing, spacing], SliceThickness: 1 })],
        FrameAnatomySequence: [
          elements({ FrameLaterality: image.side, AnatomicRegionSequence: [coded(BREAST, 'SCT')] }),
        ],
      }),
    ],
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
