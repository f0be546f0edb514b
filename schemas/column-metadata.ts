import type { Column } from './column.js';

/** What is known of a column, as the key-value pairs of an Arrow field: description, source, unit, codes, free text. */
export function columnMetadata(column: Column): Map<string, string> {
  const metadata = new Map([
    ['description', column.description],
    ['source', column.source],
  ]);
  if (column.unit !== null) metadata.set('unit', column.unit);
  if (column.codes !== null) metadata.set('codes', column.codes);
  if (column.freeText) metadata.set('free_text', 'true');
  return metadata;
}
