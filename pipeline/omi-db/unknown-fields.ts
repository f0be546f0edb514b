import { NO_EXTRA, type Extra } from './extra.js';
import type { Report } from '../../schemas/mismatch-kinds.js';

/** Reports keys that no table has a column for: once per client and key, however often and wherever they stand. */
export class UnknownFields {
  readonly #clientId: string;
  readonly #report: Report;
  readonly #seen = new Set<string>();

  constructor(clientId: string, report: Report) {
    this.#clientId = clientId;
    this.#report = report;
  }

  /**
   * @param path  path of the file, relative to its root
   * @param table table whose source record holds the key
   * @param key   the key as the file spells it
   * @param lack  what the table lacks, to be followed by the key
   */
  note(path: string, table: string, key: string, lack = 'no column for the key'): void {
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#report({
      kind: 'field_unknown',
      client_id: this.#clientId,
      path,
      detail: `Table ${table} has ${lack} ${JSON.stringify(key)}; its values are kept in extra.`,
      found: key,
    });
  }

  /** As `note`, of every key of what goes to the `extra` of a table. */
  noteAll(path: string, table: string, extra: Readonly<Extra>): void {
    if (extra === NO_EXTRA) return;
    for (const key of Object.keys(extra)) {
      // The empty key of a series is a known oddity of the format, not a field.
      if (key !== '') this.note(path, table, key);
    }
  }

  /** As `note`, of a key whose column holds one value and that has a list or an object. */
  noteUnfit(path: string, table: string, key: string): void {
    this.note(path, table, key, 'no column that can hold a list or an object under the key');
  }
}
