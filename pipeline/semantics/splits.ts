import { createHash } from 'node:crypto';
import { compareText } from '../base/text.js';
import { compareClients, parseClientId } from '../omi-db/client-id.js';

/** Which women may not be parted between training and test. This project's own rules (views, breasts over time, exams). */

/** Natural order of clients; a name that is none is after those that are. */
function compareIds(a: string, b: string): number {
  const [one, other] = [parseClientId(a), parseClientId(b)];
  if (one !== null && other !== null) return compareClients(one, other) || compareText(a, b);
  if (one === null && other === null) return compareText(a, b);
  return one === null ? 1 : -1;
}

/** The representative of a client, with the path to it made short. */
function find(parents: Map<string, string>, client: string): string {
  let root = client;
  for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up;
  for (let at = client; at !== root;) {
    const up = parents.get(at)!;
    parents.set(at, root);
    at = up;
  }
  return root;
}

/**
 * The group of each woman who shares an image with another, directly or through others: the least client_id of the group
 * in natural order. A woman who is not in the map is a group of her own, named by her client_id.
 * @param sharing for each SOP Instance UID that stands under several clients, those clients; in any order
 */
export function splitGroups(sharing: Iterable<readonly string[]>): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  for (const clients of sharing) {
    const roots = clients.map((client) => find(parents, client));
    const least = [...roots].sort(compareIds)[0];
    if (least === undefined) continue;
    // The least is always the representative, so that no second pass is needed.
    for (const root of roots) parents.set(root, least);
  }
  return new Map([...parents.keys()].map((client) => [client, find(parents, client)]));
}

const HEX_DIGITS = 13;

/**
 * The place of a group in [0, 1): the first 13 hexadecimal digits of the SHA-256 of its name (UTF-8) as a whole number,
 * over 16^13. 52 bits, which a double holds exactly, so that others make the same number:
 * - Python: `int(hashlib.sha256(group.encode()).hexdigest()[:13], 16) / 16**13`
 * - DuckDB: `('0x' || sha256(split_group)[1:13])::BIGINT / 4503599627370496`
 */
export function splitPoint(group: string): number {
  const digits = createHash('sha256').update(group, 'utf8').digest('hex').slice(0, HEX_DIGITS);
  return parseInt(digits, 16) / 16 ** HEX_DIGITS;
}
