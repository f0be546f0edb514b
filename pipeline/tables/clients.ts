import type { RowOf } from '../../schemas/row.js';
import type { clients } from '../../schemas/tables/clients.js';
import type { clientMeaning } from '../../schemas/tables/meaning.js';
import type { ClientSummary } from '../semantics/client.js';
import type { ClientModel } from '../model/client-model.js';

type ClientRow = RowOf<typeof clients>;

type SummaryCells = Pick<ClientRow, (typeof clientMeaning)[number]['name']>;

/** Without her episodes nothing is known: not even that there were none. */
const NO_SUMMARY: SummaryCells = {
  status: null,
  first_episode_date: null,
  last_episode_date: null,
  malignant_episode_count: null,
  benign_episode_count: null,
  interval_cancer_count: null,
};

function summaryCells(summary: ClientSummary): SummaryCells {
  return {
    status: summary.status,
    first_episode_date: summary.firstEpisodeDate,
    last_episode_date: summary.lastEpisodeDate,
    malignant_episode_count: summary.malignantEpisodeCount,
    benign_episode_count: summary.benignEpisodeCount,
    interval_cancer_count: summary.intervalCancerEpisodeCount,
  };
}

/** The one row of a client in `clients`. */
export function clientRow(client: ClientModel): ClientRow {
  const { plan, tooLarge } = client.record;
  const summary = client.nbss === null ? NO_SUMMARY : summaryCells(client.nbss.summary);
  const lesions = client.imagedb?.lesions ?? null;
  return {
    client_id: client.clientId,
    site: client.site,
    classification: client.nbss?.classification ?? null,
    status: summary.status,
    first_episode_date: summary.first_episode_date,
    last_episode_date: summary.last_episode_date,
    malignant_episode_count: summary.malignant_episode_count,
    benign_episode_count: summary.benign_episode_count,
    interval_cancer_count: summary.interval_cancer_count,
    has_data_folder: plan.inData,
    has_images_folder: plan.inImages,
    imagedb_path: plan.imagedb?.path ?? null,
    nbss_path: plan.nbss?.path ?? null,
    imagedb_lesions: lesions === null ? null : JSON.stringify(lesions),
    episode_count: client.nbss === null ? null : client.episodes.length,
    study_count: tooLarge ? null : client.studies.length,
    image_count: tooLarge ? null : client.studies.reduce((sum, study) => sum + study.images.length, 0),
    extra: client.extra,
  };
}
