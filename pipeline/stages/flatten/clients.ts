import type { RowOf } from '../../../schemas/column.js';
import type { clients as clientsTable } from '../../../schemas/tables/clients.js';
import { canonicalCode } from '../../nbss/codes.js';
import type { EpisodeFacts } from '../../semantics/model.js';
import { isNoValue } from '../../nbss/values.js';
import { emptyExtra, extraText, isEmptyExtra, type Extra } from '../../omi-db/extra.js';
import type { ClientRecord } from '../extract.js';
import { textOrNull, type JoinedClient } from '../join.js';
import type { ImagedbContext } from './imagedb-context.js';
import { clientMeaningCells } from './meaning.js';
import type { NbssRows } from './nbss.js';

type ClientRow = RowOf<typeof clientsTable>;

/** Without her episodes nothing is known: not even that there were none. */
const NO_MEANING = {
  status: null,
  first_episode_date: null,
  last_episode_date: null,
  malignant_episode_count: null,
  benign_episode_count: null,
  interval_cancer_count: null,
};

/** The row of a client in `clients`. @param nbss null when there is no readable nbss file */
export function clientRow(
  record: ClientRecord,
  joined: JoinedClient,
  nbss: NbssRows | null,
  facts: readonly EpisodeFacts[],
  context: ImagedbContext,
): ClientRow {
  const { plan } = record;
  return {
    client_id: plan.clientId,
    site: textOrNull(joined.imagedb?.site),
    classification: classification(record, nbss, context),
    ...(nbss === null ? NO_MEANING : clientMeaningCells(facts)),
    has_data_folder: plan.inData,
    has_images_folder: plan.inImages,
    imagedb_path: plan.imagedb?.path ?? null,
    nbss_path: plan.nbss?.path ?? null,
    imagedb_lesions: joined.imagedb?.lesions == null ? null : JSON.stringify(joined.imagedb.lesions),
    episode_count: nbss?.episodes.length ?? null,
    study_count: joined.studies.length,
    image_count: joined.studies.reduce((sum, study) => sum + study.images.length, 0),
    extra: clientExtra(record, joined, nbss, context),
  };
}

function classification(record: ClientRecord, nbss: NbssRows | null, context: ImagedbContext): string | null {
  if (isNoValue(nbss?.classification)) return null;
  const raw = String(nbss?.classification).trim();
  const { code, known } = canonicalCode('omidb:client_status', raw);
  if (!known) {
    const where = { client_id: record.plan.clientId, path: record.nbss?.path ?? null };
    const detail = 'Classification is no code of list omidb:client_status.';
    context.report({ kind: 'code_unknown', ...where, detail, found: raw });
  }
  return code;
}

/** What no column holds, apart by the file that it is from; a ClientID is kept where it is not the folder's name. */
function clientExtra(
  { plan }: ClientRecord,
  { imagedb }: JoinedClient,
  nbss: NbssRows | null,
  context: ImagedbContext,
): string | null {
  const fromImagedb = Object.assign(emptyExtra(), imagedb?.extra);
  context.noteUnknown('clients', fromImagedb);
  const site = imagedb?.site;
  if (!isNoValue(site) && textOrNull(site) === null) fromImagedb['Site'] = site;
  keepOtherId(fromImagedb, imagedb?.clientId, plan.clientId);
  const fromNbss = Object.assign(emptyExtra(), nbss?.clientExtra);
  keepOtherId(fromNbss, nbss?.fileClientId, plan.clientId);
  const extra = emptyExtra();
  if (!isEmptyExtra(fromImagedb)) extra['imagedb'] = fromImagedb;
  if (!isEmptyExtra(fromNbss)) extra['nbss'] = fromNbss;
  return extraText(extra);
}

function keepOtherId(extra: Extra, raw: unknown, clientId: string): void {
  if (!isNoValue(raw) && raw !== clientId) extra['ClientID'] = raw;
}
