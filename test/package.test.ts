import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeSample } from '../scripts/sample/database.js';
import { temporaryFolder, withoutEvents } from './helpers/cli.js';
import { BOUNDED } from './helpers/processes.js';

/** The package as a user gets it from npm: its files, and the libraries that it says it depends on. */

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const { bin, dependencies } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as Record<
  'bin' | 'dependencies',
  Record<string, string>
>;

function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', ...BOUNDED });
  assert.equal(status, 0, stderr);
  assert.equal(withoutEvents(stderr), '');
  return stdout;
}

describe('the package', () => {
  const folder = temporaryFolder();
  const installed = join(folder, 'installed');
  const [packed] = JSON.parse(run('npm', ['pack', '--dry-run', '--json', '--silent'], PROJECT)) as [
    { files: { path: string }[] },
  ];
  const paths = packed.files.map(({ path }) => path);
  for (const path of paths) cpSync(join(PROJECT, path), join(installed, path));
  for (const name of Object.keys(dependencies)) {
    const link = join(installed, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(PROJECT, 'node_modules', name), link);
  }
  const omidbEtl = (...args: string[]) =>
    run(process.execPath, [join(installed, bin['omidb-etl']!), ...args], folder);

  test('holds the bundle, its data files and its pages, and no module, script or test beside them', () => {
    const folders = new Set(
      paths.map((path) => (path.startsWith('dist/') ? dirname(path) : path.split('/')[0])),
    );
    assert.deepEqual([...folders].sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/bundle',
      'docs',
      'package.json',
      'schemas',
    ]);
    assert.deepEqual(
      paths.filter((path) => path.startsWith('schemas/') && !/\.(json|csv|yaml)$/.test(path)),
      [],
    );
  });

  test('runs, with own tags too, and is queried and verified, with nothing else installed', () => {
    makeSample({ out: join(folder, 'database'), clients: 2, seed: 3, faults: [], pixels: 'sparse' });
    // Its tag, VR and type are only in the dictionary of DICOM.
    writeFileSync(join(folder, 'tags.csv'), 'keyword,column\nKVP,own_kvp\n');
    assert.match(
      omidbEtl('run', 'database', '--tags', 'tags.csv', '--no-progress', '--log-level', 'error'),
      /^\n2 clients, /,
    );
    const sql = 'SELECT count(own_kvp) > 0 AS found FROM images';
    assert.equal(omidbEtl('query', sql, '--format', 'json'), '{"found":true}\n');
    assert.match(omidbEtl('cohort', '--list'), /^cancer-detection-4view \(exam\)/);
    assert.match(omidbEtl('verify'), /^verified /);
    assert.match(omidbEtl('runs'), /\* current\n$/);
  });
});
