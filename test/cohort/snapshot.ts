import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSchema } from '../../schemas/describe.js';
import { column, required, table, type Table } from '../../schemas/column.js';
import { boxes } from '../../schemas/tables/boxes.js';
import { exams } from '../../schemas/tables/exams.js';
import { imageSummary } from '../../schemas/tables/image-summary.js';
import { splits } from '../../schemas/tables/splits.js';
import { DUCKDB_TYPES, openDuckDb } from '../helpers/duckdb.js';

/** Snapshots of a few rows, written by DuckDB from plain objects: what is not named is null. */

export type TestRow = Readonly<Record<string, unknown>>;

export interface TestTables {
  readonly exams?: readonly TestRow[];
  readonly image_summary?: readonly TestRow[];
  readonly boxes?: readonly TestRow[];
  readonly splits?: readonly TestRow[];
  readonly side_density?: readonly TestRow[];
}

const SIDE_DENSITY = table('side_density', {
  description: 'The rows of a file.',
  key: ['client_id', 'study_instance_uid', 'sop_instance_uid'],
  parents: [],
  columns: [
    required('client_id', 'string', { description: 'The woman.', source: 'file' }),
    required('study_instance_uid', 'string', { description: 'The study.', source: 'file' }),
    required('sop_instance_uid', 'string', { description: 'The image.', source: 'file' }),
    column('density', 'string', { description: 'Column density.', source: 'file' }),
  ],
});
const TABLES: readonly Table[] = [exams, imageSummary, boxes, splits];

export const RUN = '20260101T000000.000Z-abcdef';

/** Writes a snapshot into an output folder. @returns its folder */
export async function writeSnapshot(out: string, rows: TestTables, run = RUN): Promise<string> {
  const folder = join(out, 'snapshots', run);
  const tables: Record<string, unknown> = {};
  const described = [...TABLES, ...(rows.side_density === undefined ? [] : [SIDE_DENSITY])];
  const ask = await openDuckDb();
  for (const one of described) {
    const given = rows[one.name as keyof TestTables] ?? [];
    mkdirSync(join(folder, 'tables', one.name), { recursive: true });
    const path = `tables/${one.name}/part.parquet`;
    writeFileSync(join(folder, 'rows.json'), JSON.stringify(given));
    const columns = one.columns.map(({ name, type }) => `"${name}": '${DUCKDB_TYPES[type]!}'`).join(', ');
    await ask(
      `COPY (SELECT * FROM read_json('${folder}/rows.json', columns = {${columns}}, format = 'array')) TO '${folder}/${path}'`,
    );
    const bytes = readFileSync(join(folder, path));
    tables[one.name] = {
      rows: given.length,
      files: [{ path, rows: given.length, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }],
    }; // prettier-ignore
  }
  writeFileSync(join(folder, 'schema.json'), JSON.stringify(describeSchema(described)));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest(run, tables)));
  return folder;
}

function manifest(run: string, tables: object): object {
  return {
    format_version: 2,
    run_id: run,
    finished: '2026-01-01T00:00:00.000Z',
    inputs: { roots: { data: '/db/data', images: '/db/images', nbss: null }, clients: 1, images: 1, dicom_files: { files: 1 } },
    work: { client_ranges: {} },
    tables,
    mismatches: { by_severity: {}, by_kind: {}, file: {}, first_seen: {}, total: 0 },
    budgets: [],
  }; // prettier-ignore
}

/** A complete screening exam of a woman, whose four images are named after it. */
export function exam(client: string, study: string, more: TestRow = {}): TestRow {
  return {
    client_id: client,
    study_instance_uid: study,
    study_role: 'screening',
    study_date: '2015-06-01',
    patient_age_years: 60,
    site: 'STGE',
    manufacturer_name: 'hologic',
    l_cc_presentation: `${study}.1`,
    l_mlo_presentation: `${study}.2`,
    r_cc_presentation: `${study}.3`,
    r_mlo_presentation: `${study}.4`,
    is_complete: true,
    has_implant: false,
    l_label_strict: 'N',
    r_label_strict: 'N',
    days_to_last_follow_up: 2000,
    ...more,
  };
}

/** The four images of such an exam. */
export function imagesOf(client: string, study: string, more: TestRow = {}): TestRow[] {
  return [1, 2, 3, 4].map((i) => ({
    client_id: client,
    study_instance_uid: study,
    sop_instance_uid: `${study}.${i}`,
    breast: i <= 2 ? 'L' : 'R',
    dicom_path: `${client}/${study}/${study}.${i}.dcm`,
    ...more,
  }));
}

/** The row of a woman in table splits. */
export function splitRow(client: string, group = client): TestRow {
  const digits = createHash('sha256').update(group).digest('hex').slice(0, 13);
  return { client_id: client, split_group: group, split_point: parseInt(digits, 16) / 16 ** 13 };
}

/** A snapshot's tables of exams, each with its images, and of their women. */
export function tablesOfExams(exams: readonly TestRow[]): TestTables {
  const clients = [...new Set(exams.map((row) => String(row['client_id'])))];
  return {
    exams,
    image_summary: exams.flatMap((row) =>
      imagesOf(String(row['client_id']), String(row['study_instance_uid'])),
    ),
    splits: clients.map((client) => splitRow(client)),
  };
}
