import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm/node';
import { ArrowFile, writeArrowPart } from '../../pipeline/stages/write/arrow.js';
import { checkStreamed, checkPart } from '../../pipeline/stages/write/arrow-check.js';
import { ArrowRows } from '../../pipeline/stages/write/arrow-rows.js';
import { TableBuilder } from '../../pipeline/stages/write/columns.js';
import type { PartReceipt } from '../../pipeline/stages/write/part-file.js';
import { writeParquet } from '../../pipeline/stages/write/parquet.js';
import { VerificationError } from '../../pipeline/base/fault.js';
import { column, required, table, type AnyRow, type Table } from '../../schemas/column.js';
import { temporaryFolder } from '../helpers/cli.js';

const facts = (description: string) => ({ description, source: 'test' });

/** A column of each type. */
const things = table('things', {
  description: 'Things',
  key: ['id'],
  columns: [
    required('id', 'string', facts('Name')),
    column('yes', 'bool', facts('Yes or no')),
    column('count', 'int', facts('Whole number')),
    column('bytes', 'long', facts('Size')),
    column('mm', 'double', { ...facts('Length'), unit: 'mm' }),
    column('day', 'date', facts('Day')),
    column('names', 'list<string>', facts('Names')),
    column('days', 'list<date>', facts('Days')),
  ],
});

const ROWS: AnyRow[] = [
  { id: 'é\u0000\u2028', yes: false, count: -(2 ** 31), bytes: 2 ** 53 - 1, mm: -0.1, day: -1, names: [], days: null },
  { id: '', yes: null, count: null, bytes: null, mm: null, day: null, names: null, days: [] },
  { id: 'c', yes: true, count: 0, bytes: 0, mm: 5e-324, day: 20_000, names: ['', 'x'], days: [0, -719_162] },
]; // prettier-ignore

const folder = temporaryFolder();
const bytesOf = (path: string) => readFileSync(join(folder, path));

function streamOf(rows: readonly AnyRow[]): Uint8Array {
  const builder = new TableBuilder<Table>(things);
  for (const row of rows) builder.append(row);
  return builder.finish();
}

let parts = 0;

/** A Parquet part of so many rows. */
async function parquetOf(rows: number, ...streams: Uint8Array[]): Promise<PartReceipt> {
  const path = `part-${++parts}.parquet`;
  return { path, rows, ...(await writeParquet(join(folder, path), things, streams)) };
}

function rowsIn(content: Uint8Array): unknown {
  const asJson = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  return JSON.parse(JSON.stringify(tableFromIPC(content).toArray(), asJson));
}

const DAY = 86_400_000;
const WRITTEN = [
  { id: 'é\u0000\u2028', yes: false, count: -2147483648, bytes: '9007199254740991', mm: -0.1, day: -DAY, names: [], days: null },
  { id: '', yes: null, count: null, bytes: null, mm: null, day: null, names: null, days: [] },
  { id: 'c', yes: true, count: 0, bytes: '0', mm: 5e-324, day: 20_000 * DAY, names: ['', 'x'], days: [0, -62_135_596_800_000] },
]; // prettier-ignore

