import { createHash, type Hash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { compareText } from '../base/text.js';
import { entriesBelow } from '../storage/folders.js';
import { readBytes } from '../storage/read.js';

/** What makes the rows, as it was built: a version number says what somebody meant to release, not what runs. */

/** Bundled, this module lies in dist/bundle/; compiled only, as tests use it, in dist/pipeline/run/, and the bundle stands for it. */
const HERE = new URL('.', import.meta.url);
const IS_BUNDLED = HERE.pathname.endsWith('/dist/bundle/');
const CODE = new URL(IS_BUNDLED ? '.' : '../../bundle/', HERE);
const ROOT = new URL('../../', CODE);

/**
 * A hash of every file of the program and of its data, and of the versions of what it runs on: Node, the tables of
 * characters that come with it, and the libraries (package.json names each exactly). Some 20 ms.
 */
export function programHash(): string {
  const hash = createHash('sha256');
  const { node, icu, unicode } = process.versions;
  hash.update(JSON.stringify({ node, icu, unicode }));
  addFiles(hash, CODE, /\.m?js$/);
  addFiles(hash, new URL('schemas/', ROOT), /\.(csv|json)$/);
  hash.update(readBytes(fileURLToPath(new URL('package.json', ROOT))));
  return hash.digest('hex');
}

function addFiles(hash: Hash, folder: URL, wanted: RegExp): void {
  const base = fileURLToPath(folder);
  const paths = entriesBelow(base).map(({ path }) => path).filter((path) => wanted.test(path)); // prettier-ignore
  for (const path of paths.sort(compareText)) {
    const content = readBytes(`${base}${path}`);
    hash.update(`\0${path}\0${content.length}\0`);
    hash.update(content);
  }
}
