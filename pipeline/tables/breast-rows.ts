import type { RowOf } from '../../schemas/row.js';
import type { breastAtStudy } from '../../schemas/tables/breast-at-study.js';
import type { breastInEpisode } from '../../schemas/tables/breast-in-episode.js';
import type { breasts } from '../../schemas/tables/breasts.js';
import type { EventName } from '../../schemas/tables/events.js';
import type { BreastInEpisode, ClientModel, EpisodeModel, StudyModel } from '../model/client-model.js';
import type { WomanHistory } from '../model/study-history.js';
import { SIDES, type Side } from '../nbss/blocks.js';
import type { BreastLabels } from '../semantics/breast.js';

type BreastRow = RowOf<typeof breasts>;
export type BreastInEpisodeRow = RowOf<typeof breastInEpisode>;
export type BreastAtStudyRow = RowOf<typeof breastAtStudy>;

/** The two rows of a client in `breasts`, L before R; none of one over the limits, of whom nothing was read. */
export function breastRows({ clientId, record, history }: ClientModel): BreastRow[] {
  if (record.tooLarge) return [];
  return SIDES.map((side): BreastRow => {
    const breast = history.breasts[side];
    const { firstCancer } = breast;
    return {
      client_id: clientId,
      side,
      first_cancer_date: firstCancer?.date ?? null,
      first_cancer_episode_id: firstCancer?.episodeId ?? null,
      first_cancer_from: firstCancer?.from ?? null,
      first_invasive_date: breast.firstInvasiveDate,
      cancer_mode: firstCancer?.mode ?? null,
      first_surgery_date: breast.firstSurgeryDate,
      first_biopsy_date: breast.firstBiopsyDate,
      last_follow_up_date: history.lastFollowUpDate,
    };
  });
}

/** Both breasts as an episode shows them; rows of images and of exams share them. */
export type BreastsInEpisode = Readonly<Record<Side, BreastInEpisodeRow>>;
/** Both breasts as the day of a study shows them; likewise. */
export type BreastsAtStudy = Readonly<Record<Side, BreastAtStudyRow>>;

export function breastsInEpisode({ breasts }: EpisodeModel): BreastsInEpisode {
  return { L: inEpisodeRow(breasts.L), R: inEpisodeRow(breasts.R) };
}

export function breastsAtStudy({ history }: StudyModel, woman: WomanHistory): BreastsAtStudy {
  return {
    L: atStudyRow(history.breasts.L, woman.breasts.L),
    R: atStudyRow(history.breasts.R, woman.breasts.R),
  };
}

function atStudyRow(
  at: StudyModel['history']['breasts'][Side],
  { firstCancer }: WomanHistory['breasts'][Side],
): BreastAtStudyRow {
  return {
    breast_first_cancer_date: firstCancer?.date ?? null,
    breast_cancer_mode: firstCancer?.mode ?? null,
    breast_days_to_cancer: at.daysToCancer,
    breast_is_post_op: at.isPostOp,
    breast_days_since_surgery: at.daysSinceSurgery,
    breast_is_post_biopsy: at.isPostBiopsy,
  };
}

function inEpisodeRow({ labels, label, strict, outcome }: BreastInEpisode): BreastInEpisodeRow {
  return {
    breast_label: label,
    breast_label_from: labels.from,
    breast_screening_opinions: screeningOpinions(labels),
    breast_assessment_opinion: opinionOf(labels, 'assessment'),
    breast_clinical_opinion: opinionOf(labels, 'clinical'),
    breast_biopsy_wide_opinion: opinionOf(labels, 'biopsy_wide'),
    breast_biopsy_fine_opinion: opinionOf(labels, 'biopsy_fine'),
    breast_surgery_opinion: opinionOf(labels, 'surgery'),
    breast_interval_cancer_opinion: opinionOf(labels, 'interval_cancer'),
    breast_has_malignant_opinion: labels.hasMalignantOpinion,
    breast_has_benign_opinion: labels.hasBenignOpinion,
    breast_lesion_count: labels.lesionCount,
    breast_has_lesion: labels.hasLesion,
    breast_is_invasive: labels.invasive,
    breast_is_in_situ: labels.inSitu,
    breast_worst_grade: labels.worstGrade,
    breast_label_strict: strict.label,
    breast_label_basis: strict.basis,
    breast_outcome: outcome,
  };
}

function screeningOpinions({ opinions }: BreastLabels): string[] {
  const found: string[] = [];
  for (const { event, opinion } of opinions) if (event === 'screening') found.push(opinion);
  return found;
}

function opinionOf({ opinions }: BreastLabels, event: EventName): string | null {
  for (const opinion of opinions) if (opinion.event === event) return opinion.opinion;
  return null;
}
