import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCli, temporaryFolder, type Finished } from '../helpers/cli.js';
import { readManifest } from '../helpers/output.js';
import { itemsOf } from '../helpers/extent.js';
import { Database } from '../hostile/database.js';

/** A list of clients does what its author meant, or the run refuses: else a withdrawn woman is in. */

const folder = temporaryFolder();
const database = new Database();
let count = 0;

interface Outcome extends Finished {
  readonly out: string;
}

function run(option: string, list: string | Buffer, ...more: string[]): Outcome {
  const file = join(folder, `list${++count}.txt`);
  const out = join(folder, `out${count}`);
  writeFileSync(file, list);
  const args = ['run', database.folder, '--out', out, '--no-progress', `--${option}`, file, ...more];
  return { ...runCli(args), out };
}

function clientsOf(out: string): string[] {
  const { stdout } = runCli(['query', 'SELECT client_id FROM clients', '--out', out, '--format', 'json']);
  const lines = stdout.trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { client_id: string }).client_id).sort();
}

function assertRefused({ code, stderr, out }: Outcome, says: RegExp): void {
  assert.equal(code, 2, stderr);
  assert.match(stderr, says);
  assert.ok(!existsSync(join(out, 'current')), 'nothing is published');
}

describe('a list to leave clients out', () => {
  const refused: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ['quoted', '# withdrawn\n"optm1"\n', /line 2 of the list .* is no client id/],
    ['with a second column', 'optm1,2024-01-01\n', /line 1 /],
    ['with a column after a tab', 'optm2\noptm1\twithdrawn\n', /line 2 /],
    ['with semicolons', 'optm1;\noptm2;\n', /line 1 /],
    ['in UTF-16', Buffer.from('\ufeffoptm1\n', 'utf16le'), /line 1 .*not UTF-8/],
    ['in UTF-16 without its mark', Buffer.from('optm1\n', 'utf16le'), /line 1 .*not UTF-8/],
    ['with a head', 'client_id\noptm1\n', /line 1 /],
    ['in capitals', 'OPTM1\n', /in no tree: OPTM1 \(there is optm1\)/],
    ['with zeros', 'optm0001\n', /in no tree: optm0001 \(there is optm1\)/],
    ['with a typo', 'optm11\n', /in no tree: optm11: .*--allow-unknown-clients/],
    ['that is empty', '', /is empty/],
    ['of white space', ' \n\n', /is empty/],
  ];
  for (const [name, list, says] of itemsOf(refused, 5))
    test(`${name}: exit 2, and why`, () => {
      assertRefused(run('exclude-clients-file', list), says);
    });

  test('with old line ends, of Windows, and a byte-order mark: she is out', () => {
    for (const list of ['optm1\r#\r', 'optm1\r\n', '\ufeffoptm1', '\n  optm1\u00a0# withdrawn\n']) {
      const { code, stderr, out } = run('exclude-clients-file', list);
      assert.equal(code, 0, stderr);
      assert.deepEqual(clientsOf(out), ['optm2'], JSON.stringify(list));
    }
  });

  test('of comments only: nobody is left out, and it is said', () => {
    const { code, stderr, out } = run('exclude-clients-file', '# nobody so far\n');
    assert.equal(code, 0);
    assert.match(stderr, /names none/);
    assert.deepEqual(clientsOf(out), ['optm1', 'optm2']);
  });

  test('with an unknown id and --allow-unknown-clients: the others are out, the id is in the log and the manifest', () => {
    const { code, stderr, out } = run('exclude-clients-file', 'optm11\noptm1\n', '--allow-unknown-clients');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /1 clients of the clients files are in no tree/);
    assert.deepEqual(clientsOf(out), ['optm2']);
    assert.deepEqual(readManifest(join(out, 'current')).inputs.clients_excluded_but_not_found, ['optm11']);
  });

  test('whose client is there a second time, by another spelling: refused, for she would stay in', () => {
    const twice = new Database();
    twice.write('data/OPTM1/nbss_OPTM1.json', '{}');
    twice.write('list', 'optm1\n');
    const out = join(folder, 'twice');
    const args = ['run', twice.folder, '--out', out, '--exclude-clients-file', twice.at('list')];
    assertRefused({ ...runCli(args), out }, /names optm1, and OPTM1 would stay in/);
    assert.equal(runCli([...args, '--allow-unknown-clients', '--no-progress']).code, 0);
  });
});

describe('a list of clients to take', () => {
  test('that names none, or one in no tree, or is no list: exit 2', () => {
    assertRefused(run('clients-file', ''), /names no client/);
    assertRefused(run('clients-file', '# all\n'), /names no client/);
    assertRefused(run('clients-file', 'optm1\noptm3\n'), /--clients-file names clients .* optm3/);
    assertRefused(run('clients-file', '"optm1"\n'), /line 1 /);
  });

  test('the same of a dry run', () => {
    const { code, stdout } = run('clients-file', 'optm3\n', '--dry-run');
    assert.deepEqual([code, stdout], [2, '']);
  });
});
