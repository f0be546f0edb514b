import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../sample/tree.js';
import { sha256 } from './output.js';

/**
 * The checks that the reference implementation (mlcroissant) makes of a croissant.json, and those of the specification of
 * Croissant 1.0 that it does not make, apart from the code that writes one.
 */

interface Reference {
  readonly '@id': string;
}

export interface Field {
  readonly '@type': string;
  readonly '@id': string;
  readonly name: string;
  readonly description: string;
  readonly dataType: string;
  readonly repeated?: boolean;
  readonly source?: {
    fileSet?: Reference;
    fileObject?: Reference;
    field?: Reference;
    extract?: { column: string };
  };
  readonly references?: { readonly field: Reference };
}

export interface RecordSet {
  readonly '@type': string;
  readonly '@id': string;
  readonly name: string;
  readonly description: string;
  readonly dataType?: string;
  readonly key?: readonly Reference[];
  readonly field: readonly Field[];
  readonly data?: readonly Record<string, unknown>[];
}

export interface Resource {
  readonly '@type': string;
  readonly '@id': string;
  readonly name: string;
  readonly encodingFormat: string;
  readonly contentUrl?: string;
  readonly sha256?: string;
  readonly includes?: string;
}

export interface Croissant {
  readonly '@context': Readonly<Record<string, unknown>>;
  readonly '@type': string;
  readonly conformsTo: string;
  readonly version: string;
  readonly datePublished: string;
  readonly distribution: readonly Resource[];
  readonly recordSet: readonly RecordSet[];
}

/** Required by the specification of a data set. */
const REQUIRED = ['@context', '@type', 'conformsTo', 'description', 'license', 'name', 'url', 'creator', 'datePublished']; // prettier-ignore
/** Terms of schema.org that are used: the context makes any other word one too, silently. */
const SCHEMA_ORG = ['name', 'description', 'license', 'url', 'creator', 'datePublished', 'version', 'keywords', 'distribution', 'contentUrl', 'contentSize', 'encodingFormat', 'sha256']; // prettier-ignore
const SEMANTIC_VERSION = /^\d+\.\d+\.\d+(-[\w.-]+)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;
const DATA_TYPES = ['sc:Text', 'sc:Boolean', 'sc:Integer', 'sc:Float', 'sc:Date', 'sc:DateTime', 'sc:URL'];

export function readCroissant(folder: string): Croissant {
  return JSON.parse(readFileSync(join(folder, 'croissant.json'), 'utf8')) as Croissant;
}

/** What is wrong with the description of a folder, a sentence each; nothing when all holds. */
export function croissantFaults(folder: string, croissant = readCroissant(folder)): string[] {
  return [
    ...datasetFaults(croissant),
    ...idFaults(croissant),
    ...croissant.distribution.flatMap((resource) => resourceFaults(folder, resource)),
    ...croissant.recordSet.flatMap((set) => recordSetFaults(set, croissant)),
  ];
}

function datasetFaults(croissant: Croissant): string[] {
  const faults = REQUIRED.filter((name) => !(name in croissant)).map((name) => `${name} is missing`);
  if (croissant['@type'] !== 'sc:Dataset') faults.push('the type is not sc:Dataset');
  if (croissant.conformsTo !== 'http://mlcommons.org/croissant/1.0')
    faults.push('it conforms to something else');
  if (!SEMANTIC_VERSION.test(croissant.version)) faults.push('the version is no semantic version');
  if (Number.isNaN(Date.parse(croissant.datePublished))) faults.push('datePublished is no date');
  const known = new Set([...Object.keys(croissant['@context']), ...SCHEMA_ORG]);
  const { '@context': _, ...rest } = croissant;
  for (const term of termsOf(rest))
    if (!term.startsWith('@') && !known.has(term)) faults.push(`no term ${term}`);
  return faults;
}

/** Names of all members, but those of embedded data, which are ids of fields. */
function termsOf(value: unknown): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...termsOf(item)]));
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(
    Object.entries(value).flatMap(([name, item]) => [name, ...(name === 'data' ? [] : termsOf(item))]),
  );
}

function idFaults({ distribution, recordSet }: Croissant): string[] {
  const ids = [...distribution, ...recordSet, ...recordSet.flatMap(({ field }) => field)].map((node) => node['@id']); // prettier-ignore
  return ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `${id} stands twice`);
}

function resourceFaults(folder: string, resource: Resource): string[] {
  const { '@id': id, '@type': type, contentUrl, includes, encodingFormat } = resource;
  const faults = encodingFormat === '' ? [`${id} has no format`] : [];
  if (type === 'cr:FileSet') {
    const pattern = new RegExp(`^${(includes ?? '').replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
    if (!filesBelow(folder).some((path) => pattern.test(path))) faults.push(`${id} includes nothing`);
  } else if (contentUrl === undefined || !existsSync(join(folder, contentUrl)))
    faults.push(`${id} is not there`);
  else if (sha256(folder, contentUrl) !== resource.sha256) faults.push(`${id} has another sha256`);
  return faults;
}

function recordSetFaults(set: RecordSet, croissant: Croissant): string[] {
  const own = new Set(set.field.map((field) => field['@id']));
  const faults = (set.key ?? []).filter((key) => !own.has(key['@id'])).map((key) => `no key ${key['@id']}`);
  for (const field of set.field) faults.push(...fieldFaults(field, set, croissant));
  if (new Set(set.field.map((field) => sourceOf(field, croissant))).size > 1 && set.data === undefined)
    faults.push(`${set['@id']} has several sources and declares no join`);
  for (const row of set.data ?? []) {
    if (Object.keys(row).sort().join() !== [...own].sort().join())
      faults.push(`${set['@id']} has other data`);
  }
  return faults;
}

function fieldFaults(field: Field, set: RecordSet, { distribution, recordSet }: Croissant): string[] {
  const { '@id': id, source, references, dataType, description } = field;
  const faults: string[] = [];
  if (!DATA_TYPES.includes(dataType)) faults.push(`${id} has type ${dataType}`);
  if (description === '') faults.push(`${id} has no description`);
  const target = references?.field['@id'];
  const isThere = (other: RecordSet) => other !== set && other.field.some((one) => one['@id'] === target);
  if (target !== undefined && !recordSet.some(isThere))
    faults.push(`${id} references ${target}, which is not there`);
  if (set.data !== undefined) return faults;
  const from = source?.fileSet ?? source?.fileObject;
  if (!distribution.some((resource) => resource['@id'] === from?.['@id'])) faults.push(`${id} has no source`);
  if (source?.extract?.column === undefined) faults.push(`${id} says no column`);
  return faults;
}

function sourceOf({ source }: Field, { recordSet }: Croissant): string | undefined {
  const field = source?.field?.['@id'];
  if (field === undefined) return (source?.fileSet ?? source?.fileObject)?.['@id'];
  return recordSet.find((set) => set.field.some((one) => one['@id'] === field))?.['@id'];
}