describe('an Arrow file of a part', () => {
  test('holds odd text, limits of numbers, null and the empty list as they were given', async () => {
    const receipt = writeArrowPart(folder, 'odd.arrow', things, await parquetOf(3, streamOf(ROWS)));
    const content = bytesOf('odd.arrow');
    assert.deepEqual(rowsIn(content), WRITTEN);
    assert.deepEqual(receipt, {
      path: 'odd.arrow',
      rows: 3,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  });

  test('has the descriptions, units and nullability of the schema', async () => {
    writeArrowPart(folder, 'schema.arrow', things, await parquetOf(3, streamOf(ROWS)));
    const { fields, metadata } = tableFromIPC(bytesOf('schema.arrow')).schema;
    assert.equal(metadata.get('description'), 'Things');
    assert.deepEqual(fields.map((field) => [field.name, field.nullable, field.metadata.get('description')]),
      things.columns.map((field) => [field.name, field.nullable, field.description])); // prettier-ignore
    assert.equal(fields[4]!.metadata.get('unit'), 'mm');
  });

  // "Columnar format": the magic padded to eight bytes, a whole IPC stream, the footer, its length, the magic.
  test('is laid out as the format says, with a whole stream between its two marks', async () => {
    writeArrowPart(folder, 'layout.arrow', things, await parquetOf(3, streamOf(ROWS)));
    const content = bytesOf('layout.arrow');
    assert.equal(content.toString('latin1', 0, 8), 'ARROW1\0\0');
    assert.equal(content.toString('latin1', content.length - 6), 'ARROW1');
    assert.deepEqual(rowsIn(content.subarray(8)), WRITTEN);
    const footerStart = content.length - 10 - content.readInt32LE(content.length - 10);
    assert.equal(content.readInt32LE(footerStart - 8), -1);
    assert.equal(content.readInt32LE(footerStart - 4), 0);
  });

  test('is not made when the Parquet part is not on the disk as it was written', async () => {
    const part = await parquetOf(3, streamOf(ROWS));
    const other = await parquetOf(3, streamOf([...ROWS].reverse()));
    writeFileSync(join(folder, part.path), bytesOf(other.path));
    assert.throws(
      () => writeArrowPart(folder, 'other.arrow', things, part),
      (error) => error instanceof VerificationError && error.message.startsWith(part.path),
    );
    assert.equal(existsSync(join(folder, 'other.arrow')), false);
  });

  test('has the same bytes however the rows were batched', async () => {
    const batches = ROWS.map((row) => streamOf([row]));
    writeArrowPart(folder, 'batched.arrow', things, await parquetOf(3, ...batches));
    writeArrowPart(folder, 'whole.arrow', things, await parquetOf(3, streamOf(ROWS)));
    assert.deepEqual(bytesOf('batched.arrow'), bytesOf('whole.arrow'));
  });

  test('without rows has the columns', async () => {
    writeArrowPart(folder, 'empty.arrow', things, await parquetOf(0, streamOf([])));
    for (const content of [bytesOf('empty.arrow'), bytesOf('empty.arrow').subarray(8)]) {
      const read = tableFromIPC(content);
      assert.equal(read.numRows, 0);
      assert.deepEqual(read.schema.names, things.columns.map(({ name }) => name)); // prettier-ignore
    }
  });

  test('leaves nothing behind when what it is given is no Arrow', () => {
    const file = new ArrowFile(join(folder, 'broken.arrow'), things);
    assert.throws(() => {
      file.append(Buffer.from('no Arrow at all'));
    });
    assert.equal(existsSync(join(folder, 'broken.arrow')), false);
    assert.equal(existsSync(join(folder, 'broken.arrow.tmp')), false);
  });
});

const parquet = await parquetOf(3, streamOf(ROWS));

describe('a part that is read back', () => {
  const stream = readParquet(bytesOf(parquet.path)).intoIPCStream();
  const receipt = writeArrowPart(folder, 'back.arrow', things, parquet);
  const content = bytesOf('back.arrow');
  function fails(part: PartReceipt, bytes: Buffer, expected: Uint8Array, message: string): void {
    assert.throws(
      () => {
        checkPart(bytes, part, expected);
      },
      (error) => error instanceof VerificationError && error.message === message,
    );
  }

  test('passes as it was written', () => {
    checkPart(content, receipt, stream);
  });

  test('fails when a byte on the disk is another', () => {
    const damaged = Buffer.from(content);
    damaged[content.length >> 1]! ^= 1;
    const message = 'back.arrow is on the disk with another content than was written';
    fails(receipt, damaged, stream, message);
  });

  test('fails when it has other rows than were counted', () => {
    fails({ ...receipt, rows: 4 }, content, stream, 'back.arrow has 3 rows, 4 were written');
  });

  for (const [what, change] of [
    ['a number', { mm: 5e-323 }],
    ['null for an empty list', { names: null }],
    ['another text', { id: 'd' }],
    ['one item less in a list', { days: [0] }],
  ] as const) {
    test(`fails when the Parquet part has ${what} elsewhere`, async () => {
      const other = [ROWS[0]!, ROWS[1]!, { ...ROWS[2]!, ...change }];
      const expected = readParquet(bytesOf((await parquetOf(3, streamOf(other))).path)).intoIPCStream();
      fails(receipt, content, expected, 'back.arrow does not hold the rows of its Parquet part');
    });
  }
});

describe('an Arrow file of rows that arrive one at a time', () => {
  const rowOf = (i: number): AnyRow => ({ ...ROWS[2], id: `r${i}`, names: i % 2 === 0 ? [] : null });

  test('has batches of a fixed number of rows, and every row in its order', async () => {
    const rows = new ArrowRows(join(folder, 'rows.arrow'), things);
    for (let i = 0; i < 20_000; i++) rows.append(rowOf(i));
    const receipt = { path: 'rows.arrow', rows: 20_000, ...rows.finish() };
    const read = tableFromIPC(bytesOf('rows.arrow'));
    assert.deepEqual(read.batches.map(({ numRows }) => numRows), [8192, 8192, 3616]); // prettier-ignore
    assert.deepEqual(
      Array.from(read.getChild('id')!),
      Array.from({ length: 20_000 }, (_, i) => `r${i}`),
    );
    await checkStreamed(folder, receipt);
    await assert.rejects(checkStreamed(folder, { ...receipt, rows: 19_999 }), VerificationError);
  });

  test('does not keep what it has written in memory', () => {
    const rows = new ArrowRows(join(folder, 'flat.arrow'), things);
    for (let i = 0; i < 8192; i++) rows.append(rowOf(i));
    // The first batch is on the disk, under its temporary name, before the second one begins.
    const { length } = readFileSync(join(folder, 'flat.arrow.tmp'));
    assert.ok(length > 8192 * 8, `${length} bytes`);
    rows.abandon();
    assert.equal(existsSync(join(folder, 'flat.arrow.tmp')), false);
  });

  test('may have none', async () => {
    const rows = new ArrowRows(join(folder, 'none.arrow'), things);
    await checkStreamed(folder, { path: 'none.arrow', rows: 0, ...rows.finish() });
    assert.equal(tableFromIPC(bytesOf('none.arrow')).schema.fields.length, things.columns.length);
  });

  test('fails the check when it is cut short', async () => {
    const rows = new ArrowRows(join(folder, 'cut.arrow'), things);
    rows.append(rowOf(1));
    const receipt = { path: 'cut.arrow', rows: 1, ...rows.finish() };
    writeFileSync(join(folder, 'cut.arrow'), bytesOf('cut.arrow').subarray(0, 500));
    const message = 'cut.arrow is on the disk with another content than was written';
    await assert.rejects(checkStreamed(folder, receipt), new VerificationError(message));
  });
});
