import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Schema, Table as ArrowTable, tableFromIPC, tableToIPC } from 'apache-arrow';
import { ParquetFile, readParquet } from 'parquet-wasm/node';
import { BatchFileWriter, readBatches, type BatchPlace } from '../../pipeline/stages/write/batch-file.js';
import { TableBuilder } from '../../pipeline/stages/write/columns.js';
import { writeParquet } from '../../pipeline/stages/write/parquet.js';
import { column, table, type Table } from '../../schemas/column.js';
import { temporaryFolder } from '../helpers/cli.js';

const facts = { description: 'a column', source: 'a test' };
const names = table('names', { description: 'n', key: [], columns: [column('name', 'string', facts)] });
const counts = table('counts', { description: 'c', key: [], columns: [column('count', 'int', facts)] });

const folder = temporaryFolder();
const writer = new BatchFileWriter();
const ENCODED = 'encoded.parquet';

/** A file with batches of both tables. */
function write(file: string, texts: readonly (string | null)[], numbers: readonly number[]) {
  const builders = new Map<string, TableBuilder>([
    ['names', new TableBuilder(names)],
    ['counts', new TableBuilder(counts)],
  ]);
  for (const name of texts) builders.get('names')!.append({ name });
  for (const count of numbers) builders.get('counts')!.append({ count });
  const batches = writer.open(join(folder, file));
  batches.add(builders);
  batches.close();
  return Object.fromEntries(Object.entries(batches.places).map(([table, places]) => [table, places[0]!]));
}

function cellsOf(streams: Iterable<Uint8Array>, name: string): unknown[] {
  // One by one: the next stream lies in the same memory.
  return Array.from(streams, (stream) => [...tableFromIPC(stream).getChild(name)!] as unknown[]).flat();
}

async function encodeParquet(of: Table, streams: Iterable<Uint8Array>): Promise<Buffer> {
  await writeParquet(join(folder, ENCODED), of, streams);
  const content = readFileSync(join(folder, ENCODED));
  rmSync(join(folder, ENCODED));
  return content;
}

async function cellsInParquet(of: Table, places: readonly BatchPlace[], name: string) {
  const content = await encodeParquet(of, readBatches(of, places));
  return cellsOf([readParquet(content).intoIPCStream()], name);
}

describe('a file of batches', () => {
  const first = write('first', ['a', null, 'é'], [1]);
  const second = write('second', [], [2, 3]);
  const third = write('third', ['z'], []);

  it('gives each table its rows, in the order of the files', () => {
    const of = (name: string) => [first[name]!, second[name]!, third[name]!];
    assert.deepEqual(cellsOf(readBatches(names, of('names')), 'name'), ['a', null, 'é', 'z']);
    assert.deepEqual(cellsOf(readBatches(counts, of('counts')), 'count'), [1, 2, 3]);
  });

  it('is written anew when its task is done again', () => {
    write('again', ['long text of an attempt that died'.repeat(1000)], [1, 2, 3, 4]);
    const again = write('again', ['b'], [5]);
    assert.deepEqual(cellsOf(readBatches(names, [again['names']!]), 'name'), ['b']);
    assert.deepEqual(cellsOf(readBatches(counts, [again['counts']!]), 'count'), [5]);
  });

  it('hands on large batches one by one and small ones together', () => {
    const large = write('large', ['x'.repeat(5_000_000)], [])['names']!;
    const small = first['names']!;
    const streams = readBatches(names, [small, small, large, small, large]);
    const rows = Array.from(streams, (stream) => tableFromIPC(stream).numRows);
    assert.deepEqual(rows, [3 + 3 + 1, 3 + 1]);
  });

  it('becomes a Parquet file with all rows', async () => {
    const large = write('parquet', ['x'.repeat(5_000_000), null], [])['names']!;
    const cells = await cellsInParquet(names, [large, first['names']!, large], 'name');
    const x = 'x'.repeat(5_000_000);
    assert.deepEqual(cells, [x, null, 'a', null, 'é', x, null]);
  });

  it('must not be without a batch', async () => {
    const schemaOnly = tableToIPC(new ArrowTable(new Schema([])), 'stream');
    await assert.rejects(encodeParquet(names, [schemaOnly]), /holds no batch/);
  });

  it('becomes a Parquet file whose row groups are no larger than the writer can hold, all rows in order', async () => {
    const numbers = Array.from({ length: 5000 }, (_, i) => i);
    const places = [write('rows', [], numbers)['counts']!, write('more-rows', [], numbers)['counts']!];
    const content = await encodeParquet(counts, readBatches(counts, places));
    const groups = (await ParquetFile.fromFile(new Blob([content]))).metadata().rowGroups();
    assert.deepEqual(
      groups.map((group) => group.numRows()),
      [4096, 4096, 1808],
    );
    const stream = readParquet(content, { batchSize: 65_536 }).intoIPCStream();
    assert.deepEqual(cellsOf([stream], 'count'), [...numbers, ...numbers]);
    // One batch for an Arrow file, however many row groups.
    assert.equal(tableFromIPC(stream).batches.length, 1);
  });

  it('without a row becomes a Parquet file without one', async () => {
    assert.deepEqual(await cellsInParquet(names, [second['names']!], 'name'), []);
  });
});

describe('a damaged file of batches', () => {
  const big = 'x'.repeat(5_000_000);

  /** Places of two large batches, the second damaged after it was written. */
  function damaged(file: string, damage: (content: Buffer) => Buffer): BatchPlace[] {
    const sound = write(`${file}-sound`, [big], [])['names']!;
    const other = write(file, [big], [])['names']!;
    writeFileSync(other.path, damage(readFileSync(other.path)));
    return [sound, other];
  }

  afterEach(() => {
    assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith(ENCODED)), []); // prettier-ignore
  });

  it('with another byte makes no Parquet file, although the writer has had rows', async () => {
    const places = damaged('byte', (content) => {
      content[content.length - 1_000]! ^= 1;
      return content;
    });
    await assert.rejects(
      encodeParquet(names, readBatches(names, places)),
      /byte does not hold what was written/,
    );
    await assert.rejects(encodeParquet(names, readBatches(names, [places[1]!])), /does not hold/);
  });

  it('that was cut short makes none', async () => {
    const places = damaged('short', (content) => content.subarray(0, 1_000_000));
    await assert.rejects(encodeParquet(names, readBatches(names, places)), /short does not hold/);
  });

  it(
    'is not read on when the disk is full',
    { skip: !existsSync('/dev/full') && 'no /dev/full here' },
    async () => {
      // Many row groups: the writer hands pieces out while batches still come.
      const numbers = Array.from({ length: 5000 }, (_, i) => i);
      const { counts: place } = write('full', [], numbers);
      let pulled = 0;
      function* streams() {
        for (; pulled < 100; pulled++) yield* readBatches(counts, [place!]);
      }
      symlinkSync('/dev/full', join(folder, `${ENCODED}.tmp`));
      await assert.rejects(writeParquet(join(folder, ENCODED), counts, streams()), /ENOSPC/);
      const atFailure = pulled;
      await setTimeout(50);
      assert.ok(atFailure < 100);
      assert.equal(pulled, atFailure);
    },
  );

  it('that is gone makes none', async () => {
    const places = [{ ...write('gone', ['a'], [])['names']!, path: join(folder, 'nowhere') }];
    await assert.rejects(encodeParquet(names, readBatches(names, places)), /ENOENT/);
  });
});
