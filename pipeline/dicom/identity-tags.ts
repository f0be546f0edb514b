import { column, type Cell, type ColumnType } from '../../schemas/column.js';
import type { HeaderIdentity } from './header-values.js';
import type { SelectedTag } from './selected-tag.js';
import { formatTag, tagKey } from './value-representation.js';

function identityTag(keyword: string, tag: number, vr: string, type: ColumnType): SelectedTag {
  const facts = { description: keyword, source: `DICOM ${formatTag(tag)} ${keyword}` };
  return {
    keyword,
    path: [{ keyword, tag, key: tagKey(tag), item: null }],
    vr,
    creator: null,
    fallbacks: [],
    column: column(keyword, type, facts),
  };
}

/** The elements that are read from every header, whatever the selection. */
export const IDENTITY_TAGS: readonly SelectedTag[] = [
  identityTag('SOPInstanceUID', 0x00080018, 'UI', 'string'),
  identityTag('StudyInstanceUID', 0x0020000d, 'UI', 'string'),
  identityTag('SeriesInstanceUID', 0x0020000e, 'UI', 'string'),
  identityTag('Rows', 0x00280010, 'US', 'int'),
  identityTag('Columns', 0x00280011, 'US', 'int'),
  identityTag('SOPClassUID', 0x00080016, 'UI', 'string'),
];

/** The identity from a cell for each of IDENTITY_TAGS, in their order. */
export function toIdentity(cells: readonly Cell[]): HeaderIdentity {
  return {
    sopInstanceUid: cells[0] as string | null,
    studyInstanceUid: cells[1] as string | null,
    seriesInstanceUid: cells[2] as string | null,
    rows: cells[3] as number | null,
    columns: cells[4] as number | null,
    sopClassUid: cells[5] as string | null,
  };
}
