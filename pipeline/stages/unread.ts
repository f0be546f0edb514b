import { isLikeClient, isUnfinishedCopy } from '../omi-db/layout.js';
import type { Entry, Source, Tree } from '../source/source.js';
import type { Mismatch, Report } from '../../schemas/mismatch-kinds.js';
import { holdsRecords } from './walk.js';

/** What is said of entries that are not read. */

/** Where an entry lies, as far as that is known. */
export type Where = Pick<Mismatch, 'client_id' | 'study_instance_uid'>;

/** An entry in the root of a tree that is no folder of a client. */
export function reportUnreadInRoot(entry: Entry, tree: Tree, source: Source, report: Report): void {
  const { name, kind, outside, isAlias } = entry;
  const isFolder = kind === 'folder';
  const isRecord =
    isLikeClient(name, isFolder) ||
    (isFolder && outside === null && !isAlias && holdsRecords(source, tree, name));
  report(unread(isRecord ? 'unexpected_records' : 'unexpected_entry', entry, tree, name, {}));
}

/** An entry that the layout does not know; one that looks like records, or holds some, is an error. */
export function unread(
  kind: 'unexpected_entry' | 'unexpected_records',
  entry: Pick<Entry, 'name' | 'kind'> & { readonly outside?: string | null },
  tree: Tree,
  path: string,
  where: Where,
): Mismatch {
  if (isUnfinishedCopy(entry.name, entry.kind === 'folder')) return unfinishedCopy(entry.name, path, where);
  const isRecord = kind === 'unexpected_records';
  if (isRecord && typeof entry.outside === 'string') return linkOutside(entry.outside, path, where);
  const what = entry.kind === 'other' ? 'link to nothing, device or pipe' : entry.kind;
  const seen = isRecord ? 'It looks like records, or holds some, but the' : 'The';
  const detail = `${seen} layout of the ${tree} tree knows no such ${what} here; it was not read.`;
  return { kind, ...where, path, detail, found: entry.name };
}

function unfinishedCopy(name: string, path: string, where: Where): Mismatch {
  const detail =
    'The name is one that a program gives to what it is still copying, or has not copied to its end; it was not read.';
  return { kind: 'copy_unfinished', ...where, path, detail, found: name };
}

/** A link that leads out of the trees. @param target where to */
export function linkOutside(target: string, path: string, where: Where): Mismatch {
  const detail = 'The link leads out of the trees and was not followed; with --follow-links it is.';
  return { kind: 'link_outside', ...where, path, detail, found: target };
}
