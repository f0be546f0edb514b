import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { readBytes } from '../storage/read.js';

/**
 * Loads the code of the bundle together with what V8 made of it when the bundle was built: to parse and compile it takes a
 * quarter of the CPU time of a run of one client, in each thread. V8 takes its own work up only where version and flags are the
 * same; where it does not, or the file is missing or damaged, the code is compiled as ever.
 */

/** The bytes of the hash before what V8 made. */
const HASH_BYTES = 32;

type ModuleFunction = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  file: string,
  folder: string,
) => void;

/** Where what V8 made of a file of code lies. */
export function cacheFile(file: string): string {
  return `${file}.cache`;
}

/** What V8 made of some code, guarded by a hash of both: V8 itself looks at the length of the code only. */
export function sealCache(code: Buffer, made: Buffer): Buffer {
  return Buffer.concat([hashOf(code, made), made]);
}

/** What V8 made of some code; undefined where that is not there, or is not what was made of this code. */
export function openCache(file: string, code: Buffer): Buffer | undefined {
  try {
    const sealed = readBytes(cacheFile(file));
    const made = sealed.subarray(HASH_BYTES);
    return hashOf(code, made).equals(sealed.subarray(0, HASH_BYTES)) ? made : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(code: Buffer, made: Buffer): Buffer {
  return createHash('sha256').update(code).update(made).digest();
}

/** Runs a file of code, a CommonJS module in ASCII. @returns what it exports */
export function load(file: string): unknown {
  const code = readBytes(file);
  const text = `(function (exports, require, module, __filename, __dirname) {${code.toString('latin1')}\n})`;
  const script = new Script(text, { filename: file, cachedData: openCache(file, code) });
  const module = { exports: {} as unknown };
  (script.runInThisContext() as ModuleFunction)(
    module.exports,
    createRequire(file),
    module,
    file,
    dirname(file),
  );
  return module.exports;
}
