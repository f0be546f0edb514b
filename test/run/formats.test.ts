import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm/node';
import { VerificationError } from '../../pipeline/base/fault.js';
import { TableBuilder } from '../../pipeline/stages/write/columns.js';
import { FORMAT_NAMES, formatNamed, formatsOf, partPath } from '../../pipeline/stages/write/formats.js';
import { writePart } from '../../pipeline/stages/write/part.js';
import { tableOfPart } from '../../pipeline/stages/write/part-file.js';
import { column, table } from '../../schemas/column.js';
import { temporaryFolder } from '../helpers/cli.js';
import { sha256 } from '../helpers/output.js';

const folder = temporaryFolder();
const facts = { description: 'a column', source: 'a test' };
const names = table('names', { description: 'n', key: [], columns: [column('name', 'string', facts)] });
const TEXTS = ['a', null, 'é\u2028'];

function streams(): Uint8Array[] {
  const builder = new TableBuilder(names);
  for (const name of TEXTS) builder.append({ name });
  return [builder.finish()];
}

/** The cells of a file, by a library that did not write it where there is one. */
const READERS: Record<(typeof FORMAT_NAMES)[number], (content: Buffer) => Uint8Array> = {
  parquet: (content) => readParquet(content).intoIPCStream(),
  arrow: (content) => content,
};
const cellsIn = (format: (typeof FORMAT_NAMES)[number], path: string) => [
  ...(tableFromIPC(READERS[format](readFileSync(join(folder, path)))).getChild('name')! as Iterable<unknown>),
];

describe('formats', () => {
  test('are Parquet always, and others beside it', () => {
    assert.deepEqual(formatsOf('parquet'), ['parquet']);
    assert.deepEqual(formatsOf('arrow'), ['parquet', 'arrow']);
  });

  test('have a folder each, and a part the same name in each', () => {
    assert.equal(partPath('parquet', 'images', 'optm-0000000'), 'tables/images/optm-0000000.parquet');
    assert.equal(partPath('arrow', 'images', 'optm-0000000'), 'arrow/images/optm-0000000.arrow');
    assert.equal(new Set(FORMAT_NAMES.map((name) => formatNamed(name).folder)).size, FORMAT_NAMES.length);
    for (const name of FORMAT_NAMES) assert.equal(tableOfPart(partPath(name, 'images', 'p')), 'images');
    assert.deepEqual(['schema.json', 'ranges/optm-0000000.json'].map(tableOfPart), [null, null]);
  });

  test('a part is written in each format of a run, and in no other', async () => {
    const content = { table: names, rows: 3, streams };
    const both = await writePart(content, { snapshot: folder, part: 'both', formats: formatsOf('arrow') });
    assert.deepEqual(Object.keys(both), ['parquet', 'arrow']);
    for (const format of FORMAT_NAMES) {
      const { path, rows, bytes, sha256: hash } = both[format]!;
      assert.deepEqual([path, rows], [partPath(format, 'names', 'both'), 3]);
      assert.deepEqual([bytes, hash], [readFileSync(join(folder, path)).length, sha256(folder, path)]);
      assert.deepEqual(cellsIn(format, path), TEXTS);
    }
    const one = await writePart(content, { snapshot: folder, part: 'one', formats: formatsOf('parquet') });
    assert.deepEqual(Object.keys(one), ['parquet']);
    assert.equal(existsSync(join(folder, partPath('arrow', 'names', 'one'))), false);
  });

  for (const name of FORMAT_NAMES) {
    const format = formatNamed(name);
    const path = partPath(name, 'names', 'rows');

    test(`${name}: rows that arrive one at a time are there, in their order, and damage is seen`, async () => {
      const file = await format.openRows(join(folder, path), names);
      for (const text of TEXTS) await file.append({ name: text });
      const receipt = { path, rows: 3, ...(await file.finish()) };
      assert.deepEqual(cellsIn(name, path), TEXTS);
      await format.checkRows(folder, receipt);
      const content = readFileSync(join(folder, path));
      content[content.length >> 1]! ^= 1;
      writeFileSync(join(folder, path), content);
      await assert.rejects(format.checkRows(folder, receipt), VerificationError);
    });

    test(`${name}: a file that is given up is not there`, async () => {
      const file = await format.openRows(join(folder, 'given-up', path), names);
      await file.append({ name: 'a' });
      file.abandon();
      assert.equal(existsSync(join(folder, 'given-up', path)), false);
      assert.equal(existsSync(join(folder, 'given-up', `${path}.tmp`)), false);
    });
  }
});
