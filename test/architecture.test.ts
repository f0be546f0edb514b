import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadTagSelection } from '../pipeline/dicom/tag-selection.js';
import { isFast } from '../scripts/test-sets.js';
import { allTables } from '../schemas/tables/index.js';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Layers from the bottom up; a module imports from its own layer and those below. The first that fits counts. */
const LAYERS: readonly (readonly [string, RegExp])[] = [
  ['schemas', /^schemas\//],
  ['base', /^pipeline\/base\//],
  ['source and storage', /^pipeline\/(source|storage)\//],
  ['domain', /^pipeline\/(omi-db|nbss|dicom|semantics)\//],
  ['engine', /^pipeline\/engine\//],
  ['croissant', /^pipeline\/croissant\//],
  [
    'records',
    /^pipeline\/stages\/(budgets|oddities|unread|walk|discover|stamp|read-counts|clients-ahead|extract|join)\.ts$/,
  ],
  ['model', /^pipeline\/model\//],
  ['tables', /^pipeline\/tables\//],
  ['stages', /^pipeline\/stages\//],
  ['snapshot', /^pipeline\/snapshot\//],
  ['report', /^pipeline\/report\//],
  ['cohort', /^pipeline\/cohort\//],
  ['run', /^pipeline\/run\//],
  ['cluster', /^pipeline\/cluster\//],
  ['commands', /^pipeline\/commands\//],
  ['start', /^pipeline\/(cli\.ts$|start\/)/],
];
const layerOf = (file: string) => LAYERS.findIndex(([, files]) => files.test(file));

/** TypeScript files below a folder, relative to the project. */
function modules(folder: string): string[] {
  return (readdirSync(join(PROJECT, folder), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .sort();
}

const texts = new Map<string, string>();

function read(file: string): string {
  const text = texts.get(file) ?? readFileSync(join(PROJECT, file), 'utf8');
  texts.set(file, text);
  return text;
}

/** Files of this project that a module imports, at its start or when needed. */
function importsOf(file: string): string[] {
  const found = [...read(file).matchAll(/\b(?:from|import|import\()\s*'(\.[^']+)'/g)];
  return found.map(([, path]) => normalize(join(dirname(file), path!)).replace(/\.js$/, '.ts'));
}

/** Groups of modules each of which imports the others, by way of whatever modules; types count as all else does. */
function circlesAmong(files: readonly string[]): string[][] {
  const reached = new Map(files.map((file) => [file, reachedFrom(file)]));
  const circles = files.map((file) =>
    files.filter((other) => reached.get(file)!.has(other) && reached.get(other)!.has(file)),
  );
  return circles.filter((circle, i) => circle[0] === files[i]);
}

/** Modules that a module imports, and those that they import. */
function reachedFrom(file: string): Set<string> {
  const reached = new Set<string>();
  const next = importsOf(file);
  for (let module = next.pop(); module !== undefined; module = next.pop()) {
    if (reached.has(module)) continue;
    reached.add(module);
    next.push(...importsOf(module));
  }
  return reached;
}

/** What is loaded with a module: the files of this project, and the packages. What is imported only when needed is not. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  for (const [, from] of read(file).matchAll(
    /^(?:import(?! type)\b[^;]*?|\} from |export \{[^;]*?\} from )'([^']+)';$/gm,
  )) {
    if (from!.startsWith('.'))
      loadedWith(normalize(join(dirname(file), from!)).replace(/\.js$/, '.ts'), loaded);
    else loaded.add(from!);
  }
  return loaded;
}

const product = [...modules('schemas'), ...modules('pipeline')];

describe('architecture', () => {
  test('every module of the product is in a layer, and there are modules in each', () => {
    assert.deepEqual(
      product.filter((file) => layerOf(file) === -1),
      [],
    );
    for (const [name, files] of LAYERS.filter(([layer]) => layer !== 'domain'))
      assert.ok(
        product.some((file) => files.test(file)),
        name,
      );
  });

  test('imports point one way, down', () => {
    const wrong = product.flatMap((file) =>
      importsOf(file)
        .filter((imported) => layerOf(imported) === -1 || layerOf(imported) > layerOf(file))
        .map((imported) => `${file} imports ${imported}`),
    );
    assert.deepEqual(wrong, []);
    assert.ok(product.flatMap(importsOf).length > 100, 'imports are seen');
  });

  test('only the seams know the file system', () => {
    const wrong = product.filter(
      (file) => !/^pipeline\/storage\//.test(file) && /['"](?:node:)?fs(?:\/promises)?['"]/.test(read(file)),
    );
    // What is shipped with the program is read by the schemas.
    assert.deepEqual(wrong, [
      'schemas/files.ts',
      'pipeline/source/file-calls.ts',
      'pipeline/source/root-identity.ts',
    ]);
  });

  test('no module imports itself by way of others, types included', () => {
    assert.deepEqual(circlesAmong(product), []);
  });

  test('scripts use the schemas and the domain, nothing above but what the benchmark measures and the pages show', () => {
    const above = modules('scripts').flatMap((file) =>
      importsOf(file)
        .filter((imported) => !imported.startsWith('scripts/') && layerOf(imported) > 3)
        .map((imported) => `${file} imports ${imported}`),
    );
    assert.deepEqual(above, [
      'scripts/bench/writing.ts imports pipeline/stages/write/parquet.ts',
      // What V8 made of the program's code is read by the program.
      'scripts/bundle/keep-code.ts imports pipeline/start/load.ts',
      // The table of options of docs/running.md is made from the one of the parser.
      'scripts/docs/options-table.ts imports pipeline/commands/option.ts',
      'scripts/docs/pages.ts imports pipeline/commands/run-options.ts',
    ]);
  });

  test('only the command line ends the process or uses the console', () => {
    const wrong = product.filter(
      (file) => file !== 'pipeline/cli.ts' && /\bprocess\.exit\b(?!Code)|\bconsole\./.test(read(file)),
    );
    assert.deepEqual(wrong, []);
  });

  test('domain and schemas know nothing of processes, clocks and chance', () => {
    const pure = product.filter((file) => layerOf(file) <= 3);
    const wrong = pure.filter((file) =>
      /\bDate\.now\b|new Date\(\)|Math\.random|performance\.now|process\.(env|argv)/.test(read(file)),
    );
    assert.deepEqual(wrong, []);
  });

  test('nothing refers to a folder beside the project', () => {
    const files = [...product, ...modules('scripts'), 'Makefile', 'package.json'];
    assert.deepEqual(
      files.filter((file) => /\.\.\/shared\b/.test(read(file))),
      [],
    );
  });

  test('every table has its key columns first, and describes itself and each column', () => {
    for (const table of allTables(loadTagSelection().tags.map(({ column }) => column))) {
      const names = table.columns.map(({ name }) => name);
      assert.deepEqual(names.slice(0, table.key.length), table.key, table.name);
      assert.ok(table.description.endsWith('.'), table.name);
      for (const { name, description, source } of table.columns) {
        assert.match(name, /^[a-z][a-z0-9_]*$/, table.name);
        assert.ok(description.length >= 10 && source !== '', `${table.name}.${name}`);
      }
    }
  });

  test('the main thread of a run loads neither Arrow nor WebAssembly, and without changes nothing that writes', () => {
    const packages = (file: string) => [...loadedWith(file)].filter((name) => !name.endsWith('.ts'));
    const heavy = (file: string) =>
      packages(file).filter((name) =>
        /^(apache-arrow|parquet-wasm|parquetjs-lite|@duckdb|@observablehq|linkedom)/.test(name),
      );
    assert.deepEqual(heavy('pipeline/commands/run.ts'), []);
    assert.deepEqual(heavy('pipeline/run/worker.ts'), []);
    assert.deepEqual(heavy('pipeline/run/finish.ts'), []);
    assert.deepEqual(heavy('pipeline/run/seal.ts'), []);
    for (const command of ['plan', 'run-task', 'merge'])
      assert.deepEqual(heavy(`pipeline/commands/${command}.ts`), [], command);
    // That the reading of imports sees what it looks for.
    assert.deepEqual(heavy('pipeline/run/table-tasks.ts'), ['apache-arrow']);
    assert.deepEqual(heavy('pipeline/report/charts/library.ts'), ['@observablehq/plot', 'linkedom']);
    assert.deepEqual(heavy('pipeline/stages/write/parquet.ts'), ['parquet-wasm/node']);
    assert.deepEqual(heavy('pipeline/stages/write/parquet-rows.ts'), ['parquetjs-lite']);
  });

  test('fast tests start no process of the program and no whole run, nor do their helpers', () => {
    const starts = /\b(?:runCli|startCli|CLI|findPython)\b|\{[^}]*\brun\b[^}]*\} from '[^']*\/run\.js'/;
    const tests = modules('test').filter((file) => file.endsWith('.test.ts'));
    const fast = tests.filter((file) => isFast(file.slice('test/'.length)));
    const wrong = fast.flatMap((file) =>
      [file, ...reachedFrom(file)]
        .filter(
          (used) =>
            used.startsWith('test/') &&
            used !== 'test/helpers/cli.ts' &&
            used !== 'test/architecture.test.ts',
        )
        .filter((used) => starts.test(read(used)))
        .map((used) => `${file}: ${used}`),
    );
    assert.deepEqual(wrong, []);
    assert.ok(fast.length > 20 && fast.length < tests.length);
    assert.ok(tests.filter((file) => starts.test(read(file))).length > 10, 'starting is seen');
  });

  test('packages are pinned to one version each, and locked', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { version: string }>;
    };
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
      assert.equal(packages[`node_modules/${name}`]?.version, version, name);
    }
  });
});
