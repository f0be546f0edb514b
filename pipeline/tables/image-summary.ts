import type { RowOf } from '../../schemas/row.js';
import type { EventName } from '../../schemas/tables/events.js';
import type { imageSummary } from '../../schemas/tables/image-summary.js';
import type { BreastInEpisode, ClientModel, ImageModel } from '../model/client-model.js';
import type { SelectedTags } from '../model/selected-tags.js';
import type { Side } from '../nbss/blocks.js';
import { chooseSpacing } from '../semantics/box.js';
import type { BreastLabels } from '../semantics/breast.js';
import { ageInYears } from '../semantics/image.js';
import { clientRow } from './clients.js';
import { episodeRow } from './episodes.js';
import { imageRow } from './images.js';
import { studyRow } from './studies.js';

type SummaryRow = RowOf<typeof imageSummary>;

/** The rows whose columns a summary repeats, but for that of the image itself. */
type RepeatedRows = Pick<SummaryRow, 'clients' | 'studies' | 'episodes'>;

/** The rows of a client in `image_summary`: of each study by UID. */
export function summaryRows(client: ClientModel): SummaryRow[] {
  const { clientId, tags } = client;
  const breasts = new Breasts();
  const clients = clientRow(client);
  return client.studies.flatMap((study) => {
    const studies = studyRow(clientId, study);
    const episodes = study.episode === null ? null : episodeRow(clientId, study.episode);
    const rows = { clients, studies, episodes };
    return study.images.map((image) => summaryRow(image, breasts.cellsOf(image), rows, tags));
  });
}

function summaryRow(
  image: ImageModel,
  breast: BreastCells,
  rows: RepeatedRows,
  tags: SelectedTags,
): SummaryRow {
  const { geometry } = image;
  const header = image.header?.values ?? null;
  const images = imageRow(rows.studies.client_id, rows.studies.study_instance_uid, image);
  const age = tags.text(header, 'patient_age');
  const spacing = chooseSpacing(geometry);
  return {
    client_id: images.client_id,
    study_instance_uid: images.study_instance_uid,
    sop_instance_uid: images.sop_instance_uid,
    in_reference: rows.studies.in_reference && images.in_imagedb,
    breast: breast.breast,
    breast_label: breast.breast_label,
    breast_label_from: breast.breast_label_from,
    breast_screening_opinions: breast.breast_screening_opinions,
    breast_assessment_opinion: breast.breast_assessment_opinion,
    breast_clinical_opinion: breast.breast_clinical_opinion,
    breast_biopsy_wide_opinion: breast.breast_biopsy_wide_opinion,
    breast_biopsy_fine_opinion: breast.breast_biopsy_fine_opinion,
    breast_surgery_opinion: breast.breast_surgery_opinion,
    breast_interval_cancer_opinion: breast.breast_interval_cancer_opinion,
    breast_has_malignant_opinion: breast.breast_has_malignant_opinion,
    breast_has_benign_opinion: breast.breast_has_benign_opinion,
    breast_lesion_count: breast.breast_lesion_count,
    breast_has_lesion: breast.breast_has_lesion,
    breast_is_invasive: breast.breast_is_invasive,
    breast_is_in_situ: breast.breast_is_in_situ,
    breast_worst_grade: breast.breast_worst_grade,
    patient_age_years: age === null ? null : ageInYears(age),
    rows: geometry.rows,
    columns: geometry.columns,
    spacing_x_mm: spacing?.x ?? null,
    spacing_y_mm: spacing?.y ?? null,
    spacing: spacing?.source ?? null,
    tags: tags.summary(header),
    images,
    clients: rows.clients,
    studies: rows.studies,
    episodes: rows.episodes,
  };
}

type BreastCells = Pick<SummaryRow, Extract<keyof SummaryRow, 'breast' | `breast_${string}`>>;

/** A breast of which no episode tells anything. */
const UNKNOWN: BreastCells = {
  breast: null,
  breast_label: null,
  breast_label_from: null,
  breast_screening_opinions: null,
  breast_assessment_opinion: null,
  breast_clinical_opinion: null,
  breast_biopsy_wide_opinion: null,
  breast_biopsy_fine_opinion: null,
  breast_surgery_opinion: null,
  breast_interval_cancer_opinion: null,
  breast_has_malignant_opinion: null,
  breast_has_benign_opinion: null,
  breast_lesion_count: null,
  breast_has_lesion: null,
  breast_is_invasive: null,
  breast_is_in_situ: null,
  breast_worst_grade: null,
};

/** The cells of the breasts of a client, made once for each: the images of one, a dozen or more, share them. */
class Breasts {
  readonly #known = new Map<BreastInEpisode, BreastCells>();
  readonly #unknown = { L: { ...UNKNOWN, breast: 'L' }, R: { ...UNKNOWN, breast: 'R' } };

  cellsOf({ breast, breastInEpisode }: ImageModel): BreastCells {
    if (breast === null) return UNKNOWN;
    if (breastInEpisode === null) return this.#unknown[breast];
    let cells = this.#known.get(breastInEpisode);
    if (cells === undefined) this.#known.set(breastInEpisode, (cells = breastCells(breast, breastInEpisode)));
    return cells;
  }
}

function breastCells(breast: Side, { labels, label }: BreastInEpisode): BreastCells {
  return {
    breast,
    breast_label: label,
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

function opinionOf({ opinions }: BreastLabels, event: EventName): string | null {
  return opinions.find((opinion) => opinion.event === event)?.opinion ?? null;
}
