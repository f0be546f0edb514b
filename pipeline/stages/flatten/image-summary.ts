import type { AnyRow, Cell } from '../../../schemas/column.js';
import { SUMMARY_TAGS } from '../../../schemas/tables/image-summary.js';
import { chooseSpacing, type ImageGeometry } from '../../semantics/box.js';
import { breastLabel } from '../../semantics/breast-label.js';
import { breastLabels, type BreastLabels } from '../../semantics/breast.js';
import { ageInYears, firstValue } from '../../semantics/image.js';
import type { EpisodeFacts } from '../../semantics/model.js';
import { breastOf } from './mark-boxes.js';

/** The rows that one image's summary is made of, and the facts of its episode. */
export interface SummarySources {
  readonly image: AnyRow;
  readonly study: AnyRow;
  readonly client: AnyRow;
  /** Null when no episode could be found. */
  readonly episode: { readonly row: AnyRow; readonly facts: EpisodeFacts } | null;
  readonly geometry: ImageGeometry;
}

/** The row of an image in `image_summary`. */
export function summaryRow({ image, study, client, episode, geometry }: SummarySources): AnyRow {
  const spacing = chooseSpacing(geometry);
  const age = image['patient_age'];
  return {
    client_id: image['client_id']!,
    study_instance_uid: image['study_instance_uid']!,
    sop_instance_uid: image['sop_instance_uid']!,
    ...pick(image, [
      'series_instance_uid',
      'dicom_path',
      'json_path',
      'tags_from',
      'mark_count',
      'pixel_data_offset',
    ]),
    ...pick(study, ['episode_id', 'episode_link', 'study_date', 'event_types', 'event_types_all']),
    in_reference: study['in_reference'] === true && image['in_imagedb'] === true,
    site: client['site'] ?? null,
    client_status: client['status'] ?? null,
    patient_age_years: typeof age === 'string' ? ageInYears(age) : null,
    ...(episode === null ? {} : episodeCells(episode.row)),
    ...breastCells(breastOf(image), episode?.facts ?? null),
    ...tagCells(image),
    rows: geometry.rows,
    columns: geometry.columns,
    spacing_x_mm: spacing?.x ?? null,
    spacing_y_mm: spacing?.y ?? null,
    spacing: spacing?.source ?? null,
  };
}

function pick(row: AnyRow, names: readonly string[]): AnyRow {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

/** Column of the summary -> column of `episodes`. */
const EPISODE_COLUMNS = {
  episode_type: 'episode_type',
  episode_action: 'episode_action',
  episode_opened_date: 'episode_opened_date',
  episode_closed_date: 'episode_closed_date',
  actual_episode_opened_year: 'actual_episode_opened_year',
  episode_sort_date: 'sort_date',
  episode_status: 'status',
  episode_outcome: 'outcome',
  episode_outcome_episode_id: 'outcome_episode_id',
  episode_outcome_rule: 'outcome_rule',
  episode_is_post_op: 'is_post_op',
  episode_has_malignant_opinions: 'has_malignant_opinions',
  episode_has_benign_opinions: 'has_benign_opinions',
  episode_has_events: 'has_events',
} as const;

function episodeCells(row: AnyRow): AnyRow {
  return Object.fromEntries(Object.entries(EPISODE_COLUMNS).map(([name, from]) => [name, row[from] ?? null]));
}

function breastCells(breast: 'L' | 'R' | null, facts: EpisodeFacts | null): AnyRow {
  if (breast === null || facts === null) return { breast };
  const labels = breastLabels(facts, breast);
  return {
    breast,
    breast_label: breastLabel(facts, labels),
    breast_label_from: labels.from,
    breast_screening_opinions: labels.opinions
      .filter(({ event }) => event === 'screening')
      .map(({ opinion }) => opinion),
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
  };
}

function opinionOf({ opinions }: BreastLabels, event: string): string | null {
  return opinions.find((opinion) => opinion.event === event)?.opinion ?? null;
}

/** Tags of the image where the selection has them under the usual name; a list gives its first value. */
function tagCells(image: AnyRow): AnyRow {
  return Object.fromEntries(
    SUMMARY_TAGS.map(([name, type]) => [name, fitting(firstValue(image[name]), type)]),
  );
}

/** A user's own selection may give a usual name another type. */
function fitting(value: Cell, type: string): Cell {
  if (type === 'string') return typeof value === 'string' ? value : null;
  if (typeof value !== 'number') return null;
  return type === 'double' || (value | 0) === value ? value : null;
}
