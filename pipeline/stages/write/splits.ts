import { splits } from '../../../schemas/tables/splits.js';
import { splitPoint } from '../../semantics/splits.js';
import { TableBuilder } from './columns.js';
import type { Formats } from './formats.js';
import { writePart, type WrittenPart } from './part.js';

/** Rows that are in memory at a time; part of what the file's bytes depend on. */
const ROWS_PER_BATCH = 8192;

/** Who shares images with whom. */
export interface SplitGroups {
  /** All clients, in natural order. */
  readonly clients: readonly string[];
  /** The group of each client who is in one with others. */
  readonly groups: ReadonlyMap<string, string>;
}

/** Writes the only part of table `splits`. */
export function writeSplits(
  { clients, groups }: SplitGroups,
  snapshot: string,
  formats: Formats,
): Promise<WrittenPart> {
  const streams = () => batches(clients, groups);
  const content = { table: splits, rows: clients.length, streams };
  return writePart(content, { snapshot, part: splits.name, formats });
}

function* batches(clients: readonly string[], groups: SplitGroups['groups']): Generator<Uint8Array> {
  for (let start = 0; start < clients.length; start += ROWS_PER_BATCH) {
    const builder = new TableBuilder(splits);
    for (const client of clients.slice(start, start + ROWS_PER_BATCH)) {
      const group = groups.get(client) ?? client;
      builder.append({ client_id: client, split_group: group, split_point: splitPoint(group) });
    }
    yield builder.finish();
  }
}
