import { readTables } from '../snapshot/published.js';
import type { CheckedSpec } from './cohort-db.js';
import type { CohortFile } from './cohort-file.js';
import { writtenName } from './cohort-table.js';
import type { SourceSnapshot } from './source-tables.js';

/** What each column of a cohort is, in the words of schema.json where the column is from a table. */
export function describeColumns(
  { folder }: SourceSnapshot,
  { spec, unit, tables, types }: CheckedSpec,
  columns: readonly string[],
): CohortFile['columns'] {
  const described = new Map<string, string>();
  // A table that comes earlier in the list says more of its own columns than one that repeats them.
  for (const name of [...tables].reverse()) {
    const table = readTables(folder).find((one) => one.name === name);
    for (const column of table?.columns ?? []) {
      const written = name.startsWith('side_') ? `${name}_${column.name}` : column.name;
      described.set(written, column.description);
    }
  }
  const own = ownDescriptions(spec.label.description ?? `By ${spec.label.sql}.`, spec.label.name);
  const given = new Map((spec.columns ?? []).map((name) => [writtenName(name), name]));
  return columns.map((name) => ({
    name,
    type: types.get(given.get(name) ?? name) ?? OWN_TYPES[name] ?? 'VARCHAR',
    description: own.get(name) ?? described.get(name) ?? slotDescription(name, unit.slots),
  }));
}

const OWN_TYPES: Readonly<Record<string, string>> = { match_set: 'BIGINT' };

function ownDescriptions(label: string, name: string): Map<string, string> {
  return new Map([
    [name, label],
    ['split', 'The split of the row.'],
    ['match_set', 'The number of a case, which its controls have too.'],
    ['age_band', 'Age at the study, in bands of five years.'],
    ['study_year', 'Year of the study.'],
    ['side', 'The breast: L or R.'],
    ['days_to_cancer', 'Days from the exam to the first recorded cancer; below 0 after it, null: none is recorded.'],
    ['cancer_mode', 'How that cancer came to light: screen, interval, other.'],
  ]); // prettier-ignore
}

/** Of the path beside a column that names an image, and of columns that a unit has by another name than the table. */
function slotDescription(name: string, slots: readonly string[]): string {
  const slot = slots.find((one) => name === `${one}_path`);
  if (slot !== undefined)
    return `DICOM file of ${slot}, relative to the images root; null when there is none.`;
  return slots.includes(name)
    ? `SOP Instance UID of the image that stands for ${name} of this breast; null: none.`
    : `${name} of this row, as tables exams and image_summary have it.`;
}
