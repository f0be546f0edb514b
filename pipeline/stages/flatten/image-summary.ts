import type { AnyRow, Cell } from '../../../schemas/column.js';
import { imageSummary, SUMMARY_TAGS } from '../../../schemas/tables/image-summary.js';
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

/** Made in one go, not key by key: V8 copies such an object far faster. */
const NO_CELLS: AnyRow = Object.fromEntries(imageSummary.columns.map(({ name }) => [name, null]));

const FROM_IMAGE = [
  'client_id',
  'study_instance_uid',
  'sop_instance_uid',
  'series_instance_uid',
  'dicom_path',
  'json_path',
  'tags_from',
  'mark_count',
  'pixel_data_offset',
];
const FROM_STUDY = ['episode_id', 'episode_link', 'study_date', 'event_types', 'event_types_all'];

/** The row of an image in `image_summary`. */
export function summaryRow({ image, study, client, episode, geometry }: SummarySources): AnyRow {
  const spacing = chooseSpacing(geometry) ?? NO_SPACING;
  const age = image['patient_age'];
  const row = { ...NO_CELLS };
  for (const name of FROM_IMAGE) row[name] = cellOf(image, name);
  for (const name of FROM_STUDY) row[name] = cellOf(study, name);
  row['in_reference'] = study['in_reference'] === true && image['in_imagedb'] === true;
  row['site'] = cellOf(client, 'site');
  row['client_status'] = cellOf(client, 'status');
  row['patient_age_years'] = typeof age === 'string' ? ageInYears(age) : null;
  if (episode !== null) for (const [name, from] of EPISODE_COLUMNS) row[name] = cellOf(episode.row, from);
  Object.assign(row, breastCells(breastOf(image), episode?.facts ?? null));
  // Where the selection has them under the usual name; a list gives its first value.
  for (const [name, type] of SUMMARY_TAGS) row[name] = fitting(firstValue(image[name]), type);
  row['rows'] = geometry.rows;
  row['columns'] = geometry.columns;
  row['spacing_x_mm'] = spacing.x;
  row['spacing_y_mm'] = spacing.y;
  row['spacing'] = spacing.source;
  return row;
}

const NO_SPACING = { x: null, y: null, source: null };

function cellOf(row: AnyRow, name: string): Cell {
  return row[name] ?? null;
}

/** Column of the summary -> column of `episodes`. */
const EPISODE_COLUMNS = Object.entries({
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
});

/** By episode: its images, a dozen or more, show two breasts. */
const knownBreasts = new WeakMap<EpisodeFacts, Partial<Record<'L' | 'R', AnyRow>>>();

function breastCells(breast: 'L' | 'R' | null, facts: EpisodeFacts | null): AnyRow {
  if (breast === null || facts === null) return { breast };
  const known = knownBreasts.get(facts) ?? {};
  knownBreasts.set(facts, known);
  return (known[breast] ??= labelCells(breast, facts));
}

function labelCells(breast: 'L' | 'R', facts: EpisodeFacts): AnyRow {
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

/** A user's own selection may give a usual name another type. */
function fitting(value: Cell, type: string): Cell {
  if (type === 'string') return typeof value === 'string' ? value : null;
  if (typeof value !== 'number') return null;
  return type === 'double' || (value | 0) === value ? value : null;
}
