import type { JsonObject } from '../../omi-db/json.js';
import type { Report } from '../../../schemas/mismatch-kinds.js';
import type { UnknownFields } from './unknown-fields.js';

/** What the functions that flatten one client's imagedb share. */
export class ImagedbContext {
  constructor(
    readonly clientId: string,
    /** Path of the imagedb file, for reports; null when there is none. */
    readonly path: string | null,
    readonly report: Report,
    private readonly unknown: UnknownFields,
  ) {}

  /** Reports a key whose column cannot hold the list or object that stands under it. */
  noteUnfit(table: string, key: string): void {
    if (this.path !== null) this.unknown.noteUnfit(this.path, table, key);
  }

  /** Reports a key of another file of the client than imagedb. */
  noteUnknownIn(path: string, table: string, key: string): void {
    this.unknown.note(path, table, key);
  }

  /** Reports the keys of what goes to a table's `extra`. */
  noteUnknown(table: string, extra: JsonObject): void {
    if (this.path === null) return;
    for (const key of Object.keys(extra)) {
      // The empty key of a series is a known oddity of the format, not a field.
      if (key !== '') this.unknown.note(this.path, table, key);
    }
  }
}
