import { createRequire } from 'node:module';
import type { DicomDataElement } from '@iwharris/dicom-data-dictionary';

/** What PS3.6 says of a data element. */
export interface DictionaryEntry {
  readonly tag: number;
  readonly keyword: string;
  readonly name: string;
  readonly vr: string;
  /** True when the element may hold more than one value. */
  readonly multiple: boolean;
}

interface Dictionary {
  readonly tags: Record<string, string>;
  readonly elements: Record<string, DicomDataElement>;
}

const entry = (
  tag: number,
  keyword: string,
  name: string,
  vr: string,
  multiple = false,
): [string, DictionaryEntry] => [keyword, { tag, keyword, name, vr, multiple }];

const sequence = (tag: number, keyword: string, name: string) => entry(tag, keyword, name, 'SQ');

/** Elements with a value of the file meta group and of directories, which have tables of their own in PS3.6 and are not in the package. */
const FILE_ELEMENTS: ReadonlyMap<string, DictionaryEntry> = new Map([
  entry(0x00020000, 'FileMetaInformationGroupLength', 'File Meta Information Group Length', 'UL'),
  entry(0x00020002, 'MediaStorageSOPClassUID', 'Media Storage SOP Class UID', 'UI'),
  entry(0x00020003, 'MediaStorageSOPInstanceUID', 'Media Storage SOP Instance UID', 'UI'),
  entry(0x00020010, 'TransferSyntaxUID', 'Transfer Syntax UID', 'UI'),
  entry(0x00020012, 'ImplementationClassUID', 'Implementation Class UID', 'UI'),
  entry(0x00020013, 'ImplementationVersionName', 'Implementation Version Name', 'SH'),
  entry(0x00020016, 'SourceApplicationEntityTitle', 'Source Application Entity Title', 'AE'),
  entry(0x00020017, 'SendingApplicationEntityTitle', 'Sending Application Entity Title', 'AE'),
  entry(0x00020018, 'ReceivingApplicationEntityTitle', 'Receiving Application Entity Title', 'AE'),
  entry(0x00020100, 'PrivateInformationCreatorUID', 'Private Information Creator UID', 'UI'),
  entry(0x00020026, 'SourcePresentationAddress', 'Source Presentation Address', 'UR'),
  entry(0x00020027, 'SendingPresentationAddress', 'Sending Presentation Address', 'UR'),
  entry(0x00020028, 'ReceivingPresentationAddress', 'Receiving Presentation Address', 'UR'),
  entry(0x00020032, 'RTVCommunicationSOPClassUID', 'RTV Communication SOP Class UID', 'UI'),
  entry(0x00020033, 'RTVCommunicationSOPInstanceUID', 'RTV Communication SOP Instance UID', 'UI'),
  entry(0x00020037, 'RTVFlowRTPSamplingRate', 'RTV Flow RTP Sampling Rate', 'UL'),
  entry(0x00020038, 'RTVFlowActualFrameDuration', 'RTV Flow Actual Frame Duration', 'FD'),
  entry(0x00041130, 'FileSetID', 'File-set ID', 'CS'),
  entry(0x00041141, 'FileSetDescriptorFileID', 'File-set Descriptor File ID', 'CS', true),
  entry(
    0x00041142,
    'SpecificCharacterSetOfFileSetDescriptorFile',
    'Specific Character Set of File-set Descriptor File',
    'CS',
  ),
  entry(
    0x00041200,
    'OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity',
    'Offset of the First Directory Record of the Root Directory Entity',
    'UL',
  ),
  entry(
    0x00041202,
    'OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity',
    'Offset of the Last Directory Record of the Root Directory Entity',
    'UL',
  ),
  entry(0x00041212, 'FileSetConsistencyFlag', 'File-set Consistency Flag', 'US'),
  sequence(0x00041220, 'DirectoryRecordSequence', 'Directory Record Sequence'),
  entry(0x00041400, 'OffsetOfTheNextDirectoryRecord', 'Offset of the Next Directory Record', 'UL'),
  entry(0x00041410, 'RecordInUseFlag', 'Record In-use Flag', 'US'),
  entry(
    0x00041420,
    'OffsetOfReferencedLowerLevelDirectoryEntity',
    'Offset of Referenced Lower-Level Directory Entity',
    'UL',
  ),
  entry(0x00041430, 'DirectoryRecordType', 'Directory Record Type', 'CS'),
  entry(0x00041432, 'PrivateRecordUID', 'Private Record UID', 'UI'),
  entry(0x00041500, 'ReferencedFileID', 'Referenced File ID', 'CS', true),
  entry(0x00041504, 'MRDRDirectoryRecordOffset', 'MRDR Directory Record Offset', 'UL'),
  entry(0x00041510, 'ReferencedSOPClassUIDInFile', 'Referenced SOP Class UID in File', 'UI'),
  entry(0x00041511, 'ReferencedSOPInstanceUIDInFile', 'Referenced SOP Instance UID in File', 'UI'),
  entry(0x00041512, 'ReferencedTransferSyntaxUIDInFile', 'Referenced Transfer Syntax UID in File', 'UI'),
  entry(
    0x0004151a,
    'ReferencedRelatedGeneralSOPClassUIDInFile',
    'Referenced Related General SOP Class UID in File',
    'UI',
    true,
  ),
  entry(0x00041600, 'NumberOfReferences', 'Number of References', 'UL'),
]);

