import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedPages } from './docs/pages.js';

/** Writes the pages of docs/ that are made from the schemas. */

// Compiled, this file lies in dist/scripts/.
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

for (const [path, content] of generatedPages()) {
  mkdirSync(dirname(ROOT + path), { recursive: true });
  writeFileSync(ROOT + path, content);
  console.log(path);
}
