import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeSample } from '../../scripts/sample/database.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';

interface Schema {
  readonly tables: readonly {
    readonly name: string;
    readonly columns: readonly { readonly name: string }[];
  }[];
}

describe('tags of one’s own', () => {
  const folder = temporaryFolder();
  const database = join(folder, 'database');
  makeSample({ out: database, clients: 2, seed: 1, faults: [], pixels: 'sparse' });
  const own = join(folder, 'own.csv');
  writeFileSync(own, 'keyword,column\nKVP,kvp\nManufacturer,manufacturer\n');
  const more = join(folder, 'more.csv');
  writeFileSync(more, 'keyword,column\nStationName,station\n');

  const runWith = (name: string, ...args: string[]) => {
    const out = join(folder, name);
    const { code, stderr } = runCli([
      'run',
      database,
      '--out',
      out,
      '--workers',
      '1',
      '--no-progress',
      ...args,
    ]);
    assert.equal(code, 0, stderr);
    const schema = JSON.parse(readFileSync(join(out, 'current/schema.json'), 'utf8')) as Schema;
    const columns = schema.tables
      .find((table) => table.name === 'images')!
      .columns.map((column) => column.name);
    return { columns, warnings: stderr.split('\n').filter((line) => line.includes('null in image_summary')) };
  };

  test('--tags-add adds to the shipped selection, which loses nothing', () => {
    const { columns, warnings } = runWith('added', '--tags-add', more);
    for (const name of ['station', 'image_laterality', 'pixel_spacing'])
      assert.ok(columns.includes(name), name);
    assert.deepEqual(warnings, []);
  });

  test('and to one of one’s own; what image_summary loses is said once', () => {
    const { columns, warnings } = runWith('own', '--tags', own, '--tags-add', more);
    assert.deepEqual(columns.slice(-4, -1), ['kvp', 'manufacturer', 'station']);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /no column manufacturer_model_name, .*image_laterality/);
  });
});
