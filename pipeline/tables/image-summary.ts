import type { RowOf } from '../../schemas/row.js';
import type { imageSummary } from '../../schemas/tables/image-summary.js';
import type { ClientModel, ImageModel, StudyModel } from '../model/client-model.js';
import { chooseSpacing } from '../semantics/box.js';
import { ageInYears } from '../semantics/image.js';
import { breastsOfStudy, type BreastsOfStudy } from './breast-rows.js';
import { clientRow } from './clients.js';
import { episodeRow } from './episodes.js';
import { imageViewRow } from './image-view.js';
import { imageRow } from './images.js';
import { studyRow } from './studies.js';

type SummaryRow = RowOf<typeof imageSummary>;

/** What the rows of a study's images repeat. */
interface RepeatedRows extends Pick<SummaryRow, 'clients' | 'studies' | 'episodes'> {
  readonly breasts: BreastsOfStudy;
}

/** The rows of a client in `image_summary`: of each study by UID. */
export function summaryRows(client: ClientModel): SummaryRow[] {
  const { clientId } = client;
  const clients = clientRow(client);
  return client.studies.flatMap((study) => {
    if (study.images.length === 0) return [];
    const studies = studyRow(clientId, study);
    const episodes = study.episode === null ? null : episodeRow(clientId, study.episode);
    const rows = { clients, studies, episodes, breasts: breastsOfStudy(study, client.history) };
    return study.images.map((image) => summaryRow(image, study, rows, client));
  });
}

function summaryRow(
  image: ImageModel,
  study: StudyModel,
  { clients, studies, episodes, breasts }: RepeatedRows,
  { tags, worstMismatches }: ClientModel,
): SummaryRow {
  const { geometry, breast } = image;
  const header = image.header?.values ?? null;
  const images = imageRow(studies.client_id, studies.study_instance_uid, image);
  const age = tags.text(header, 'patient_age');
  const spacing = chooseSpacing(geometry);
  return {
    client_id: images.client_id,
    study_instance_uid: images.study_instance_uid,
    sop_instance_uid: images.sop_instance_uid,
    in_reference: studies.in_reference && images.in_imagedb,
    study_role: study.history.role,
    days_to_last_follow_up: study.history.daysToLastFollowUp,
    patient_age_years: age === null ? null : ageInYears(age),
    rows: geometry.rows,
    columns: geometry.columns,
    spacing_x_mm: spacing?.x ?? null,
    spacing_y_mm: spacing?.y ?? null,
    spacing: spacing?.source ?? null,
    tags: tags.summary(header),
    images,
    clients,
    studies,
    episodes,
    image_view: imageViewRow(image, study, worstMismatches),
    breast_in_episode: breast === null ? null : (breasts.inEpisode?.[breast] ?? null),
    breast_at_study: breast === null ? null : breasts.atStudy[breast],
  };
}
