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

const meta = (tag: number, keyword: string, name: string, vr: string): [string, DictionaryEntry] => [
  keyword,
  { tag, keyword, name, vr, multiple: false },
];

const sequence = (tag: number, keyword: string, name: string): [string, DictionaryEntry] => [
  keyword,
  { tag, keyword, name, vr: 'SQ', multiple: false },
];

/** File meta elements with a value, which have a table of their own in PS3.6 and are not in the package. */
const FILE_META: ReadonlyMap<string, DictionaryEntry> = new Map([
  meta(0x00020002, 'MediaStorageSOPClassUID', 'Media Storage SOP Class UID', 'UI'),
  meta(0x00020003, 'MediaStorageSOPInstanceUID', 'Media Storage SOP Instance UID', 'UI'),
  meta(0x00020010, 'TransferSyntaxUID', 'Transfer Syntax UID', 'UI'),
  meta(0x00020012, 'ImplementationClassUID', 'Implementation Class UID', 'UI'),
  meta(0x00020013, 'ImplementationVersionName', 'Implementation Version Name', 'SH'),
  meta(0x00020016, 'SourceApplicationEntityTitle', 'Source Application Entity Title', 'AE'),
  meta(0x00020017, 'SendingApplicationEntityTitle', 'Sending Application Entity Title', 'AE'),
  meta(0x00020018, 'ReceivingApplicationEntityTitle', 'Receiving Application Entity Title', 'AE'),
  meta(0x00020100, 'PrivateInformationCreatorUID', 'Private Information Creator UID', 'UI'),
]);

/** The sequences that the shipped selection goes into, so that it does not take the package to know them. */
const SHIPPED_SEQUENCES: ReadonlyMap<string, DictionaryEntry> = new Map([
  sequence(0x00082218, 'AnatomicRegionSequence', 'Anatomic Region Sequence'),
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
  const known = FILE_META.get(keyword) ?? SHIPPED_SEQUENCES.get(keyword);
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
