import type { AnyRow } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { episodeMeaning, lesionMeaningColumns } from '../../schemas/tables/meaning.js';
import { clientRecord, modelOf } from '../helpers/records.js';
import { namedRows } from '../helpers/rows.js';

type NbssTable =
  | 'episodes'
  | 'events'
  | 'screening_sides'
  | 'assessments'
  | 'clinical_exams'
  | 'wide_biopsies'
  | 'fine_biopsies'
  | 'surgeries'
  | 'interval_cancers'
  | 'lesions';

/** Rows by table, and what stands at the top of the file beside episodes. */
export type NbssRows = Readonly<Record<NbssTable, readonly AnyRow[]>> & {
  readonly fileClientId: unknown;
  readonly classification: unknown;
  readonly clientExtra: Readonly<Record<string, unknown>> | null;
};

export interface Flattened {
  readonly rows: NbssRows;
  readonly mismatches: readonly Mismatch[];
  /** `kind found` of every mismatch, in order. */
  readonly reported: readonly string[];
}

/** Flattens a client's nbss file given as JSON text or as an object. */
export function flatten(file: unknown): Flattened {
  const { client, mismatches } = modelOf(clientRecord({ nbss: file }));
  const { fileClientId, classification } = client.nbss!;
  const extra = JSON.parse(client.extra ?? '{}') as { nbss?: Record<string, unknown> };
  const tables = namedRows(client) as Record<NbssTable, AnyRow[]>;
  const rows = { ...tables, fileClientId, classification, clientExtra: extra.nbss ?? null };
  const reported = mismatches.map(({ kind, found }) => `${kind} ${String(found)}`);
  return { rows, mismatches, reported };
}

/** Flattens a file with one episode, `E1`. */
export const flattenEpisode = (episode: unknown): Flattened => flatten({ ClientID: 'optm1', E1: episode });

/** Columns that no field fills: the tests of test/semantics are about them. */
const DERIVED = new Set<string>([...episodeMeaning, ...lesionMeaningColumns].map(({ name }) => name));

/** What a row has from the file: without its nulls and keys of client and episode. */
export function values(row: AnyRow | undefined): Record<string, unknown> {
  const kept = Object.entries(row ?? {}).filter(
    ([name, cell]) => cell !== null && name !== 'client_id' && name !== 'episode_id' && !DERIVED.has(name),
  );
  return Object.fromEntries(kept);
}

/** The parsed `extra` of a row, null for none. */
export function extraOf(row: AnyRow | undefined): unknown {
  const text = row?.['extra'];
  return typeof text === 'string' ? JSON.parse(text) : null;
}

/** Days since 1970-01-01 by the engine's own clock. */
export const day = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
