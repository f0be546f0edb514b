import type { Table } from '../../schemas/column.js';
import { croissant, PARQUET } from '../croissant/dataset.js';
import { recordSetsOf } from '../croissant/tables.js';
import type { Manifest } from './manifest.js';

/**
 * The content of a snapshot's croissant.json: of each table its part files with their checksums, all of them as a set, and
 * its rows as records. What varies from run to run is in `version` and `datePublished` alone.
 */
export function snapshotCroissant(manifest: Manifest, tables: readonly Table[]): Record<string, unknown> {
  const { run_id: runId, finished, software, inputs } = manifest;
  const { clients, studies, images } = inputs;
  const partsOf = (table: string) => manifest.tables[table]?.files ?? [];
  return croissant({
    name: 'OMI-DB tables',
    description:
      `Tables of a copy of OMI-DB, the OPTIMAM mammography image database: ${clients} women, ${studies} studies, ${images} images. ` +
      'Episodes of screening, assessment, pathology, image headers, marks and labels, and what does not pair up in the copy. No pixels.',
    // Build metadata of a semantic version: letters, digits, dots and dashes, as run ids are.
    version: `${software.version}+${runId}`,
    datePublished: finished,
    keywords: ['mammography', 'breast screening', 'OMI-DB', 'NBSS', 'DICOM'],
    files: tables.flatMap(({ name }) =>
      partsOf(name).map(({ path, bytes, sha256 }) => ({ path, bytes, sha256, format: PARQUET })),
    ),
    fileSets: tables.map(({ name }) => ({
      id: setOf(name),
      includes: `tables/${name}/*.parquet`,
      format: PARQUET,
    })),
    recordSets: recordSetsOf(tables, (name) => ({ fileSet: setOf(name) })),
  });
}

/** An id apart from that of the record set. */
function setOf(table: string): string {
  return `${table}-parts`;
}
