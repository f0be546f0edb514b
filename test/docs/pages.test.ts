import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { CODE_LISTS } from '../../schemas/nbss/code-lists.js';
import { MISMATCH_KINDS } from '../../schemas/mismatch-kinds.js';
import { allTables } from '../../schemas/tables/index.js';
import { generatedPages } from '../../scripts/docs/pages.js';
import { makeSample } from '../../scripts/sample/database.js';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { runCli } from '../helpers/cli.js';
import { itemsOf } from '../helpers/extent.js';
import { BOUNDED } from '../helpers/processes.js';

// Compiled, this file lies in dist/test/docs/.
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGES = new Map(
  ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]
    .filter((path) => path.endsWith('.md'))
    .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]),
);
const page = (path: string): string => PAGES.get(path)!;
const TABLES = allTables(loadTagSelection().tags.map(({ column }) => column));

function run(program: string, args: readonly string[], folder: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', ...BOUNDED });
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stderr}`);
  return stdout;
}

function program(args: readonly string[], cwd: string): string {
  const { code, stdout, stderr } = runCli(args, { cwd });
  assert.equal(code, 0, `omidb-etl ${args.join(' ')}\n${stderr}`);
  return stdout;
}

/** The code blocks of a page in a language. */
function blocks(path: string, language: string): string[] {
  return [...page(path).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
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

describe('the pages', () => {
  const helpOf = (args: readonly string[]) => program([...args, '--help'], ROOT);
  const options = (text: string) => [...new Set(text.match(/--[a-z][a-z-]*[a-z]/g))].sort();

  test('running.md names the options of run, all of them and no others', () => {
    const table = page('docs/running.md').split('made by make docs -->')[1]!;
    const everywhere = ['--help', '--version'];
    const named = options(table).filter((option) => !everywhere.includes(option));
    const known = options(helpOf(['run'])).filter((option) => !everywhere.includes(option));
    assert.deepEqual(named, known);
  });

  test('together they name every option of every other command', () => {
    const all = new Set(options([...PAGES.values()].join('\n')));
    const ofTables = ['query', 'cohort', 'catalogue', 'report', 'runs', 'diff', 'verify', 'use', 'path'];
    const commands = [...ofTables, 'plan', 'run-task', 'merge'];
    for (const command of commands)
      for (const option of options(helpOf([command]))) assert.ok(all.has(option), `${command} ${option}`);
  });

  test('reading.md lists every table with its key, in the order of the schemas', () => {
    const section = page('docs/reading.md').split('## The tables')[1]!.split('\n## ')[0]!;
    const rows = [...section.matchAll(/^\| (\w+) \| .* \| ([\w, ]+) \|$/gm)].map(([, name, key]) => [
      name,
      key,
    ]);
    const expected = TABLES.map(({ name, key }) => [name, key.length === 0 ? 'none' : key.join(', ')]);
    assert.deepEqual(rows.slice(1), expected);
  });

  test('their links lead to files, and to headings that are there', () => {
    for (const [path, text] of PAGES) {
      for (const [, target, anchor] of text.matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]*))?\)/g)) {
        const file = target === '' ? path : join(path, '..', target!);
        assert.ok(existsSync(join(ROOT, file)), `${path}: ${target!}`);
        if (anchor !== undefined) assert.ok(anchorsOf(page(file)).has(anchor), `${path}: ${file}#${anchor}`);
      }
    }
  });

  test('each of them stands in the index', () => {
    for (const path of PAGES.keys())
      if (path.startsWith('docs/') && path !== 'docs/index.md')
        assert.ok(page('docs/index.md').includes(`](${path.slice('docs/'.length)})`), path);
  });

  test('the README is two screens long', () => {
    assert.ok(page('README.md').split('\n').length <= 120);
  });
});

/** The headings of a page, as GitHub names them in addresses. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#{1,4} (.+)$/gm)].map(([, heading]) => heading!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('examples of the pages, on a sample', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'omidb-etl-docs-'));
    makeSample({
      out: join(folder, 'sample-db'),
      clients: 25,
      seed: 1,
      faults: FAULT_KINDS,
      pixels: 'sparse',
    });
    program(['run', 'sample-db', '--format', 'arrow', '--no-progress'], folder);
    program(['cohort', 'cancer-detection-4view'], folder);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  // Those of other pages are run by the tests of what they are about.
  for (const [name, sql] of itemsOf(examples(['docs/reading.md', 'docs/training-sets.md'], 'sql'), 4))
    test(`${name}, gives rows`, () => {
      const rows = program(['query', sql, '--format', 'json'], folder);
      assert.ok(rows.split('\n').length > 1, `no rows: ${sql}`);
    });

  test('the tag selection gives the columns that it names', () => {
    const [csv] = blocks('docs/dicom.md', 'csv');
    writeFileSync(join(folder, 'tags.csv'), csv!);
    program(['run', 'sample-db', '--tags', 'tags.csv', '--out', 'own-tags', '--no-progress'], folder);
    const sql =
      'SELECT count(kvp) > 0 AS a, count(view_modifiers) > 0 AS b, count(private_revision) > 0 AS c FROM images';
    const rows = program(['query', sql, '--out', 'own-tags', '--format', 'json'], folder);
    assert.deepEqual(JSON.parse(rows), { a: true, b: true, c: true });
  });

  const python = join(ROOT, '.python/bin/python');
  const skip = existsSync(python) ? false : 'there is no .python/bin/python';
  const scripts = examples(['README.md', 'docs/reading.md', 'docs/training-sets.md'], 'python');
  for (const [name, script] of itemsOf(scripts, 2))
    test(`${name}, runs and prints`, { skip }, () => {
      assert.notEqual(run(python, ['-c', script], folder).trim(), '');
    });
});

/** Blocks of code of some pages, each with where it stands. */
function examples(paths: readonly string[], language: string): (readonly [string, string])[] {
  return paths.flatMap((path) =>
    blocks(path, language).map((code, index) => [`${path}, ${language} ${index + 1}`, code] as const),
  );
}
