import type { AnyRow } from '../../../schemas/column.js';
import type { Report } from '../../../schemas/mismatch-kinds.js';
import { matchName } from '../../../schemas/nbss/fields.js';
import type { EventName } from '../../../schemas/tables/events.js';
import { append, readEpisode, type Episode } from '../../nbss/episode.js';
import { isNoValue } from '../../nbss/values.js';
import { emptyExtra, isEmptyExtra, isJsonObject, type Extra } from '../../omi-db/extra.js';
import { flattenEpisode } from './episodes.js';
import { flattenEvents } from './events.js';
import { flattenLesions } from './lesions.js';
import type { NbssContext } from './nbss-fields.js';
import { flattenProcedure, PROCEDURE_TABLES, type ProcedureTable } from './procedures.js';
import { flattenScreeningSides } from './screening-sides.js';
import { UnknownFields } from './unknown-fields.js';

/** The parsed nbss file of one client. */
export interface NbssClient {
  readonly clientId: string;
  /** Path of the file, relative to its root, for reports. */
  readonly path: string;
  /** The whole file. */
  readonly nbss: Record<string, unknown>;
  /** Keys at the top of the file in the order of the file: JavaScript puts keys that look like integers first. */
  readonly keyOrder: readonly string[];
}

type NbssTable = 'episodes' | 'events' | 'screening_sides' | 'lesions' | ProcedureTable;

/** Rows by table, each sorted: episodes in the order of the file, then as each flatten function says. */
export type NbssRows = Record<NbssTable, AnyRow[]> & {
  /** `ClientID` and `Classification` as they stand in the file, null where they are missing or empty. */
  readonly fileClientId: unknown;
  readonly classification: unknown;
  /** Top-level keys that are no episode and neither of these two; null when there are none. */
  readonly clientExtra: Extra | null;
};

interface TopLevel {
  readonly episodes: readonly Episode[];
  readonly own: ReadonlyMap<string, unknown>;
  readonly extra: Extra;
}

const OWN_FIELDS = new Set(['clientid', 'classification']);

/** Every top-level key in the order of the file, also those that `keyOrder` might lack. */
function orderedKeys({ nbss, keyOrder }: NbssClient): string[] {
  const known = keyOrder.filter((key) => Object.hasOwn(nbss, key));
  return [...new Set([...known, ...Object.keys(nbss)])];
}

function readTopLevel(client: NbssClient, unknown: UnknownFields): TopLevel {
  const episodes: Episode[] = [];
  const own = new Map<string, unknown>();
  const extra = emptyExtra();
  for (const key of orderedKeys(client)) {
    const value = client.nbss[key];
    const name = matchName(key);
    const isOwn = OWN_FIELDS.has(name);
    if (isOwn && isNoValue(value)) continue;
    if (isOwn && typeof value !== 'object' && !own.has(name)) own.set(name, value);
    else if (!isOwn && isJsonObject(value)) episodes.push(readEpisode(key, value));
    else if (own.get(name) !== value) {
      extra[key] = value;
      unknown.note(client.path, 'clients', key);
    }
  }
  return { episodes, own, extra };
}

function emptyRows(): Record<NbssTable, AnyRow[]> {
  return {
    episodes: [],
    events: [],
    screening_sides: [],
    assessments: [],
    clinical_exams: [],
    wide_biopsies: [],
    fine_biopsies: [],
    surgeries: [],
    interval_cancers: [],
    lesions: [],
  };
}

function addEpisode(rows: Record<NbssTable, AnyRow[]>, episode: Episode, context: NbssContext): void {
  const sides = flattenScreeningSides(episode, context);
  const procedures = new Map<EventName, readonly AnyRow[]>();
  rows.episodes.push(flattenEpisode(episode, context));
  append(rows.screening_sides, sides);
  for (const block of episode.events) {
    const ofBlock = flattenProcedure(episode.episodeId, block, context);
    procedures.set(block.event, ofBlock);
    append(rows[PROCEDURE_TABLES[block.event].name], ofBlock);
  }
  append(rows.events, flattenEvents(episode, { sides, procedures }, context));
  append(rows.lesions, flattenLesions(episode, context));
}

/**
 * The rows of every NBSS table for one client. Never throws on data: what does not fit is reported and kept in `extra`.
 * @param unknown shared with the client's imagedb, so that a key is reported once per client
 */
export function flattenNbss(
  client: NbssClient,
  report: Report,
  unknown: UnknownFields = new UnknownFields(client.clientId, report),
): NbssRows {
  const { clientId, path } = client;
  const context: NbssContext = { clientId, path, report, unknown };
  const { episodes, own, extra } = readTopLevel(client, unknown);
  const rows = emptyRows();
  for (const episode of episodes) addEpisode(rows, episode, context);
  return {
    ...rows,
    fileClientId: own.get('clientid') ?? null,
    classification: own.get('classification') ?? null,
    clientExtra: isEmptyExtra(extra) ? null : extra,
  };
}
