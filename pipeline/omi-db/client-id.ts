import { compareText } from '../base/text.js';

/** A client's folder name taken apart: a four-letter prefix and a number (database-structure page of OMI-DB). */
export interface ClientId {
  readonly id: string;
  readonly prefix: string;
  readonly number: number;
}

/** How many client numbers one part file covers. */
const RANGE_SIZE = 1000;

/** The parts of a client folder's name, or null when the name is none (`optm1`, `demd128247`). */
export function parseClientId(name: string): ClientId | null {
  // Fifteen digits is what a double counts exactly.
  const match = /^([A-Za-z]{4})([0-9]{1,15})$/.exec(name);
  if (match === null) return null;
  return { id: name, prefix: match[1]!, number: Number(match[2]) };
}

/** Natural order: by prefix, then by number (optm2 before optm10), then by spelling (optm1 before optm01). */
export function compareClients(a: ClientId, b: ClientId): number {
  return compareText(a.prefix, b.prefix) || a.number - b.number || a.id.length - b.id.length;
}

/** Name of the range of client numbers that a client's rows are written in: `optm-0000000` holds optm0 to optm999. */
export function rangeOf(client: ClientId): string {
  const first = Math.floor(client.number / RANGE_SIZE) * RANGE_SIZE;
  return `${client.prefix}-${String(first).padStart(7, '0')}`;
}
