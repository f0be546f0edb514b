import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import yargs from 'yargs';
import { EnvironmentFault, Interrupted, UsageFault, VerificationError } from '../../pipeline/base/fault.js';
import { exitCodeOf } from '../../pipeline/run/exit.js';
import { echoOptions, parseOptions, repeatable, type OptionSpec } from '../../pipeline/commands/option.js';
import { RUN_OPTIONS, runOptions, type RunArguments } from '../../pipeline/commands/run-options.js';
import { temporaryFolder } from '../helpers/cli.js';
import { optionsTable, replacePart } from '../../scripts/docs/options-table.js';

const folder = temporaryFolder();
const list = join(folder, 'list');
writeFileSync(list, '\ufeffoptm2 # withdrawn\r\n\r\n#optm9\r\noptm1\r\noptm2\r\n');

/** The values of a command line, as the command gets them. */
function valuesOf(...args: string[]) {
  const given = runOptions(yargs(args).exitProcess(false)).parseSync();
  return parseOptions(RUN_OPTIONS, given as unknown as RunArguments);
}

describe('the options of run', () => {
  test('have defaults, and values of their kind', () => {
    const plain = valuesOf();
    assert.deepEqual(
      [
        plain.keep,
        plain['clients-file'],
        plain['exclude-clients-file'],
        plain['months-ci-prior'],
        plain.format,
      ],
      [7, null, [], null, 'parquet'],
    );
    const more = valuesOf('--keep', '3', '--months-ci-prior', '0', '--workers', '2', '--tags', 'own.csv');
    assert.deepEqual(
      [more.keep, more['months-ci-prior'], more.workers, more.tags],
      [3, 0, 2, resolve('own.csv')],
    );
  });

  test('a list of clients has each once, in the order of the file, without comments', () => {
    assert.deepEqual(valuesOf('--clients-file', list)['clients-file'], ['optm2', 'optm1']);
  });

  for (const [args, says] of [
    [['--keep', '0'], /--keep is "0"/],
    [['--workers', '1e2'], /--workers is "1e2"/],
    [['--max-memory', '0.6GB'], /--max-memory is "0.6GB": give a whole number of MB/],
    [['--max-memory', '-600'], /--max-memory is "-600"/],
    [['--max-memory', '600 TB'], /--max-memory is "600 TB"/],
    [['--months-cancer-prior', '-1'], /--months-cancer-prior is "-1"/],
    [['--side-table', 'density'], /--side-table is "density": give NAME=FILE/],
    [['--side-table', 'x='], /--side-table is "x=": give NAME=FILE/],
    [['--side-table', '../x=a.csv'], /--side-table: "..\/x" is no name of a table/],
    [['--side-table', 'Density=a.csv'], /--side-table: "Density" is no name of a table/],
    [['--side-table', 'x=a.csv', '--side-table', 'x=b.csv'], /--side-table: two tables are called x/],
    [['--max-mismatches', 'no_kind=1'], /--max-mismatches: there is no mismatch kind no_kind/],
    [['--clients-file', join(folder, 'no-list')], /the list of clients .*no-list cannot be read \(ENOENT\)/],
  ] as const)
    test(`${args[0]} ${args.at(-1)!.slice(-20)} is wrong usage`, () => {
      assert.throws(() => valuesOf(...args), (error) => error instanceof UsageFault && says.test(error.message)); // prettier-ignore
    });

  test('manifest.json has the names and values of the options', () => {
    const values = valuesOf(
      ...['--clients-file', list, '--max-mismatches', 'dicom_missing=2%', '--workers', '2'],
      ...['--side-table', 'density=a=b.csv'],
    );
    assert.deepEqual(echoOptions(RUN_OPTIONS, values), {
      follow_links: false,
      clients_file: ['optm2', 'optm1'],
      exclude_clients_file: [],
      allow_unknown_clients: false,
      tags_file: null,
      tags_add_file: null,
      side_tables: [`density=${resolve('a=b.csv')}`],
      months_ci_prior: null,
      months_cancer_prior: null,
      months_normal_follow_up: null,
      months_benign_follow_up: null,
      format: 'parquet',
      full: false,
      verify_content: null,
      keep: 7,
      fail_on: 'never',
      max_mismatches: ['dicom_missing=2%'],
      max_drop: [],
      gate: [],
      max_memory: null,
      read_ahead: 512,
      workers: 2,
    });
  });

  test('those that may be repeated are known in both spellings', () => {
    assert.deepEqual(
      repeatable(RUN_OPTIONS),
      new Set(['side-table', 'sideTable', 'max-mismatches', 'maxMismatches', 'max-drop', 'maxDrop', 'gate']),
    );
  });

  test('each that takes a value is declared a text or a choice: yargs makes numbers of digits', () => {
    for (const [name, option] of Object.entries<OptionSpec>(RUN_OPTIONS))
      assert.ok(option.choices !== undefined || ['string', 'boolean'].includes(option.type!), name);
  });
});

test('the table of the docs has choices and defaults, and stands between its marks', () => {
  const table = optionsTable('x', {
    a: { type: 'string', describe: 'Where', default: 'here' },
    b: { choices: ['p', 'q'], describe: 'Help', readme: 'see [b](#b)' },
    c: { type: 'boolean', default: true, describe: 'Show it' },
  });
  assert.deepEqual(table.split('\n').slice(2), [
    '| `--a` | where (default `here`) |',
    '| `--b` | see [b](#b) (`p`, `q`) |',
    '| `--c`, `--no-c` | show it |',
  ]);
  assert.equal(replacePart('1\n<!-- t -->\nold\n<!-- end of t -->\n2', 't', 'new'), '1\n<!-- t -->\nnew\n<!-- end of t -->\n2'); // prettier-ignore
  assert.throws(() => replacePart('1', 't', 'new'), /no part/);
});

test('exit codes are those of the contract: 1 for what failed, 2 for wrong usage, none for a fault of the program', () => {
  const errors = [
    new EnvironmentFault(''),
    new VerificationError(''),
    new Interrupted(''),
    new UsageFault(''),
  ];
  assert.deepEqual(errors.map(exitCodeOf), [1, 1, 1, 2]);
  assert.equal(exitCodeOf(new TypeError('')), null);
});
