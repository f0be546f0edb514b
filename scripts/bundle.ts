import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Puts the compiled program and the libraries that it uses into a few files, dist/bundle: what `omidb-etl` starts. Node
 * takes most of a second to find and link the many hundreds of modules that they are without. What is imported only when
 * needed stays in files of its own. Names stay as they are, so that stack traces can be read.
 */

// Compiled, this file lies in dist/scripts/.
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** CommonJS modules in the bundle ask for Node's own modules by `require`, which ES modules have not. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);";

rmSync(`${ROOT}dist/bundle`, { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: { 'omidb-etl': 'dist/pipeline/cli.js', worker: 'dist/pipeline/run/worker.js' },
  outdir: 'dist/bundle',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // ES modules where a library has both: those for `require` are not always made for bundling.
  mainFields: ['module', 'main'],
  // Native code and WebAssembly lie beside the modules that load them; the last is not strict, as modules of a bundle are.
  external: ['@duckdb/node-bindings', 'parquet-wasm', 'parquetjs-lite'],
  banner: { js: REQUIRE },
  logLevel: 'warning',
});
