import type { ReadableHeader } from '../dicom/dicom-header.js';
import type { ParsedJson } from '../omi-db/json.js';
import type { Report } from '../../schemas/mismatch-kinds.js';

/** What is said of files that can be read, but not quite as they should be. */

/** Which client, study and image a file is of. */
export interface Where {
  readonly client_id: string;
  readonly study_instance_uid?: string;
  readonly sop_instance_uid?: string;
}

export function reportOddities(parsed: ParsedJson, path: string, where: Where, report: Report): void {
  if (!parsed.validUtf8) {
    const detail = 'The file is not valid UTF-8; the bad bytes were read as U+FFFD.';
    report({ kind: 'json_encoding_invalid', ...where, path, detail });
  }
  if (parsed.halfCharacters > 0) {
    const detail =
      'The file has escapes of half a character (a surrogate without its other half), which no text can hold; they were kept as they are spelled in the file.';
    report({ kind: 'json_encoding_invalid', ...where, path, detail, found: String(parsed.halfCharacters) });
  }
  for (const { text, place } of parsed.oddNumbers) {
    const detail = `At ${place} stands what is no number in JSON; its value is null.`;
    report({ kind: 'number_invalid', ...where, path, detail, found: text });
  }
  for (const { key, dropped } of parsed.duplicateKeys) {
    const detail = `The key ${key} stands twice in one object; the last value is used, the one in \`found\` is not.`;
    report({ kind: 'json_key_duplicate', ...where, path, detail, found: dropped });
  }
}

export function reportOddElements(
  { odd, cut }: ReadableHeader,
  path: string,
  where: Where,
  report: Report,
): void {
  for (const { place, reason } of odd) {
    const detail = sentence(
      place === '' ? `${reason}; what stands before it was read` : `${place} ${reason}`,
    );
    report({ kind: 'dicom_element_odd', ...where, path, detail, found: place || null });
  }
  if (cut !== null)
    report({
      kind: 'dicom_unreadable',
      ...where,
      path,
      detail: sentence(`${cut}; what stands before that was read`),
    });
}

/** `the file is empty` -> `The file is empty.` */
export function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}${reason.endsWith('.') ? '' : '.'}`;
}
