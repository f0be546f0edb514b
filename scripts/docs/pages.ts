import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { CODE_LISTS } from '../../schemas/nbss/code-lists.js';
import { allTables } from '../../schemas/tables/index.js';
import { mismatchesPage } from './mismatches-page.js';
import { tablesPage } from './tables-page.js';

/** The pages that are made from the schemas: path from the root of the project -> content. */
export function generatedPages(): ReadonlyMap<string, string> {
  const tagColumns = loadTagSelection().tags.map(({ column }) => column);
  return new Map([
    ['docs/tables.md', tablesPage(allTables(tagColumns), CODE_LISTS)],
    ['docs/mismatches.md', mismatchesPage()],
  ]);
}
