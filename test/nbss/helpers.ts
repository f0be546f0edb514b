import { flattenNbss, type NbssRows } from '../../pipeline/stages/flatten/nbss.js';
import type { AnyRow } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';

export interface Flattened {
  readonly rows: NbssRows;
  readonly mismatches: readonly Mismatch[];
  /** `kind found` of every mismatch, in order. */
  readonly reported: readonly string[];
}

/** Flattens a client's nbss file given as JSON text or as an object; keys in the order of the object by default. */
export function flatten(file: unknown, keyOrder?: readonly string[]): Flattened {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  const nbss = JSON.parse(text) as Record<string, unknown>;
  const mismatches: Mismatch[] = [];
  const client = {
    clientId: 'optm1',
    path: 'optm1/nbss_optm1.json',
    nbss,
    keyOrder: keyOrder ?? Object.keys(nbss),
  };
  const rows = flattenNbss(client, (mismatch) => mismatches.push(mismatch));
  const reported = mismatches.map(({ kind, found }) => `${kind} ${String(found)}`);
  return { rows, mismatches, reported };
}

/** Flattens a file with one episode, `E1`. */
export const flattenEpisode = (episode: unknown): Flattened => flatten({ ClientID: 'optm1', E1: episode });

/** A row without its nulls and keys of client and episode. */
export function values(row: AnyRow | undefined): Record<string, unknown> {
  const kept = Object.entries(row ?? {}).filter(
    ([name, cell]) => cell !== null && name !== 'client_id' && name !== 'episode_id',
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
