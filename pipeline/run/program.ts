import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { compareText } from '../base/text.js';
import { entriesBelow } from '../storage/folders.js';
import { readBytes, readBytesLater } from '../storage/read.js';

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
export async function programHash(): Promise<string> {
  const hash = createHash('sha256');
  const { node, icu, unicode } = process.versions;
  hash.update(JSON.stringify({ node, icu, unicode }));
  const files = [...filesBelow(CODE, /\.js$/), ...filesBelow(new URL('schemas/', ROOT), /\.(csv|json)$/)];
  // All at a time: on a slow disk each of them lets one wait.
  const contents = await Promise.all(files.map(({ file }) => readBytesLater(file)));
  for (const [i, { path }] of files.entries()) {
    hash.update(`\0${path}\0${contents[i]!.length}\0`);
    hash.update(contents[i]!);
  }
  hash.update(readBytes(fileURLToPath(new URL('package.json', ROOT))));
  return hash.digest('hex');
}

/** Files of wanted names below a folder, in order. @returns for each its path below that, and where it is */
function filesBelow(folder: URL, wanted: RegExp): { path: string; file: string }[] {
  const base = fileURLToPath(folder);
  const paths = entriesBelow(base).map(({ path }) => path).filter((path) => wanted.test(path)); // prettier-ignore
  return paths.sort(compareText).map((path) => ({ path, file: `${base}${path}` }));
}
