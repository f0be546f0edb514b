import { remembering } from '../../base/remembering.js';
import { MANUFACTURERS } from '../../../schemas/dicom/manufacturers.js';

/** A database has a few dozen spellings. */
const nameFor = remembering((text: string): string => {
  // Blanks around it, so that `ge` is found as a word only.
  const words = ` ${text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()} `;
  const names = new Set(
    MANUFACTURERS.filter((row) => words.includes(` ${row.words} `)).map(({ name }) => name),
  );
  return names.size === 1 ? [...names][0]! : 'other';
});

/**
 * The short name of a maker by the words of `dicom/manufacturers.csv`; `other` where none or several makers are named;
 * null where Manufacturer (0008,0070) is not there or empty. This project's own rule (views, breasts over time, exams).
 */
export function manufacturerName(manufacturer: string | null): string | null {
  return manufacturer === null || manufacturer.trim() === '' ? null : nameFor(manufacturer);
}
