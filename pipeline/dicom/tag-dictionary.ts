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

let loaded: Dictionary | undefined;

function dictionary(): Dictionary {
  // The package is a megabyte of source, which a run with complete selections never needs.
  loaded ??= createRequire(import.meta.url)('@iwharris/dicom-data-dictionary') as Dictionary;
  return loaded;
}

/** The element of this keyword in DICOM PS3.6, or null when the dictionary does not have it. */
export function findKeyword(keyword: string): DictionaryEntry | null {
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
