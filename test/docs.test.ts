import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadTagSelection } from '../pipeline/dicom/tag-selection.js';
import { CODE_LISTS } from '../schemas/nbss/code-lists.js';
import { MISMATCH_KINDS } from '../schemas/mismatch-kinds.js';
import { allTables } from '../schemas/tables/index.js';
import { generatedPages } from '../scripts/docs/pages.js';
import { CLI } from './helpers/cli.js';
import { NODE_ARGS } from './helpers/node-args.js';

// Compiled, this file lies in dist/test/.
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const TABLES = allTables(loadTagSelection().tags.map(({ column }) => column));

function run(program: string, args: readonly string[], folder: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stderr}`);
  return stdout;
}

/** The code blocks of the README in a language. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text]) => text!,
  );
}

describe('generated pages', () => {
  for (const [path, content] of generatedPages()) {
    test(`${path} is what make docs makes of the schemas`, () => {
      assert.ok(readFileSync(join(ROOT, path), 'utf8') === content, `${path} is out of date: run make docs`);
    });
  }

  test('they name every column and every kind', () => {
    const tables = readFileSync(join(ROOT, 'docs/tables.md'), 'utf8');
    for (const { name, columns } of TABLES) {
      const section = tables.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
      for (const column of columns) {
        assert.ok(section.includes(`\n| \`${column.name}\` | `), `${name}.${column.name}`);
      }
    }
    const mismatches = readFileSync(join(ROOT, 'docs/mismatches.md'), 'utf8');
    for (const kind of Object.keys(MISMATCH_KINDS)) assert.ok(mismatches.includes(`| \`${kind}\` |`), kind);
  });

  test('every code list that a column names is in table codes', () => {
    for (const { name, columns } of TABLES) {
      for (const { codes, name: column } of columns) {
        if (codes !== null) assert.ok(CODE_LISTS.has(codes), `${name}.${column}: ${codes}`);
      }
    }
  });
});

describe('README', () => {
  test('names the options that --help knows, all of them and no others', () => {
    const help = [
      [],
      ['run'],
      ['query'],
      ['cohort'],
      ['catalogue'],
      ['report'],
      ['runs'],
      ['diff'],
      ['verify'],
    ].map((args) => run(process.execPath, [...NODE_ARGS, CLI, ...args, '--help'], ROOT));
    const options = (text: string) => [...new Set(text.match(/--[a-z][a-z-]*[a-z]/g))].sort();
    assert.deepEqual(options(README), options(help.join('\n')));
  });

  test('lists every table with its key, in the order of the schemas', () => {
    const section = README.split('## The tables')[1]!.split('\n## ')[0]!;
    const rows = [...section.matchAll(/^\| (\w+) \| .* \| ([\w, ]+) \|$/gm)].map(([, name, key]) => [
      name,
      key,
    ]);
    const expected = TABLES.map(({ name, key }) => [name, key.length === 0 ? 'none' : key.join(', ')]);
    assert.deepEqual(rows.slice(1), expected);
  });

  test('its links and those of the other pages lead to files', () => {
    const pages = [
      'README.md',
      'docs/architecture.md',
      'docs/cohorts.md',
      'docs/training.md',
      'docs/extending.md',
      'docs/scheduling.md',
      'docs/tables.md',
      'docs/mismatches.md',
      'docs/side-tables.md',
      'docs/croissant-and-catalogue.md',
    ];
    for (const page of pages) {
      for (const [, target] of readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)) {
        assert.ok(existsSync(join(ROOT, page, '..', target!)), `${page}: ${target}`);
      }
    }
  });
});

describe('examples of the README, on a sample', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'omidb-etl-docs-'));
    const sample = ['--out', 'sample-db', '--clients', '25', '--faults', 'all'];
    run(process.execPath, [join(ROOT, 'dist/scripts/make-sample.js'), ...sample], folder);
    run(
      process.execPath,
      [...NODE_ARGS, CLI, 'run', 'sample-db', '--format', 'arrow', '--no-progress'],
      folder,
    );
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const sqlBlocks = blocks('sql');
  for (const [index, sql] of sqlBlocks.entries()) {
    test(`SQL ${index + 1} of ${sqlBlocks.length} gives rows`, () => {
      const rows = run(process.execPath, [...NODE_ARGS, CLI, 'query', sql, '--format', 'json'], folder);
      assert.ok(rows.split('\n').length > 1, `no rows: ${sql}`);
    });
  }

  test('the tag selection gives the columns that it names', () => {
    const [csv] = blocks('csv');
    writeFileSync(join(folder, 'tags.csv'), csv!);
    run(
      process.execPath,
      [...NODE_ARGS, CLI, 'run', 'sample-db', '--tags', 'tags.csv', '--out', 'own-tags', '--no-progress'],
      folder,
    );
    const sql =
      'SELECT count(kvp) > 0 AS a, count(view_modifiers) > 0 AS b, count(private_revision) > 0 AS c FROM images';
    const rows = run(
      process.execPath,
      [...NODE_ARGS, CLI, 'query', sql, '--out', 'own-tags', '--format', 'json'],
      folder,
    );
    assert.deepEqual(JSON.parse(rows), { a: true, b: true, c: true });
  });

  const python = join(ROOT, '.python/bin/python');
  const skip = existsSync(python) ? false : 'there is no .python/bin/python';
  for (const [index, script] of blocks('python').entries()) {
    test(`Python ${index + 1} runs and prints`, { skip }, () => {
      assert.notEqual(run(python, ['-c', script], folder).trim(), '');
    });
  }
});
