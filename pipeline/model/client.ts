import { canonicalCode } from '../nbss/codes.js';
import type { NbssFile } from '../nbss/client-file.js';
import { emptyExtra, extraText, isEmptyExtra, type Extra } from '../omi-db/extra.js';
import type { Imagedb } from '../omi-db/imagedb.js';
import { isNoValue, textOrNull } from '../omi-db/raw-values.js';
import { clientSummary } from '../semantics/client.js';
import type { EpisodeFacts } from '../semantics/facts.js';
import type { ClientInNbss } from './client-model.js';
import type { InterpretContext } from './context.js';

/** What the nbss file says of the woman. @param path of the file */
export function interpretClient(
  nbss: NbssFile,
  path: string,
  facts: readonly EpisodeFacts[],
  context: InterpretContext,
): ClientInNbss {
  return {
    fileClientId: nbss.fileClientId,
    classification: classification(nbss.classification, path, context),
    summary: clientSummary(facts),
  };
}

function classification(raw: unknown, path: string, { clientId, report }: InterpretContext): string | null {
  if (isNoValue(raw)) return null;
  const text = String(raw).trim();
  const { code, known, respelled } = canonicalCode('omidb:client_status', String(raw));
  if (!known) {
    const detail = 'Classification is no code of list omidb:client_status.';
    report({ kind: 'code_unknown', client_id: clientId, path, detail, found: text });
    return text;
  }
  if (respelled) {
    const detail = 'Classification is a code of list omidb:client_status in a spelling of its own.';
    report({ kind: 'code_respelled', client_id: clientId, path, detail, expected: code, found: String(raw) });
  }
  return code;
}

/** What no column holds, apart by the file that it is from; a ClientID is kept where it is not the folder's name. */
export function clientExtra(
  imagedb: Imagedb | null,
  nbss: NbssFile | null,
  { clientId, imagedbPath, unknown }: InterpretContext,
): string | null {
  const fromImagedb = Object.assign(emptyExtra(), imagedb?.extra);
  if (imagedbPath !== null) unknown.noteAll(imagedbPath, 'clients', fromImagedb);
  const site = imagedb?.site;
  if (!isNoValue(site) && textOrNull(site) === null) fromImagedb['Site'] = site;
  keepOtherId(fromImagedb, imagedb?.clientId, clientId);
  const fromNbss = Object.assign(emptyExtra(), nbss?.extra);
  keepOtherId(fromNbss, nbss?.fileClientId, clientId);
  const extra = emptyExtra();
  if (!isEmptyExtra(fromImagedb)) extra['imagedb'] = fromImagedb;
  if (!isEmptyExtra(fromNbss)) extra['nbss'] = fromNbss;
  return extraText(extra);
}

function keepOtherId(extra: Extra, raw: unknown, clientId: string): void {
  if (!isNoValue(raw) && raw !== clientId) extra['ClientID'] = raw;
}
