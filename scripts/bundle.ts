import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { makeCaches } from './bundle/make-caches.js';
import { POOL_THREADS } from './bundle/pool-threads.js';

/**
 * Puts the compiled program and the libraries that it uses into a few files, dist/bundle: what `omidb-etl` starts. Node
 * takes most of a second to find and link the many hundreds of modules that they are without. Names stay as they are, so
 * that stack traces can be read.
 *
 * - omidb-etl.js: what Node starts. It knows the version, and loads the rest when a command is asked for.
 * - main-code.js, worker-code.js: the commands, and what a worker thread does. Modules that are imported only when needed
 *   are in there too, and run only then.
 * - charts-code.js: what draws the charts of the report, which is a third of all code, and which most commands do not need.
 * - main.js, worker.js, charts.js: load these with what V8 made of them before (pipeline/start/load.ts), which lies beside
 *   them.
 *
 * They are CommonJS. To load an ES module Node uses its pool of threads, and how many threads that has must be said before;
 * and what V8 made of an ES module it takes from nobody.
 */

// Compiled, this file lies in dist/scripts/.
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUNDLE = `${ROOT}dist/bundle`;

const START = `#!/usr/bin/env node
process.env.UV_THREADPOOL_SIZE ??= '${POOL_THREADS}';`;

/** CommonJS modules have no URL: `import.meta.url` of what is bundled is that of the bundle. */
const MODULE_URL = "const moduleUrl = require('node:url').pathToFileURL(__filename).href;";

const loaderOf = (code: string) =>
  `module.exports = require('./load.js').load(require('node:path').join(__dirname, '${code}'));\n`;

const notTheEntry =
  (path: string) =>
  ({ kind }: { readonly kind: string }) =>
    kind === 'entry-point' ? undefined : { path, external: true };

/** The commands, what workers do and what draws lie in files of their own, whoever asks for them. */
const APART: Plugin = {
  name: 'apart',
  setup: (bundle) => {
    bundle.onResolve({ filter: /^\.\/commands\/main\.js$/ }, notTheEntry('./main.js'));
    bundle.onResolve({ filter: /^\.\/worker\.js$/ }, notTheEntry('./worker.js'));
    bundle.onResolve({ filter: /^\.\/library\.js$/ }, notTheEntry('./charts.js'));
  },
};

const OPTIONS: BuildOptions = {
  absWorkingDir: ROOT,
  outdir: BUNDLE,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // ES modules where a library has both: those for `require` are not always made for bundling.
  mainFields: ['module', 'main'],
  // Native code and WebAssembly lie beside the modules that load them; canvas is what linkedom does without where it is not there.
  external: ['@duckdb/node-bindings', 'parquet-wasm', 'parquetjs-lite', 'canvas'],
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: MODULE_URL },
  plugins: [APART],
  logLevel: 'warning',
};

rmSync(BUNDLE, { recursive: true, force: true });
await build({
  ...OPTIONS,
  entryPoints: { 'omidb-etl': 'dist/pipeline/cli.js' },
  banner: { js: `${START}\n${MODULE_URL}` },
});
await build({
  ...OPTIONS,
  entryPoints: {
    load: 'dist/pipeline/start/load.js',
    'main-code': 'dist/pipeline/commands/main.js',
    'worker-code': 'dist/pipeline/run/worker.js',
    'charts-code': 'dist/pipeline/report/charts/library.js',
  },
});
for (const name of ['main', 'worker', 'charts'])
  writeFileSync(`${BUNDLE}/${name}.js`, loaderOf(`${name}-code.js`));
chmodSync(`${BUNDLE}/omidb-etl.js`, 0o755);
writeFileSync(`${BUNDLE}/package.json`, '{ "type": "commonjs" }\n');
makeCaches(BUNDLE);
