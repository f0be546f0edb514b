/**
 * What an opinion on a lesion says after wide biopsy (B, or E of a vacuum excision), fine needle aspiration (C, or a
 * digit), or surgery (H, E): codes of list OPINION, NBSS DS0026.
 */

type Opinion = string | null;

/** Those that are a source of a cancer. This project's own rule (views, breasts over time, exams). */
const CANCER: readonly Opinion[] = ['B5', 'C5', 'H5'];
/** Malignant too, but by codes that the rule does not name: cause for doubt. */
const MALIGNANT: readonly Opinion[] = [...CANCER, 'E5', 'HI', '4'];
/** Suspicious, uncertain, or not reported yet. */
const IN_DOUBT: readonly Opinion[] = ['B4', 'C4', 'B3', 'C3', '3', 'HE', 'H0', 'E0'];
/** Benign or normal; B1 may be unsatisfactory too, C1 and 1 are no more than that and so not here. */
const BENIGN: readonly Opinion[] = ['B1', 'B2', 'C2', 'H1', 'H2', 'E1', 'E2', '0', '2'];

export const isCancerOpinion = (opinion: Opinion): boolean => CANCER.includes(opinion);
export const isMalignantOpinion = (opinion: Opinion): boolean => MALIGNANT.includes(opinion);
export const isDoubtfulOpinion = (opinion: Opinion): boolean => IN_DOUBT.includes(opinion);
export const isBenignOpinion = (opinion: Opinion): boolean => BENIGN.includes(opinion);
