import { join } from 'node:path';
import {
  croissant,
  PARQUET,
  SPLITS,
  type CroissantField,
  type CroissantFile,
  type CroissantSplit,
  type CroissantType,
} from '../croissant/dataset.js';
import { listNames } from '../storage/folders.js';
import { sizeOf } from '../storage/names.js';
import { hashFile } from '../storage/read.js';
import type { CohortFile } from './cohort-file.js';
import { shares, type CohortSpec } from './spec.js';
import { UNIT_OF } from './unit.js';

const FORMATS: Readonly<Record<string, string>> = {
  parquet: PARQUET,
  csv: 'text/csv',
  json: 'application/json',
  md: 'text/markdown',
  svg: 'image/svg+xml',
};

/**
 * The content of a cohort's croissant.json: its files with their checksums, rows and excluded rows as records, and what the
 * splits are for. All other files are written.
 * @param published when the snapshot was: a cohort of the same tables is the same whenever it is made
 */
export async function cohortCroissant(
  folder: string,
  file: CohortFile,
  published: string,
): Promise<Record<string, unknown>> {
  const { name, spec, software, snapshot, spec_sha256: hash } = file;
  const splits = splitsOf(spec);
  const { key } = UNIT_OF[spec.unit];
  return croissant({
    name,
    description: spec.description ?? `A cohort of mammograms from OMI-DB, a row for each ${spec.unit}.`,
    version: `${software.version}+${snapshot.run_id}.${hash.slice(0, 8)}`,
    datePublished: published,
    keywords: ['mammography', 'breast screening', 'OMI-DB', 'cohort'],
    files: await filesOf(folder),
    fileSets: [],
    recordSets: [
      {
        name: 'cohort',
        description: `The rows of the cohort, one for each ${spec.unit}.`,
        source: { file: 'cohort.parquet' },
        key,
        fields: file.columns.map((column) => fieldOf(column, splits !== null)),
      },
      {
        name: 'excluded',
        description: 'The rows that were left out, each with the step that left it out.',
        source: { file: 'excluded.parquet' },
        key,
        fields: [...file.columns.filter((column) => key.includes(column.name)), ...OF_EXCLUDED].map(
          (column) => fieldOf(column, false),
        ),
      },
    ],
    ...(splits === null ? {} : { splits }),
  });
}

const OF_EXCLUDED = [
  { name: 'step', type: 'INTEGER', description: 'Number of the step, counted from 1.' },
  { name: 'step_name', type: 'VARCHAR', description: 'Name of the step.' },
  { name: 'reason', type: 'VARCHAR', description: 'excluded, or unknown where it could not be told.' },
];

async function filesOf(folder: string): Promise<CroissantFile[]> {
  const files: CroissantFile[] = [];
  for (const path of listNames(folder).sort()) {
    const format = FORMATS[path.split('.').at(-1)!]!;
    const file = join(folder, path);
    files.push({ path, format, bytes: sizeOf(file)!, sha256: await hashFile(file) });
  }
  return files;
}

function fieldOf(
  { name, type, description }: CohortFile['columns'][number],
  hasSplits: boolean,
): CroissantField {
  const references = name === 'split' && hasSplits ? { references: SPLITS } : {};
  return { name, description, type: typeOf(type), ...references };
}

/** Of DuckDB's types, the item of lists. */
const DATA_TYPES: Readonly<Record<string, CroissantType['dataType']>> = {
  BOOLEAN: 'sc:Boolean',
  INTEGER: 'sc:Integer',
  BIGINT: 'sc:Integer',
  HUGEINT: 'sc:Integer',
  DOUBLE: 'sc:Float',
  DATE: 'sc:Date',
  TIMESTAMP: 'sc:DateTime',
};

function typeOf(type: string): CroissantType {
  const item = type.replace(/\[\]$/, '');
  const isNumber = /^(DECIMAL|FLOAT)/.test(item);
  return { dataType: DATA_TYPES[item] ?? (isNumber ? 'sc:Float' : 'sc:Text'), repeated: item !== type };
}

const USES: readonly (readonly [RegExp, CroissantSplit['use']])[] = [
  [/^(train|training)$/, 'training'],
  [/^(val|valid|validation|dev|development|tune|tuning)$/, 'validation'],
  [/^(test|testing)$/, 'test'],
];

/** What each split is for, by its name; null where a name does not tell. */
function splitsOf(spec: CohortSpec): CroissantSplit[] | null {
  const splits = shares(spec).flatMap(({ split: name }) => {
    const use = USES.find(([names]) => names.test(name))?.[1];
    return use === undefined ? [] : [{ name, use }];
  });
  return splits.length === shares(spec).length ? splits : null;
}
