import { readFileSync } from 'node:fs';
import { UsageFault } from '../base/fault.js';
import { errorName } from '../base/system-error.js';

/**
 * The text of a file that the user named in an option, without the byte order mark that editors on Windows begin it with.
 * @param what it is, for the sentence: `the list of clients`
 * @throws UsageFault when it cannot be read
 */
export function readUserFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw new UsageFault(`${what} ${path} cannot be read (${errorName(error)}): check the path`);
  }
}
