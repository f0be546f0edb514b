import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withScratchDb } from '../../pipeline/engine/scratch-db.js';
import type { ReportInput } from '../../pipeline/report/input.js';
import { makeReport } from '../../pipeline/report/report.js';
import type { Manifest } from '../../pipeline/snapshot/manifest.js';
import { readManifest } from '../../pipeline/snapshot/read-manifest.js';
import { makeSnapshot, type MadeRows } from './made-snapshot.js';

/** The page of a snapshot. */
export function reportOf(snapshot: string, more: Partial<ReportInput> = {}): Promise<string> {
  const plain = { manifest: readManifest(snapshot)!, earlier: [], withIds: false, minCount: 1 };
  return withScratchDb((db) => makeReport(db, { snapshot, ...plain, ...more }));
}

/** The page of rows of one's own. @param manifest what it says of the run */
export async function reportOfRows(
  rows: MadeRows,
  more: Partial<ReportInput> = {},
  manifest: Partial<Manifest> = {},
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'omidb-report-'));
  try {
    await makeSnapshot(folder, rows, manifest);
    return await reportOf(folder, more);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Names that a page must show as text. */
export const HOSTILE_NAMES = [
  '<script>document.title = "taken"</script>',
  '</title></svg><img src=x onerror="document.title = \'taken\'">',
  '"\'&amp;<b>',
  'a\u202Eright to left\u0007',
  'x'.repeat(10_000),
];

/** Sites that are named here, 60 in all; women, exams, images and boxes of each; and a mismatch of every kind. */
export function manySites(
  names: readonly string[],
  kinds: readonly { kind: string; severity: string }[],
): MadeRows {
  const sites = Array.from({ length: 60 }, (_, i) => names[i] ?? `S${String(i).padStart(3, '0')}`);
  const images = sites.flatMap((site, i) =>
    ['CC', 'MLO'].map((view, j) => ({
      client_id: `optm${i}`,
      study_instance_uid: `1.2.${i}`,
      sop_instance_uid: `1.2.${i}.${j}`,
      site,
      view,
      breast: 'L',
      study_date: `20${String(10 + (i % 10))}-0${1 + (i % 9)}-15`,
      manufacturer: names[i] ?? ['ge', 'hologic', 'siemens'][i % 3],
      manufacturer_name: names[i] ?? ['ge', 'hologic', 'siemens'][i % 3],
      patient_age_years: 45 + (i % 30),
      body_part_thickness: 30 + i,
      organ_dose: 0.015,
      breast_label_strict: 'N',
      episode_outcome: names[i] ?? 'N',
      chest_wall_side: 'left',
      dicom_path: `secret/optm${i}.dcm`,
      dicom_ok: true,
      is_standard_view: true,
    })),
  );
  const boxes = images.map((image) => ({
    ...image,
    mark_id: '1',
    box_x_min_normalised: 0.2,
    box_x_max_normalised: 0.4,
    box_y_min_normalised: 0.3,
    box_y_max_normalised: 0.5,
    box_width_mm: 12,
    box_height_mm: 17,
    is_malignant: true,
    is_usable: true,
  }));
  return {
    clients: sites.map((site, i) => ({ client_id: `optm${i}`, site })),
    studies: sites.map((_, i) => ({ client_id: `optm${i}`, study_instance_uid: `1.2.${i}` })),
    images,
    image_summary: images,
    exams: images.filter((_, i) => i % 2 === 0).map((exam) => ({ ...exam, is_complete: false })),
    marks: boxes,
    boxes,
    mismatches: kinds.map(({ kind, severity }) => ({
      kind,
      severity,
      client_id: 'optm1',
      found: 'free text',
      path: 'secret/path',
      detail: 'A sentence.',
    })),
  };
}

/** Writes a page where a browser finds it. */
export function writePage(folder: string, name: string, page: string): string {
  const file = join(folder, name);
  writeFileSync(file, page);
  return file;
}
