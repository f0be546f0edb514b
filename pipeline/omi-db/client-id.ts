import { compareText } from '../base/text.js';

/** A client's folder name taken apart: a four-letter prefix and a number (database-structure page of OMI-DB). */
export interface ClientId {
  readonly id: string;
  readonly prefix: string;
  readonly number: number;
}

/** How many client numbers one part file covers, where clients do not lie far apart. */
const LEAST_WIDTH = 1000;
/** More than any number has. */
const MOST_WIDTH = 1e15;
/** So many ranges are never too many; above that each must hold so many clients, on average. */
const FEW_RANGES = 16;
const CLIENTS_PER_RANGE = 50;

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

/**
 * Name of the range of client numbers that a client's rows are written in: `optm-0000000` holds optm0 to optm999.
 * @param width client numbers of a range (see rangeWidth)
 */
export function rangeOf(client: ClientId, width: number): string {
  const first = Math.floor(client.number / width) * width;
  return `${client.prefix}-${String(first).padStart(7, '0')}`;
}

/**
 * How many client numbers a range has: 1000, or the least of 10,000, 100,000 ... that keeps the files few where clients lie
 * far apart. It depends on the clients alone, so that a run which reads all and one which does not agree.
 * @param clients in natural order
 */
export function rangeWidth(clients: readonly ClientId[]): number {
  const most = Math.max(FEW_RANGES, clients.length / CLIENTS_PER_RANGE);
  let width = LEAST_WIDTH;
  while (width < MOST_WIDTH && countRanges(clients, width) > most) width *= 10;
  return width;
}

function countRanges(clients: readonly ClientId[], width: number): number {
  let ranges = 0;
  let prefix = '';
  let last = -1;
  for (const client of clients) {
    const range = Math.floor(client.number / width);
    if (client.prefix !== prefix || range !== last) ranges++;
    prefix = client.prefix;
    last = range;
  }
  return ranges;
}
