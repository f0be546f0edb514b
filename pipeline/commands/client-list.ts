import { UsageFault } from '../base/fault.js';
import { parseClientId } from '../omi-db/client-id.js';
import { readUserFile } from '../storage/user-file.js';

/**
 * Lists of clients that the user names in an option: one a line, `#` starts a comment. A line that is anything else is
 * refused: a list to leave clients out that is not read as it was meant leaves a withdrawn woman in.
 */

/** Clients to take, each once; null where no file is given. @throws UsageFault */
export function clientsToTake(file: string | undefined): string[] | null {
  if (file === undefined) return null;
  const { ids } = readList(file);
  if (ids.length === 0)
    throw new UsageFault(`the list of clients ${file} names no client: nothing would be read`);
  return ids;
}

/** Clients to leave out, each once; none where no file is given, or one with comments only. @throws UsageFault */
export function clientsToLeaveOut(file: string | undefined): string[] {
  if (file === undefined) return [];
  const { ids, isBlank } = readList(file);
  if (isBlank)
    throw new UsageFault(
      `the list of clients ${file} is empty, as one that was cut is: leave the option away, or put a # comment into it, where nobody is to be left out`,
    );
  return ids;
}

function readList(file: string): { ids: string[]; isBlank: boolean } {
  const text = readUserFile(file, 'the list of clients');
  const ids = new Set<string>();
  // The last of the three is what old programs end lines with.
  for (const [i, line] of text.split(/\r\n|\n|\r/).entries()) {
    const id = line.replace(/#.*/, '').trim();
    if (id === '') continue;
    if (parseClientId(id) === null) throw new UsageFault(notAnId(file, i + 1, text));
    ids.add(id);
  }
  return { ids: [...ids], isBlank: text.trim() === '' };
}

function notAnId(file: string, line: number, text: string): string {
  const where = `line ${line} of the list of clients ${file} is no client id (like optm1)`;
  // UTF-16, with or without its mark, read as UTF-8.
  if (text.includes('\0') || text.includes('\ufffd'))
    return `${where}: the file is not UTF-8, save it as that`;
  return `${where}: give one id a line, without quotes, separators or other columns`;
}
