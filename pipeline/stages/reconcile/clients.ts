import { isNoValue, textOrNull } from '../../omi-db/raw-values.js';
import type { ReconcileContext } from './context.js';

/** Folders and files of the client itself, and the ids in them. */
export function checkClient(context: ReconcileContext): void {
  const { client, plan } = context;
  const path = plan.clientId;
  if (!plan.inData) {
    const detail =
      'The client has a folder in the images tree but none in the data tree: her images have no records.';
    context.ofClient('client_only_in_images', { path, detail });
    // Of the missing folder, the files in it are missing too: that is not another cause.
    return;
  }
  if (!plan.inImages && context.roots.images !== null) {
    const detail = 'The client has a folder in the data tree but none in the images tree.';
    context.ofClient('client_only_in_data', { path, detail });
  }
  if (plan.imagedb === null && !context.isClientHidden('data')) {
    const detail =
      'The client has no imagedb file: her images, studies and marks are known from the folders only.';
    context.ofClient('imagedb_missing', { path, detail, expected: `imagedb_${plan.clientId}.json` });
  }
  if (plan.nbss === null && !context.isClientHidden('data') && !context.isClientHidden('nbss')) {
    const detail = 'The client has no nbss file: nothing is known of her screening episodes.';
    context.ofClient('nbss_missing', { path, detail, expected: `nbss_${plan.clientId}.json` });
  }
  checkClientId(context, client.imagedb?.clientId, context.imagedbPath);
  checkClientId(context, client.nbss?.fileClientId, context.nbssPath);
}

function checkClientId(context: ReconcileContext, raw: unknown, path: string | null): void {
  if (isNoValue(raw)) return;
  const found = textOrNull(raw) ?? JSON.stringify(raw);
  if (found === context.clientId) return;
  const detail =
    'ClientID in the file is not the name of the folder that it lies in; the rows go by the folder.';
  context.ofClient('client_id_conflict', { path, detail, expected: context.clientId, found });
}
