import type { Report } from '../../schemas/mismatch-kinds.js';
import type { OutcomeMonths } from '../semantics/outcome.js';
import type { UnknownFields } from '../omi-db/unknown-fields.js';
import type { SelectedTags } from './selected-tags.js';

/** What a client is interpreted by, beside her records. */
export interface InterpretSettings {
  readonly tags: SelectedTags;
  readonly months: OutcomeMonths;
}

/** What the functions that interpret one client share. */
export interface InterpretContext extends InterpretSettings {
  readonly clientId: string;
  /** Path of the imagedb file that was read, for reports; null when there is none. */
  readonly imagedbPath: string | null;
  readonly report: Report;
  readonly unknown: UnknownFields;
}
