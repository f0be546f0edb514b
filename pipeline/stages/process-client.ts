import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import type { ClientModel } from '../model/client-model.js';
import type { InterpretSettings } from '../model/context.js';
import { interpret } from '../model/interpret.js';
import { SelectedTags } from '../model/selected-tags.js';
import { worstMismatches } from '../model/worst-mismatch.js';
import type { TagSelection } from '../dicom/tag-selection.js';
import type { OutcomeMonths } from '../semantics/outcome.js';
import type { Source } from '../source/source.js';
import { discoverClient, type ClientEntry } from './discover.js';
import { ClientReader } from './extract.js';
import { reconcile } from './reconcile/client.js';
import type { Stamp } from './stamp.js';
import { walkClient } from './walk.js';

/** What clients are processed with, one after the other: one for each worker thread. */
export interface ClientTools {
  readonly source: Source;
  readonly reader: ClientReader;
  readonly settings: InterpretSettings;
}

export function clientTools(source: Source, selection: TagSelection, months: OutcomeMonths): ClientTools {
  const settings = { tags: new SelectedTags(selection), months };
  return { source, reader: new ClientReader(source, selection), settings };
}

export interface ProcessedClient {
  /** What her rows are made from, see appendRows. */
  readonly client: ClientModel;
  /** In the order in which they were found. */
  readonly mismatches: readonly Mismatch[];
}

/**
 * Does one client: what her folders hold is walked over, stamped and paired, her files are read, joined and interpreted,
 * and the views of her held against each other.
 * @param stamp takes the client up before she is read; without one, as in a dry run, no image header is read
 */
export function processClient(entry: ClientEntry, tools: ClientTools, stamp: Stamp | null): ProcessedClient {
  const { source, reader, settings } = tools;
  const mismatches: Mismatch[] = [];
  const report = (mismatch: Mismatch) => mismatches.push(mismatch);
  const walked = walkClient(entry, source, stamp !== null);
  // Before reading: what changes while it is read is then seen as changed by the next run.
  stamp?.add(entry.id, walked);
  const plan = discoverClient(entry, walked, source, report);
  const record = reader.read(plan, stamp !== null, report);
  const model = interpret(record, settings, report);
  reconcile(model, source.roots, report);
  return { client: { ...model, worstMismatches: worstMismatches(mismatches) }, mismatches };
}
