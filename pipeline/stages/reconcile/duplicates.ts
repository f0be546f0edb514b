import { join } from 'node:path';
import { compareText } from '../../base/text.js';
import { compareClients, parseClientId } from '../../omi-db/client-id.js';
import type { DuckDb } from '../../engine/duckdb.js';
import { parquetRows } from '../../engine/sql.js';
import type { Mismatch } from '../../../schemas/mismatch-kinds.js';
import type { PartReceipt } from '../write/part-file.js';

interface Place {
  readonly sop: string;
  readonly clientId: string;
  readonly study: string;
  readonly series: string | null;
  readonly path: string;
}

/**
 * Images whose files lie in two places of the database. Only a look over all clients finds them, so DuckDB (which spills
 * what does not fit into memory) looks over the finished part files of `images`.
 * @returns a mismatch for each place after an image's first, in natural order of client
 */
export async function findDuplicateImages(
  db: DuckDb,
  snapshot: string,
  parts: readonly PartReceipt[],
): Promise<Mismatch[]> {
  if (parts.length === 0) return [];
  const images = parquetRows(parts.map(({ path }) => join(snapshot, path)));
  const rows = await db.rows(`
    SELECT sop_instance_uid AS sop, client_id AS client, study_instance_uid AS study, series_instance_uid AS series,
           coalesce(dicom_path, json_path) AS path
    FROM ${images}
    WHERE (has_json OR has_dicom) AND sop_instance_uid IN (
      SELECT sop_instance_uid FROM ${images} WHERE has_json OR has_dicom
      GROUP BY sop_instance_uid HAVING count(*) > 1)`);
  const places = rows.map((row) => ({
    sop: String(row['sop']),
    clientId: String(row['client']),
    study: String(row['study']),
    series: row['series'] as string | null,
    path: String(row['path']),
  }));
  places.sort(comparePlaces);
  const first = new Map<string, Place>();
  const mismatches: Mismatch[] = [];
  for (const place of places) {
    const known = first.get(place.sop);
    if (known === undefined) first.set(place.sop, place);
    else mismatches.push(duplicate(known, place));
  }
  return mismatches;
}

function comparePlaces(a: Place, b: Place): number {
  return (
    compareClients(parseClientId(a.clientId)!, parseClientId(b.clientId)!) || compareText(a.study, b.study)
  );
}

function duplicate(first: Place, place: Place): Mismatch {
  return {
    kind: 'image_uid_duplicate',
    client_id: place.clientId,
    study_instance_uid: place.study,
    series_instance_uid: place.series,
    sop_instance_uid: place.sop,
    path: place.path,
    detail: 'An image of the same SOPInstanceUID lies at the place in `expected` too; both rows are kept.',
    expected: first.path,
    found: place.path,
  };
}
