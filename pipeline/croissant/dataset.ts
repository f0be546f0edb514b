import { CONTEXT } from './context.js';

/**
 * Croissant 1.0 (mlcommons.org/croissant/1.0): a description of files and of the records in them that tools for machine
 * learning read. What is to be described comes in as plain data; nothing is read or written here.
 */

export interface CroissantDataset {
  readonly name: string;
  readonly description: string;
  /** Semantic version; what varies from run to run may follow a `+`. */
  readonly version: string;
  /** ISO 8601. */
  readonly datePublished: string;
  readonly keywords: readonly string[];
  readonly files: readonly CroissantFile[];
  readonly fileSets: readonly CroissantFileSet[];
  readonly recordSets: readonly CroissantRecordSet[];
  /** Names of the splits of record sets, and what they are for; none where there are none. */
  readonly splits?: readonly CroissantSplit[];
}

/** A file; its path, from the folder of croissant.json on, is its id. */
export interface CroissantFile {
  readonly path: string;
  readonly format: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** All files that a pattern matches, from the folder of croissant.json on: parts of one table. */
export interface CroissantFileSet {
  readonly id: string;
  readonly includes: string;
  readonly format: string;
}

export interface CroissantRecordSet {
  readonly name: string;
  readonly description: string;
  /** Where all its fields come from: the id of a file set, or the path of a file. */
  readonly source: { readonly fileSet: string } | { readonly file: string };
  /** Names of fields that together name a record; empty where none do. */
  readonly key: readonly string[];
  readonly fields: readonly CroissantField[];
}

export interface CroissantField {
  /** That of the column. */
  readonly name: string;
  readonly description: string;
  readonly type: CroissantType;
  /** A field of another record set of which each value is one. */
  readonly references?: { readonly recordSet: string; readonly field: string };
}

/** `repeated`: a list of such values. */
export interface CroissantType {
  readonly dataType: 'sc:Text' | 'sc:Boolean' | 'sc:Integer' | 'sc:Float' | 'sc:Date' | 'sc:DateTime';
  readonly repeated: boolean;
}

export interface CroissantSplit {
  readonly name: string;
  readonly use: 'training' | 'validation' | 'test';
}

export const PARQUET = 'application/x-parquet';

/** The record set of splits, whose names the field of a record set that tells the split refers to. */
export const SPLITS = { recordSet: 'cr_splits', field: 'name' } as const;

const SPLIT_CLASSES = {
  training: 'cr:TrainingSplit',
  validation: 'cr:ValidationSplit',
  test: 'cr:TestSplit',
} as const;

/** Who made OMI-DB, and under what it is given away: whoever describes tables of it says so. */
const OMI_DB = {
  license: [
    { '@type': 'sc:CreativeWork', name: 'The agreement under which the copy of OMI-DB was received' },
  ],
  url: 'https://doi.org/10.1148/ryai.2020200103',
  creator: [{ '@type': 'sc:Organization', name: 'OPTIMAM Mammography Image Database (OMI-DB)' }],
  citeAs:
    '@article{halling-brown2021omidb, title={OPTIMAM Mammography Image Database: A Large-Scale Resource of Mammography Images and Clinical Data}, ' +
    'author={Halling-Brown, Mark D. and others}, journal={Radiology: Artificial Intelligence}, volume={3}, number={1}, year={2021}, doi={10.1148/ryai.2020200103}}',
} as const;

/** The content of croissant.json. */
export function croissant(dataset: CroissantDataset): Record<string, unknown> {
  const { name, description, version, datePublished, keywords } = dataset;
  const splits = dataset.splits ?? [];
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name,
    description,
    version,
    datePublished,
    ...OMI_DB,
    keywords,
    distribution: [...dataset.files.map(fileObject), ...dataset.fileSets.map(fileSet)],
    recordSet: [...(splits.length === 0 ? [] : [splitSet(splits)]), ...dataset.recordSets.map(recordSet)],
  };
}

function fileObject({ path, format, bytes, sha256 }: CroissantFile) {
  return {
    '@type': 'cr:FileObject',
    '@id': path,
    name: path,
    contentUrl: path,
    contentSize: `${bytes} B`,
    encodingFormat: format,
    sha256,
  };
}

function fileSet({ id, includes, format }: CroissantFileSet) {
  return { '@type': 'cr:FileSet', '@id': id, name: id, encodingFormat: format, includes };
}

function recordSet({ name, description, source, key, fields }: CroissantRecordSet) {
  return {
    '@type': 'cr:RecordSet',
    '@id': name,
    name,
    description,
    ...(key.length === 0 ? {} : { key: key.map((field) => reference(name, field)) }),
    field: fields.map((each) => field(name, source, each)),
  };
}

function field(
  set: string,
  source: CroissantRecordSet['source'],
  { name, description, type, references }: CroissantField,
) {
  const from =
    'fileSet' in source ? { fileSet: { '@id': source.fileSet } } : { fileObject: { '@id': source.file } };
  return {
    '@type': 'cr:Field',
    '@id': `${set}/${name}`,
    name: `${set}/${name}`,
    description,
    dataType: type.dataType,
    ...(type.repeated ? { repeated: true } : {}),
    source: { ...from, extract: { column: name } },
    ...(references === undefined
      ? {}
      : { references: { field: reference(references.recordSet, references.field) } }),
  };
}

function reference(set: string, field: string) {
  return { '@id': `${set}/${field}` };
}

/**
 * By the specification's section on splits: their class says what each is for, whatever it is called. Its url has type
 * cr:Split there, which the reference implementation refuses; sc:URL it reads, as in the COCO example beside it.
 */
function splitSet(splits: readonly CroissantSplit[]) {
  const { recordSet: set, field: name } = SPLITS;
  const fieldOf = (id: string, dataType: string) => ({
    '@type': 'cr:Field',
    '@id': `${set}/${id}`,
    name: `${set}/${id}`,
    description: id === name ? 'Name of the split.' : 'What the split is for.',
    dataType,
  });
  return {
    '@type': 'cr:RecordSet',
    '@id': set,
    name: set,
    description: 'The splits.',
    dataType: 'cr:Split',
    key: [reference(set, name)],
    field: [fieldOf(name, 'sc:Text'), fieldOf('url', 'sc:URL')],
    data: splits.map((split) => ({
      [`${set}/${name}`]: split.name,
      [`${set}/url`]: SPLIT_CLASSES[split.use],
    })),
  };
}
