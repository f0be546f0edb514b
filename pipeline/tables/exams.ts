import type { RowOf } from '../../schemas/row.js';
import type { exams } from '../../schemas/tables/exams.js';
import type { ClientModel, ImageModel, StudyModel } from '../model/client-model.js';
import type { SelectedTags } from '../model/selected-tags.js';
import type { ExamViews } from '../semantics/exam/exam-views.js';
import type { BreastAtStudyRow, BreastInEpisodeRow } from './breast-rows.js';
import { ageOf, countBoxes } from './images.js';
import type { SharedRows, StudyRows } from './shared-rows.js';

type ExamRow = RowOf<typeof exams>;

/** The rows of a client in `exams`: of each study with an image, by UID. */
export function examRows(client: ClientModel, shared: SharedRows): ExamRow[] {
  const rows: ExamRow[] = [];
  client.studies.forEach((study, i) => {
    const { views } = study;
    if (views === null) return;
    const ofStudy = shared.studies[i]!;
    const { episode, breasts } = ofStudy;
    const left = sideCells(episode?.breasts.L ?? null, breasts.L);
    const right = sideCells(episode?.breasts.R ?? null, breasts.R);
    rows.push(examRow({ client, study, views, clients: shared.client, ofStudy, left, right }));
  });
  return rows;
}

/** What the row of an exam is made of. */
interface Exam {
  readonly client: ClientModel;
  readonly study: StudyModel;
  readonly views: ExamViews;
  readonly clients: SharedRows['client'];
  readonly ofStudy: StudyRows;
  readonly left: SideCells;
  readonly right: SideCells;
}

/** Written out: a row that is put together from others, or from names, takes as long as to read an image. */
const examRow = ({ client, study, views, clients, ofStudy, left, right }: Exam): ExamRow => ({
  client_id: client.clientId,
  study_instance_uid: study.uid,
  study_role: study.history.role,
  patient_age_years: agreed(study.images, client.tags, ageOf),
  manufacturer_name: agreed(study.images, client.tags, manufacturerOf),
  manufacturer_model_name: agreed(study.images, client.tags, modelOf),
  l_cc_presentation: uidOf(views, 0),
  l_cc_presentation_candidates: candidatesOf(views, 0),
  l_mlo_presentation: uidOf(views, 1),
  l_mlo_presentation_candidates: candidatesOf(views, 1),
  r_cc_presentation: uidOf(views, 2),
  r_cc_presentation_candidates: candidatesOf(views, 2),
  r_mlo_presentation: uidOf(views, 3),
  r_mlo_presentation_candidates: candidatesOf(views, 3),
  l_cc_processing: uidOf(views, 4),
  l_cc_processing_candidates: candidatesOf(views, 4),
  l_mlo_processing: uidOf(views, 5),
  l_mlo_processing_candidates: candidatesOf(views, 5),
  r_cc_processing: uidOf(views, 6),
  r_cc_processing_candidates: candidatesOf(views, 6),
  r_mlo_processing: uidOf(views, 7),
  r_mlo_processing_candidates: candidatesOf(views, 7),
  l_cc_tomo: uidOf(views, 8),
  l_cc_tomo_candidates: candidatesOf(views, 8),
  l_mlo_tomo: uidOf(views, 9),
  l_mlo_tomo_candidates: candidatesOf(views, 9),
  r_cc_tomo: uidOf(views, 10),
  r_cc_tomo_candidates: candidatesOf(views, 10),
  r_mlo_tomo: uidOf(views, 11),
  r_mlo_tomo_candidates: candidatesOf(views, 11),
  chosen_by: views.chosenBy,
  is_complete: views.isComplete,
  missing_views: views.missingViews,
  has_synthetic_2d: hasSynthetic2d(views),
  has_implant: hasImplant(study.images),
  mark_count: study.images.reduce((sum, image) => sum + countBoxes(image), 0),
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
  days_to_last_follow_up: study.history.daysToLastFollowUp,
  exam_number: study.history.place.number,
  prior_study_instance_uid: study.history.place.prior?.studyInstanceUid ?? null,
  days_since_prior: study.history.place.prior?.days ?? null,
  clients,
  studies: ofStudy.row,
  episodes: ofStudy.episode?.row ?? null,
});

/** @param place in `ExamViews.views` */
function uidOf({ views }: ExamViews, place: number): string | null {
  return views[place]!.chosen?.image.sopInstanceUid ?? null;
}

function candidatesOf({ views }: ExamViews, place: number): number {
  return views[place]!.chosen?.candidates ?? 0;
}

type OfImage<T> = (image: ImageModel, tags: SelectedTags) => T | null;

const manufacturerOf: OfImage<string> = ({ look }) => look.manufacturerName;

const modelOf: OfImage<string> = ({ header }, tags) =>
  tags.text(header?.values ?? null, tags.at.manufacturer_model_name);

/** The one value that all images which have one agree on; null where they do not, or none has one. */
function agreed<T>(images: readonly ImageModel[], tags: SelectedTags, valueOf: OfImage<T>): T | null {
  let found: T | null = null;
  for (const image of images) {
    const value = valueOf(image, tags);
    if (value === null) continue;
    if (found !== null && value !== found) return null;
    found = value;
  }
  return found;
}

function hasSynthetic2d({ views }: ExamViews): boolean {
  return views.some(
    ({ purpose, chosen }) => purpose === 'presentation' && chosen?.image.kind === 'synthetic_2d',
  );
}

/** True if any has one; else null if that is not known of any, else false. */
function hasImplant(images: readonly ImageModel[]): boolean | null {
  let answer: boolean | null = false;
  for (const { look } of images) {
    if (look.hasImplant === true) return true;
    if (look.hasImplant === null) answer = null;
  }
  return answer;
}

/** What is known of a breast, for the columns of its side: `l_label`, `r_label`. */
interface SideCells {
  readonly label: ExamRow['l_label'];
  readonly labelStrict: ExamRow['l_label_strict'];
  readonly labelBasis: ExamRow['l_label_basis'];
  readonly outcome: ExamRow['l_outcome'];
  readonly daysToCancer: ExamRow['l_days_to_cancer'];
  readonly cancerMode: ExamRow['l_cancer_mode'];
  readonly isPostOp: ExamRow['l_is_post_op'];
}

/** @param said null without an episode */
function sideCells(said: BreastInEpisodeRow | null, at: BreastAtStudyRow): SideCells {
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
