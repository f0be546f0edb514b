import type { MismatchKind } from '../../schemas/mismatch-kinds.js';
import type { ClientPlan, StudyPlan } from './client.js';
import type { Random } from './random.js';

/**
 * What can be wrong with a database; the rest is a matter of the run and of the permissions of its user, or of an episode
 * that has no date at all, which no sample has.
 */
export type FaultKind =
  | Exclude<
      MismatchKind,
      'image_root_absent' | 'folder_unreadable' | 'episode_outcome_undefined' | 'cancer_undated'
    >
  | (typeof NEEDS_KIND)[number];

/**
 * Kinds of mismatch that faults here should be found as, whether or not MISMATCH_KINDS has them yet. As long as it has
 * not, no sample has these faults.
 */
export const NEEDS_KIND = [
  'dicom_element_odd',
  'laterality_conflict',
  'view_conflict',
  'mark_side_conflict',
  'code_respelled',
  'value_respelled',
  'record_unplaced',
  'sop_instance_uid_missing',
] as const;

/** A line of truth.jsonl: a mismatch that the pipeline should find, and how it was caused. */
export interface TruthRow {
  readonly kind: FaultKind;
  readonly client_id: string;
  readonly study_instance_uid: string | null;
  readonly series_instance_uid: string | null;
  readonly sop_instance_uid: string | null;
  /** Relative to the root it lies under: data/ for JSON and folders of data, images/ for the rest. */
  readonly path: string | null;
  readonly how: string;
}

/** What a fault may change. */
export interface Target {
  readonly client: ClientPlan;
  /** A study of the client in an episode that no fault has touched yet. */
  readonly study: StudyPlan;
  /** The client's other studies in such episodes. */
  readonly others: readonly StudyPlan[];
  /** The last client before this one that has studies and no fault. */
  readonly earlier: ClientPlan | null;
  readonly random: Random;
}

/** Does the damage; null when this target is not fit for it (then nothing was changed). */
export type Inject = (target: Target) => Row | null;
export type Row = Omit<TruthRow, 'kind' | 'client_id'>;

export interface Injection {
  readonly kind: FaultKind;
  /** `client`: hides or touches so much that nothing else may be wrong with the client. */
  readonly scope: 'client' | 'study';
  /** Found as that kind only by a program that knows this one too; `kind` alone where it is left out. */
  readonly needs?: FaultKind;
  readonly inject: Inject;
}
