import type { RowOf } from '../../schemas/row.js';
import type { imageSummary } from '../../schemas/tables/image-summary.js';
import type { ClientModel, ImageModel, StudyModel } from '../model/client-model.js';
import type { SelectedTags } from '../model/selected-tags.js';
import type { Side } from '../nbss/blocks.js';
import { chooseSpacing } from '../semantics/box.js';
import { ageOf } from './images.js';
import type { EpisodeRows, SharedRows } from './shared-rows.js';

type SummaryRow = RowOf<typeof imageSummary>;

/** The rows of a client in `image_summary`: of each study by UID. */
export function summaryRows({ studies, tags }: ClientModel, shared: SharedRows): SummaryRow[] {
  const rows: SummaryRow[] = [];
  for (let i = 0; i < studies.length; i++) {
    const { images } = studies[i]!;
    for (let n = 0; n < images.length; n++)
      rows.push(summaryRow(images[n]!, n, studies[i]!, i, shared, tags));
  }
  return rows;
}

/** @param n place of the image in the study @param i place of the study in the client */
function summaryRow(
  image: ImageModel,
  n: number,
  study: StudyModel,
  i: number,
  shared: SharedRows,
  tags: SelectedTags,
): SummaryRow {
  const ofStudy = shared.studies[i]!;
  const { geometry, breast } = image;
  const header = image.header?.values ?? null;
  const [images, studies] = [ofStudy.images[n]!, ofStudy.row];
  const spacing = chooseSpacing(geometry);
  return {
    client_id: images.client_id,
    study_instance_uid: images.study_instance_uid,
    sop_instance_uid: images.sop_instance_uid,
    in_reference: studies.in_reference && images.in_imagedb,
    study_role: study.history.role,
    days_to_last_follow_up: study.history.daysToLastFollowUp,
    patient_age_years: ageOf(image, tags),
    rows: geometry.rows,
    columns: geometry.columns,
    spacing_x_mm: spacing?.x ?? null,
    spacing_y_mm: spacing?.y ?? null,
    spacing: spacing?.source ?? null,
    tags: tags.summary(header),
    images,
    clients: shared.client,
    studies,
    episodes: ofStudy.episode?.row ?? null,
    image_view: ofStudy.views[n]!,
    breast_in_episode: inEpisode(breast, ofStudy.episode),
    breast_at_study: breast === null ? null : ofStudy.breasts[breast],
  };
}

/** Null where the breast or the episode is not known. */
function inEpisode(breast: Side | null, episode: EpisodeRows | null): SummaryRow['breast_in_episode'] {
  return breast === null || episode === null ? null : episode.breasts[breast];
}
