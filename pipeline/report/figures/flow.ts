import type { MismatchKind } from '../../../schemas/mismatch-kinds.js';
import type { Count, Ledger } from '../counts.js';
import type { SnapshotTables } from '../snapshot-tables.js';

/** From all that was found to what can be used whole: at each step, what is left and what is lost. */
export interface Flow {
  /** What is counted: images, or exams. */
  readonly unit: 'images' | 'exams';
  readonly steps: readonly FlowStep[];
}

export interface FlowStep {
  readonly title: string;
  readonly left: Count;
  /** Null at the start. */
  readonly lost: Count | null;
  /** Kinds of mismatch that say why. */
  readonly kinds: readonly MismatchKind[];
}

/** A step as it is asked: what is left fulfils its condition and those before it. */
interface Condition {
  readonly title: string;
  readonly sql: string;
  /** Columns that the condition needs; a snapshot that lacks one has no such step. */
  readonly needs: readonly string[];
  readonly kinds: readonly MismatchKind[];
}

const IMAGES: readonly Condition[] = [
  {
    title: 'with a DICOM file',
    sql: 'dicom_path IS NOT NULL',
    needs: ['dicom_path'],
    kinds: ['dicom_missing', 'image_not_on_disk', 'study_only_in_data', 'client_only_in_data', 'study_not_on_disk'], // prettier-ignore
  },
  {
    title: 'file is whole, under the right name',
    sql: 'dicom_ok',
    needs: ['dicom_ok'],
    kinds: ['dicom_unreadable', 'dicom_truncated', 'sop_instance_uid_conflict', 'study_instance_uid_conflict', 'series_instance_uid_conflict'], // prettier-ignore
  },
  {
    title: 'plain CC or MLO view, breast known',
    sql: 'is_standard_view',
    needs: ['is_standard_view'],
    kinds: ['laterality_conflict', 'view_conflict'],
  },
  {
    title: 'linked to an episode of care',
    sql: 'episode_id IS NOT NULL',
    needs: ['episode_id'],
    kinds: ['study_episode_unresolved', 'nbss_missing', 'study_date_missing', 'imagedb_missing'],
  },
  {
    title: 'with a label of the breast',
    sql: "breast_label_strict IN ('M', 'B', 'N')",
    needs: ['breast_label_strict'],
    kinds: ['breast_label_conflict'],
  },
];

const EXAMS: readonly Condition[] = [
  { title: 'all four views, for presentation', sql: 'is_complete', needs: ['is_complete'], kinds: [] },
  {
    title: 'linked to an episode of care',
    sql: 'episode_id IS NOT NULL',
    needs: ['episode_id'],
    kinds: ['study_episode_unresolved', 'nbss_missing', 'study_date_missing', 'imagedb_missing'],
  },
  {
    title: 'with a label of both breasts',
    sql: "l_label_strict IN ('M', 'B', 'N') AND r_label_strict IN ('M', 'B', 'N')",
    needs: ['l_label_strict', 'r_label_strict'],
    kinds: ['breast_label_conflict'],
  },
];

/** The flow of images and that of exams; a table that the snapshot has not gives none. */
export async function flows(tables: SnapshotTables, ledger: Ledger): Promise<Flow[]> {
  const asked = [
    { unit: 'images', table: 'image_summary', start: 'listed or found', conditions: IMAGES },
    { unit: 'exams', table: 'exams', start: 'with an image', conditions: EXAMS },
  ] as const;
  const found: Flow[] = [];
  for (const { unit, table, start, conditions } of asked) {
    const possible = conditions.filter(({ needs }) => tables.has(table, ...needs));
    if (tables.has(table)) found.push(await flowOf(tables, ledger, unit, table, start, possible));
  }
  return found;
}

async function flowOf(
  tables: SnapshotTables,
  ledger: Ledger,
  unit: Flow['unit'],
  table: string,
  start: string,
  conditions: readonly Condition[],
): Promise<Flow> {
  const counts = conditions.map((_, step) => {
    const all = conditions.slice(0, step + 1).map(({ sql }) => `(${sql})`);
    return `count(*) FILTER (${all.join(' AND ')}) AS step${step}`;
  });
  const [row] = await tables.rows(`SELECT ${['count(*) AS start', ...counts].join(', ')} FROM ${table}`);
  const first: FlowStep = { title: start, left: ledger.count(unit, Number(row!['start'])), lost: null, kinds: [] }; // prettier-ignore
  const steps = [first];
  for (const [step, { title, kinds }] of conditions.entries()) {
    const before = steps.at(-1)!.left;
    const left = ledger.count(`${unit}|flow=${step}`, Number(row![`step${step}`]));
    const lost = ledger.count(`${unit}|lost=${step}`, before.n - left.n);
    ledger.sum(before, [left, lost]);
    steps.push({ title, left, lost, kinds });
  }
  return { unit, steps };
}
