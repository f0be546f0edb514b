import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLUSTER_OPTIONS } from '../../pipeline/commands/cluster-options.js';
import { RUN_OPTIONS } from '../../pipeline/commands/run-options.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { CODE_LISTS } from '../../schemas/nbss/code-lists.js';
import { allTables } from '../../schemas/tables/index.js';
import { mismatchesPage } from './mismatches-page.js';
import { optionsTable, replacePart } from './options-table.js';
import { tablesPage } from './tables-page.js';

// Compiled, this file lies in dist/scripts/docs/.
const RUNNING = fileURLToPath(new URL('../../../docs/running.md', import.meta.url));

/** The pages that are made from the schemas, and the one with the tables of options: path from the root -> content. */
export function generatedPages(): ReadonlyMap<string, string> {
  const tagColumns = loadTagSelection().tags.map(({ column }) => column);
  return new Map([
    ['docs/tables.md', tablesPage(allTables(tagColumns), CODE_LISTS)],
    ['docs/mismatches.md', mismatchesPage()],
    ['docs/running.md', running()],
  ]);
}

function running(): string {
  const ofRun = optionsTable('omidb-etl run', RUN_OPTIONS);
  const page = replacePart(readFileSync(RUNNING, 'utf8'), 'options of run, made by make docs', ofRun);
  const ofCluster = optionsTable('plan, run-task, merge', CLUSTER_OPTIONS);
  return replacePart(page, 'options for many machines, made by make docs', ofCluster);
}
