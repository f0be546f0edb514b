import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import type { ClientModel } from '../model/client-model.js';
import type { InterpretSettings } from '../model/context.js';
import { interpret } from '../model/interpret.js';
import { SelectedTags } from '../model/selected-tags.js';
import { worstMismatches } from '../model/worst-mismatch.js';
import type { TagSelection } from '../dicom/tag-selection.js';
import type { OutcomeMonths } from '../semantics/outcome.js';
import type { Source } from '../source/source.js';
import { TooLargeFault } from '../base/fault.js';
import { ClientBudget } from './budgets.js';
import { discoverClient, type ClientEntry, type ClientPlan } from './discover.js';
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
  /** That were read of her and are in her rows. */
  readonly bytes: number;
}

/**
 * Does one client: what her folders hold is walked over, stamped and paired, her files are read, joined and interpreted,
 * and the views of her held against each other.
 * @param stamp takes the client up before she is read; without one, as in a dry run, no image header is read
 */
export function processClient(entry: ClientEntry, tools: ClientTools, stamp: Stamp | null): ProcessedClient {
  const { source, reader, settings } = tools;
  const mismatches: Mismatch[] = [];
  const report = (mismatch: Mismatch) => {
    ClientBudget.checkRows(mismatches.push(mismatch), 'mismatches');
  };
  const walked = walkClient(entry, source, stamp !== null);
  // Before reading: what changes while it is read is then seen as changed by the next run.
  stamp?.add(entry.id, walked);
  try {
    const plan = discoverClient(entry, walked, source, report);
    ClientBudget.checkRows(countImages(plan), 'images on the disk');
    const record = reader.read(plan, stamp !== null, report);
    const model = interpret(record, settings, report);
    reconcile(model, source.roots, report);
    const client = { ...model, worstMismatches: worstMismatches(mismatches) };
    return { client, mismatches, bytes: reader.clientBytes };
  } catch (error) {
    if (error instanceof TooLargeFault) return tooLargeClient(entry, tools, error.message);
    throw error;
  }
}

/**
 * A client over the limits: her row in `clients`, and a mismatch instead of all else.
 * @param reason the beginning of a sentence
 */
export function tooLargeClient(entry: ClientEntry, tools: ClientTools, reason: string): ProcessedClient {
  const { source, settings } = tools;
  const walked = walkClient(entry, source, false);
  const plan = { ...discoverClient(entry, walked, source, ignore), studies: [] };
  const record = { plan, imagedb: null, nbss: null, studies: [], tooLarge: true };
  const detail = `${reason}: nothing of her is in the tables but her row in clients.`;
  const mismatches: Mismatch[] = [{ kind: 'client_too_large', client_id: entry.id, path: entry.id, detail }];
  const model = interpret(record, settings, ignore);
  return { client: { ...model, worstMismatches: worstMismatches(mismatches) }, mismatches, bytes: 0 };
}

const ignore = () => undefined;

function countImages({ studies }: ClientPlan): number {
  return studies.reduce((sum, { images }) => sum + images.length, 0);
}