/** What the shipped selection goes into and falls back on, so that it does not take the package to know it. */
const SHIPPED: ReadonlyMap<string, DictionaryEntry> = new Map([
  entry(0x00209072, 'FrameLaterality', 'Frame Laterality', 'CS'),
  sequence(0x00189405, 'PositionerPositionSequence', 'Positioner Position Sequence'),
  sequence(0x00189417, 'FrameAcquisitionSequence', 'Frame Acquisition Sequence'),
  sequence(0x00189432, 'FieldOfViewSequence', 'Field of View Sequence'),
  sequence(0x00189476, 'XRayGeometrySequence', 'X-Ray Geometry Sequence'),
  sequence(0x00189507, 'XRay3DAcquisitionSequence', 'X-Ray 3D Acquisition Sequence'),
  sequence(0x00209071, 'FrameAnatomySequence', 'Frame Anatomy Sequence'),
  sequence(0x00209450, 'PatientOrientationInFrameSequence', 'Patient Orientation in Frame Sequence'),
  sequence(0x00289110, 'PixelMeasuresSequence', 'Pixel Measures Sequence'),
  sequence(0x00289132, 'FrameVOILUTSequence', 'Frame VOI LUT Sequence'),
  sequence(0x00289145, 'PixelValueTransformationSequence', 'Pixel Value Transformation Sequence'),
  sequence(0x00289443, 'FramePixelDataPropertiesSequence', 'Frame Pixel Data Properties Sequence'),
  sequence(0x52009229, 'SharedFunctionalGroupsSequence', 'Shared Functional Groups Sequence'),
  sequence(0x52009230, 'PerFrameFunctionalGroupsSequence', 'Per-frame Functional Groups Sequence'),
  sequence(0x00082112, 'SourceImageSequence', 'Source Image Sequence'),
  sequence(0x00082218, 'AnatomicRegionSequence', 'Anatomic Region Sequence'),
  sequence(0x00082220, 'AnatomicRegionModifierSequence', 'Anatomic Region Modifier Sequence'),
  sequence(0x00540220, 'ViewCodeSequence', 'View Code Sequence'),
  sequence(0x00540222, 'ViewModifierCodeSequence', 'View Modifier Code Sequence'),
]);

let loaded: Dictionary | undefined;

function dictionary(): Dictionary {
  // The package is a megabyte of source, which a run with complete selections never needs.
  loaded ??= createRequire(import.meta.url)('@iwharris/dicom-data-dictionary') as Dictionary;
  return loaded;
}

/** The element of this keyword in DICOM PS3.6, or null when the dictionary does not have it. */
export function findKeyword(keyword: string): DictionaryEntry | null {
  const known = FILE_ELEMENTS.get(keyword) ?? SHIPPED.get(keyword);
  if (known !== undefined) return known;
  const { tags, elements } = dictionary();
  const tag = Object.hasOwn(tags, keyword) ? tags[keyword] : undefined;
  const element = tag === undefined ? undefined : elements[tag];
  // Repeating groups such as (50xx,0030) name no single element.
  if (tag === undefined || element === undefined || !/^\([0-9A-F]{4},[0-9A-F]{4}\)$/i.test(tag)) return null;
  return {
    tag: Number.parseInt(tag.slice(1, 5) + tag.slice(6, 10), 16),
    keyword,
    name: element.name.replaceAll('&#x27;', "'"),
    vr: element.vr === 'US or SS' ? 'US/SS' : element.vr,
    multiple: element.vm !== '1',
  };
}
