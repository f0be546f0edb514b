import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

/**
 * Puts the compiled program and the libraries that it uses into a few files, dist/bundle: what `omidb-etl` starts. Node
 * takes most of a second to find and link the many hundreds of modules that they are without. What is imported only when
 * needed stays in files of its own. Names stay as they are, so that stack traces can be read.
 *
 * What Node starts is a CommonJS module of two lines. To load an ES module Node uses its pool of threads, and how many
 * threads that has must be said before.
 */

// Compiled, this file lies in dist/scripts/.
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** CommonJS modules in the bundle ask for Node's own modules by `require`, which ES modules have not. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);";

/**
 * Threads that wait for the file system while files are read ahead. Fewer hide less of a file server's latency; more of them
 * contend for the one queue of the pool.
 */
const POOL_THREADS = 32;

const START = `#!/usr/bin/env node
process.env.UV_THREADPOOL_SIZE ??= '${POOL_THREADS}';
import('./program.mjs');
`;

rmSync(`${ROOT}dist/bundle`, { recursive: true, force: true });
const OPTIONS: BuildOptions = {
  absWorkingDir: ROOT,
  outdir: 'dist/bundle',
  bundle: true,
  splitting: true,
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // ES modules where a library has both: those for `require` are not always made for bundling.
  mainFields: ['module', 'main'],
  // Native code and WebAssembly lie beside the modules that load them; parquetjs-lite is not strict, as modules of a bundle
  // are; canvas is what linkedom does without where it is not there.
  external: ['@duckdb/node-bindings', 'parquet-wasm', 'parquetjs-lite', 'canvas'],
  banner: { js: REQUIRE },
  logLevel: 'warning',
};
// Apart: what both share would be cut into many more files, which every thread then has to find.
await build({ ...OPTIONS, entryPoints: { program: 'dist/pipeline/cli.js' } });
await build({ ...OPTIONS, entryPoints: { worker: 'dist/pipeline/run/worker.js' } });
writeFileSync(`${ROOT}dist/bundle/omidb-etl.js`, START);
chmodSync(`${ROOT}dist/bundle/omidb-etl.js`, 0o755);
writeFileSync(`${ROOT}dist/bundle/package.json`, '{ "type": "commonjs" }\n');
