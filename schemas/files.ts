import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file that is shipped with the program, e.g. `package.json`. */
function shippedFile(relativePath: string): string {
  // Compiled, this module lies in dist/schemas/, and in the bundle in dist/bundle/: both two folders down.
  return fileURLToPath(new URL(`../../${relativePath}`, import.meta.url));
}

/** The parsed content of a JSON file that is shipped with the program, e.g. `package.json`. */
export function readShippedJson(relativePath: string): unknown {
  return JSON.parse(readFileSync(shippedFile(relativePath), 'utf8'));
}

/** Absolute path of a data file that is shipped in `schemas/`, e.g. `nbss/fields.json`. */
export function schemaFile(relativePath: string): string {
  return shippedFile(`schemas/${relativePath}`);
}

/** The text of a file that is shipped in `schemas/`. */
export function readSchemaText(relativePath: string): string {
  return readFileSync(schemaFile(relativePath), 'utf8');
}

/** The parsed content of a JSON file that is shipped in `schemas/`. */
export function readSchemaJson(relativePath: string): unknown {
  return readShippedJson(`schemas/${relativePath}`);
}

/** Names of the files of a folder that is shipped in `schemas/`, sorted. */
export function listSchemaFiles(folder: string): string[] {
  return readdirSync(schemaFile(folder)).sort();
}
