import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of a data file that is shipped in `schemas/`, e.g. `nbss/fields.json`. */
export function schemaFile(relativePath: string): string {
  // Compiled modules lie in dist/schemas/, the data files stay in schemas/.
  return fileURLToPath(new URL(`../../schemas/${relativePath}`, import.meta.url));
}

/** The parsed content of a JSON file that is shipped in `schemas/`. */
export function readSchemaJson(relativePath: string): unknown {
  return JSON.parse(readFileSync(schemaFile(relativePath), 'utf8'));
}
