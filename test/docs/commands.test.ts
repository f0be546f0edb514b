import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CLI } from '../helpers/cli.js';
import { itemsOf } from '../helpers/extent.js';
import { BOUNDED } from '../helpers/processes.js';

/** Every `npx omidb-etl` of the pages is typed as it stands there, on a clean sample: but for names that stand for others. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
);

/** Commands that need what another test makes: its name. */
const TRIED_ELSEWHERE: Readonly<Record<string, string>> = {
  'npx omidb-etl cohort cohorts/my-detection/cohort.json --to again': 'test/cohort/shipped.test.ts',
  'npx omidb-etl cohort mine.yaml': 'test/cohort/shipped.test.ts',
  'npx omidb-etl run-task --out /data/tables --task 0': 'test/cluster/commands.test.ts',
  'npx omidb-etl merge --out /data/tables': 'test/cluster/commands.test.ts',
};

interface PageCommand {
  readonly page: string;
  readonly text: string;
}

const commands = PAGES.flatMap(commandsOf).filter(({ text }) => TRIED_ELSEWHERE[text] === undefined);

/** Of the blocks of code, without the comments behind them and what their output goes through. */
function commandsOf(page: string): PageCommand[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^npx omidb-etl .*$/gm)].map(([line]) => ({
    page,
    text: line.replace(/\s+#.*$/, '').replace(/\s+\|.*$/, ''),
  }));
}

let folder: string;
let runs: readonly string[];

const shell = (command: string) =>
  spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8', ...BOUNDED });

/** A command of a page for this sample: its folders, and the first of two runs. */
function forSample({ text }: PageCommand): string {
  const replaced: readonly (readonly [RegExp, string])[] = [
    [/^npx omidb-etl/, `'${process.execPath}' '${CLI}'`],
    [/ (\/data\/omi-db|DATABASE)(?= |$)/g, ' sample-db'],
    [/ (\/data\/tables|\/tables)(?= |$)/g, ' output'],
    [/\/a\/DATA|\/c\/NBSS/g, 'sample-db/data'],
    [/\/b\/IMAGES/g, 'sample-db/images'],
    [/\bRUN-B\b/g, runs[1]!],
    [/\bRUN(-A)?\b/g, runs[0]!],
  ];
  return replaced.reduce((command, [from, to]) => command.replace(from, to), text);
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'omidb-etl-commands-'));
  const start = `'${process.execPath}' '${CLI}' run sample-db --out kept --no-progress --no-report`;
  const maker = join(ROOT, 'dist/scripts/make-sample.js');
  const made = shell(`'${process.execPath}' '${maker}' --out sample-db --clients 12 --faults none`);
  assert.equal(made.status, 0, made.stderr);
  const clients = readdirSync(join(folder, 'sample-db/data')).slice(1);
  writeFileSync(join(folder, 'some.txt'), clients.join('\n'));
  for (const command of [`${start} --clients-file some.txt`, start]) {
    const { status, stderr } = shell(command);
    assert.equal(status, 0, stderr);
  }
  runs = readdirSync(join(folder, 'kept/snapshots')).filter((name) => !name.startsWith('.'));
  mkdirSync(join(folder, 'meta/density'), { recursive: true });
  writeFileSync(join(folder, 'meta/density/studies.csv'), 'client_id,study_instance_uid,density\n');
  writeFileSync(join(folder, 'meta/ethnicity.csv'), 'client_id,ethnicity\n');
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('commands of the pages', () => {
  test('each page that has some was found', () => {
    const pages = new Set(commands.map(({ page }) => page));
    for (const page of [
      'README.md',
      'docs/running.md',
      'docs/history.md',
      'docs/gate.md',
      'docs/scheduling.md',
    ])
      assert.ok(pages.has(page), page);
  });

  for (const command of itemsOf(commands, 5))
    test(`${command.page}: ${command.text}`, () => {
      // None meets what another one did.
      rmSync(join(folder, 'output'), { recursive: true, force: true });
      cpSync(join(folder, 'kept'), join(folder, 'output'), { recursive: true, verbatimSymlinks: true });
      const { status, stderr } = shell(withSideTable(forSample(command)));
      assert.equal(status, 0, stderr);
    });
});

/** A query of a table that only the command before it makes. */
function withSideTable(command: string): string {
  if (!command.includes(' query ') || !command.includes('side_density')) return command;
  const program = command.split(' query ')[0]!;
  return `${program} run sample-db --side-table density=meta/density/studies.csv --no-progress && ${command}`;
}
