import type { Report } from '../../schemas/mismatch-kinds.js';
import { matchName } from '../../schemas/nbss/fields.js';
import { emptyExtra, isEmptyExtra, isJsonObject, type Extra } from '../omi-db/extra.js';
import { KeyOrder } from '../omi-db/key-order.js';
import { isNoValue } from '../omi-db/raw-values.js';
import { UnknownFields } from '../omi-db/unknown-fields.js';
import { readEpisode, type Episode } from './episode.js';
import type { NbssContext } from './record-reader.js';
import { readTypedEpisode, type TypedEpisode } from './typed-episode.js';

/** The parsed nbss file of one client. */
export interface NbssClient {
  readonly clientId: string;
  /** Path of the file, relative to its root, for reports. */
  readonly path: string;
  /** The whole file. */
  readonly nbss: Record<string, unknown>;
  /** Its text, for the order of keys: JavaScript puts those that look like integers first. */
  readonly text: string;
}

/** A client's nbss file with its fields converted. */
export interface NbssFile {
  /** `ClientID` and `Classification` as they stand in the file, null where they are missing or empty. */
  readonly fileClientId: unknown;
  readonly classification: unknown;
  /** Top-level keys that are no episode and neither of these two; null when there are none. */
  readonly extra: Extra | null;
  /** In the order of the file. */
  readonly episodes: readonly TypedEpisode[];
}

interface TopLevel {
  readonly episodes: readonly Episode[];
  readonly own: ReadonlyMap<string, unknown>;
  readonly extra: Extra;
}

const OWN_FIELDS = new Set(['clientid', 'classification']);

function readTopLevel(client: NbssClient, unknown: UnknownFields): TopLevel {
  const episodes: Episode[] = [];
  const own = new Map<string, unknown>();
  const extra = emptyExtra();
  const order = new KeyOrder(client.text);
  for (const key of order.ofTop(Object.keys(client.nbss))) {
    const value = client.nbss[key];
    const name = matchName(key);
    const isOwn = OWN_FIELDS.has(name);
    if (isOwn && isNoValue(value)) continue;
    if (isOwn && typeof value !== 'object' && !own.has(name)) own.set(name, value);
    else if (!isOwn && isJsonObject(value)) episodes.push(readEpisode(key, value, order));
    else if (own.get(name) !== value) {
      extra[key] = value;
      unknown.note(client.path, 'clients', key);
    }
  }
  return { episodes, own, extra };
}

/**
 * Reads a client's nbss file. Never throws on data: what does not fit is reported and kept in an `extra`.
 * @param unknown shared with the client's imagedb, so that a key is reported once per client
 */
export function readNbssFile(
  client: NbssClient,
  report: Report,
  unknown: UnknownFields = new UnknownFields(client.clientId, report),
): NbssFile {
  const context: NbssContext = { clientId: client.clientId, path: client.path, report, unknown };
  const { episodes, own, extra } = readTopLevel(client, unknown);
  return {
    fileClientId: own.get('clientid') ?? null,
    classification: own.get('classification') ?? null,
    extra: isEmptyExtra(extra) ? null : extra,
    episodes: episodes.map((episode) => readTypedEpisode(episode, context)),
  };
}
