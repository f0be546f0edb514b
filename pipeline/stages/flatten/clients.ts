import type { RowOf } from '../../../schemas/column.js';
import type { clients as clientsTable } from '../../../schemas/tables/clients.js';
import { canonicalCode } from '../../nbss/codes.js';
import { isNoValue } from '../../nbss/values.js';
import { emptyExtra, extraText } from '../../omi-db/extra.js';
import type { ClientRecord } from '../extract.js';
import { textOrNull, type JoinedClient } from '../join.js';
import type { ImagedbContext } from './imagedb-context.js';
import type { NbssRows } from './nbss.js';

type ClientRow = RowOf<typeof clientsTable>;

/** The row of a client in `clients`. @param nbss null when there is no readable nbss file */
export function clientRow(
  record: ClientRecord,
  joined: JoinedClient,
  nbss: NbssRows | null,
  context: ImagedbContext,
): ClientRow {
  const { plan } = record;
  return {
    client_id: plan.clientId,
    site: textOrNull(joined.imagedb?.site),
    classification: classification(record, nbss, context),
    has_data_folder: plan.inData,
    has_images_folder: plan.inImages,
    imagedb_path: plan.imagedb?.path ?? null,
    nbss_path: plan.nbss?.path ?? null,
    imagedb_lesions: joined.imagedb?.lesions == null ? null : JSON.stringify(joined.imagedb.lesions),
    episode_count: nbss?.episodes.length ?? 0,
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
  if (!isNoValue(imagedb?.site) && textOrNull(imagedb?.site) === null) fromImagedb['Site'] = imagedb?.site;
  if (!isNoValue(imagedb?.clientId) && imagedb?.clientId !== plan.clientId)
    fromImagedb['ClientID'] = imagedb?.clientId;
  const fromNbss = Object.assign(emptyExtra(), nbss?.clientExtra);
  const fileClientId = nbss?.fileClientId ?? null;
  if (fileClientId !== null && fileClientId !== plan.clientId) fromNbss['ClientID'] = fileClientId;
  const extra = emptyExtra();
  if (Object.keys(fromImagedb).length > 0) extra['imagedb'] = fromImagedb;
  if (Object.keys(fromNbss).length > 0) extra['nbss'] = fromNbss;
  return extraText(extra);
}
