import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { literalPattern, parquetRows } from '../../pipeline/engine/sql.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { itemsOf } from '../helpers/extent.js';
import { Database } from '../hostile/database.js';

/** DuckDB takes a path for a pattern, and `name=value` folders for columns: a name of the output must be neither. */

const scratch = temporaryFolder();
const database = new Database();

function omidb(...args: string[]): string {
  const { code, stdout, stderr } = runCli(args);
  assert.equal(code, 0, stderr);
  return stdout;
}

function clientsOf(out: string): unknown[] {
  const lines = omidb('query', 'SELECT * FROM clients ORDER BY ALL', '--out', out, '--format', 'json').trim();
  return lines.split('\n').map((line) => JSON.parse(line) as unknown);
}

describe('an output folder whose name means something else to DuckDB', () => {
  const plain = join(scratch, 'plain');
  omidb('run', database.folder, '--out', plain, '--no-progress');
  const expected = clientsOf(plain);
  // What the pattern `x[ab]` or `x*` would find: a snapshot without rows of the other client.
  const decoy = new Database();
  decoy.write('one.txt', 'optm1\n');
  const onlyOne = ['--clients-file', decoy.at('one.txt')];
  for (const name of ['xa', 'xb'])
    omidb('run', decoy.folder, '--out', join(scratch, name), '--no-progress', ...onlyOne);

  const names = ['x[ab]', 'x*', 'x?', '**', 'site=XXXX', 'client_id=zzz', "it's [a]"];
  for (const name of itemsOf(names, 2))
    test(`${name}: the run, query, diff and verify meet its own files, and their columns`, () => {
      const out = join(scratch, name);
      omidb('run', database.folder, '--out', out, '--no-progress');
      assert.deepEqual(clientsOf(out), expected);
      // Once more, so that first-seen.jsonl is merged and there is something to compare.
      omidb('run', database.folder, '--out', out, '--no-progress', '--full');
      assert.match(omidb('diff', '--out', out), /no row is new, gone or changed/);
      omidb('verify', '--out', out);
    });
});

test('a path is the pattern of itself only', () => {
  assert.equal(literalPattern('/data/out/part.parquet'), '/data/out/part.parquet');
  assert.equal(literalPattern('/a[b]/c*/d?'), '/a[[]b]/c[*]/d[?]');
  // In a pattern DuckDB takes a backslash for the end of a folder's name.
  assert.throws(() => literalPattern('/a\\b/c*'), /rename a folder/);
  assert.equal(literalPattern('/a\\b'), '/a\\b');
});

test('columns come from files, never from the names of folders', () => {
  assert.match(parquetRows(['/site=a/b.parquet']), /hive_partitioning = false/);
});
