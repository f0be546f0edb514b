import type { RowOf } from '../../schemas/row.js';
import type { exams } from '../../schemas/tables/exams.js';
import type { ClientModel, ImageModel, StudyModel } from '../model/client-model.js';
import type { SelectedTags } from '../model/selected-tags.js';
import type { ExamViews } from '../semantics/exam/exam-views.js';
import { ageInYears } from '../semantics/image.js';
import {
  breastsOfStudy,
  type BreastAtStudyRow,
  type BreastInEpisodeRow,
  type BreastsOfStudy,
} from './breast-rows.js';
import { clientRow } from './clients.js';
import { episodeRow } from './episodes.js';
import { countBoxes } from './images.js';
import { studyRow } from './studies.js';

type ExamRow = RowOf<typeof exams>;

/** The rows of a client in `exams`: of each study with an image, by UID. */
export function examRows(client: ClientModel): ExamRow[] {
  const clients = clientRow(client);
  return client.studies.flatMap((study) =>
    study.views === null ? [] : [examRow(study, study.views, client, clients)],
  );
}

function examRow(
  study: StudyModel,
  views: ExamViews,
  { clientId, history: woman, tags }: ClientModel,
  clients: ExamRow['clients'],
): ExamRow {
  const { images, history, episode } = study;
  const breasts = breastsOfStudy(study, woman);
  const { number, prior } = history.place;
  return {
    client_id: clientId,
    study_instance_uid: study.uid,
    study_role: history.role,
    ...agreedCells(images, tags),
    ...chosenCells(views),
    chosen_by: views.chosenBy,
    is_complete: views.isComplete,
    missing_views: views.missingViews,
    has_synthetic_2d: views.views.some(
      ({ purpose, chosen }) => purpose === 'presentation' && chosen?.image.kind === 'synthetic_2d',
    ),
    has_implant: anyOf(images.map(({ look }) => look.hasImplant)),
    mark_count: images.reduce((sum, image) => sum + countBoxes(image), 0),
    ...breastCells(breasts),
    days_to_last_follow_up: history.daysToLastFollowUp,
    exam_number: number,
    prior_study_instance_uid: prior?.studyInstanceUid ?? null,
    days_since_prior: prior?.days ?? null,
    clients,
    studies: studyRow(clientId, study),
    episodes: episode === null ? null : episodeRow(clientId, episode),
  };
}

type AgreedCells = Pick<ExamRow, 'patient_age_years' | 'manufacturer_name' | 'manufacturer_model_name'>;

function agreedCells(images: readonly ImageModel[], tags: SelectedTags): AgreedCells {
  const ofHeaders = (column: string): (string | null)[] =>
    images.map(({ header }) => tags.text(header?.values ?? null, column));
  return {
    patient_age_years: agreed(ofHeaders('patient_age').map((age) => (age === null ? null : ageInYears(age)))),
    manufacturer_name: agreed(images.map(({ look }) => look.manufacturerName)),
    manufacturer_model_name: agreed(ofHeaders('manufacturer_model_name')),
  };
}

/** The one value that all which have one agree on; null where they do not, or none has one. */
function agreed<T>(values: readonly (T | null)[]): T | null {
  const [first, ...others] = new Set(values.filter((value) => value !== null));
  return first !== undefined && others.length === 0 ? first : null;
}

/** True if any is; else null if any is not known, else false. */
function anyOf(values: readonly (boolean | null)[]): boolean | null {
  if (values.includes(true)) return true;
  return values.includes(null) ? null : false;
}

type ChosenCells = Pick<ExamRow, Extract<keyof ExamRow, `${'l' | 'r'}_${'cc' | 'mlo'}_${string}`>>;

/**
 * In the order of `ExamViews.views`. Written out, as the cells below: a row that is put together from names takes as long
 * as to read an image.
 */
function chosenCells({ views }: ExamViews): ChosenCells {
  const uid = (view: number): string | null => views[view]!.chosen?.image.sopInstanceUid ?? null;
  const candidates = (view: number): number => views[view]!.chosen?.candidates ?? 0;
  return {
    l_cc_presentation: uid(0),
    l_cc_presentation_candidates: candidates(0),
    l_mlo_presentation: uid(1),
    l_mlo_presentation_candidates: candidates(1),
    r_cc_presentation: uid(2),
    r_cc_presentation_candidates: candidates(2),
    r_mlo_presentation: uid(3),
    r_mlo_presentation_candidates: candidates(3),
    l_cc_processing: uid(4),
    l_cc_processing_candidates: candidates(4),
    l_mlo_processing: uid(5),
    l_mlo_processing_candidates: candidates(5),
    r_cc_processing: uid(6),
    r_cc_processing_candidates: candidates(6),
    r_mlo_processing: uid(7),
    r_mlo_processing_candidates: candidates(7),
    l_cc_tomo: uid(8),
    l_cc_tomo_candidates: candidates(8),
    l_mlo_tomo: uid(9),
    l_mlo_tomo_candidates: candidates(9),
    r_cc_tomo: uid(10),
    r_cc_tomo_candidates: candidates(10),
    r_mlo_tomo: uid(11),
    r_mlo_tomo_candidates: candidates(11),
  };
}

/** What is known of the breasts, in the columns of each side: `l_label`, `r_label`. */
function breastCells({ inEpisode, atStudy }: BreastsOfStudy) {
  const left = sideCells(inEpisode?.L ?? null, atStudy.L);
  const right = sideCells(inEpisode?.R ?? null, atStudy.R);
  return {
    l_label: left.label,
    l_label_strict: left.labelStrict,
    l_label_basis: left.labelBasis,
    l_outcome: left.outcome,
    l_days_to_cancer: left.daysToCancer,
    l_cancer_mode: left.cancerMode,
    l_is_post_op: left.isPostOp,
    r_label: right.label,
    r_label_strict: right.labelStrict,
    r_label_basis: right.labelBasis,
    r_outcome: right.outcome,
    r_days_to_cancer: right.daysToCancer,
    r_cancer_mode: right.cancerMode,
    r_is_post_op: right.isPostOp,
  };
}

/** @param said null without an episode */
function sideCells(said: BreastInEpisodeRow | null, at: BreastAtStudyRow) {
  return {
    label: said?.breast_label ?? null,
    labelStrict: said?.breast_label_strict ?? null,
    labelBasis: said?.breast_label_basis ?? null,
    outcome: said?.breast_outcome ?? null,
    daysToCancer: at.breast_days_to_cancer,
    cancerMode: at.breast_cancer_mode,
    isPostOp: at.breast_is_post_op,
  };
}
