import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { Table as WasmTable } from 'parquet-wasm/node';
import { TableBuilder } from '../../pipeline/stages/write/columns.js';
import { column, required, table, type AnyRow, type ColumnType, type Table } from '../../schemas/column.js';

const facts = { description: 'a column', source: 'a test' };

/** The cells of one column as Arrow's own reader gives them; lists as arrays. */
function readBack(type: ColumnType, cells: readonly unknown[]): unknown[] {
  const built = table('built', { description: 'a table', key: [], columns: [column('cell', type, facts)] });
  const builder = new TableBuilder<Table>(built);
  for (const cell of cells) builder.append({ cell } as AnyRow);
  const vector = tableFromIPC(builder.finish()).getChild('cell')!;
  return [...vector].map((value: unknown) =>
    typeof value === 'object' && value !== null && Symbol.iterator in value
      ? [...(value as Iterable<unknown>)]
      : value,
  );
}

describe('a column', () => {
  it('keeps texts of every script apart, and an empty one from none', () => {
    const texts = ['', null, 'ASCII', 'näive', null, '乳房', '\u{1f9ec}', ''];
    assert.deepEqual(readBack('string', texts), texts);
  });

  it('does not join halves of a character at the end of one text and the start of the next', () => {
    assert.deepEqual(readBack('string', ['a\ud83e', '\uddecb']), ['a\ufffd', '\ufffdb']);
  });

  it('keeps texts apart that are too long to be joined', () => {
    const texts = ['a', null, 'x'.repeat(70_000), '', 'ä'.repeat(40_000), 'b'];
    assert.deepEqual(readBack('string', texts), texts);
  });

  it('keeps yes, no and nothing apart over more than a byte of bits', () => {
    const cells = [true, false, null, true, true, null, false, true, false, true, null];
    assert.deepEqual(readBack('bool', cells), cells);
  });

  it('keeps numbers to the limits of their type', () => {
    assert.deepEqual(readBack('int', [-2147483648, 0, null, 2147483647]), [-2147483648, 0, null, 2147483647]);
    assert.deepEqual(readBack('long', [9007199254740991, null, -1]), [9007199254740991n, null, -1n]);
    assert.deepEqual(readBack('double', [0.1, null, -1e300]), [0.1, null, -1e300]);
  });

  it('keeps dates before and after 1970', () => {
    // 1969-12-31 and 2024-02-29, counted by hand: 54 years of 365 days, 13 leap days before, 59 days in 2024.
    const days = [-1, null, 54 * 365 + 13 + 59];
    const read = readBack('date', days).map((value) => (value === null ? null : Number(value) / 86_400_000));
    assert.deepEqual(read, days);
  });

  it('keeps no list, an empty list and a list apart', () => {
    const lists = [[], null, ['a', '', 'ü'], ['b']];
    assert.deepEqual(readBack('list<string>', lists), lists);
    assert.deepEqual(readBack('list<double>', [[0.07, 0.07], null, []]), [[0.07, 0.07], null, []]);
  });

  it('refuses what its type cannot hold, naming the column and not the value', () => {
    const wrong: [ColumnType, unknown][] = [
      ['int', 2147483648],
      ['int', 1.5],
      ['int', '1'],
      ['long', 2 ** 53],
      ['double', Number.NaN],
      ['bool', 'false'],
      ['date', 0.5],
      ['string', 5],
      ['list<int>', 1],
      ['list<int>', [1, 'secret']],
    ];
    for (const [type, cell] of wrong) {
      assert.throws(() => readBack(type, [cell]), /^TypeError: column cell holds (?!.*secret)/, type);
    }
  });

  it('that must have a value refuses a row without', () => {
    const strict = table('strict', {
      description: 'a',
      key: ['id'],
      columns: [required('id', 'string', facts)],
    });
    const builder = new TableBuilder<Table>(strict);
    builder.append({});
    assert.throws(() => builder.finish(), /strict\.id has no value/);
  });
});

describe('rows of a table', () => {
  const mixed = table('mixed', {
    description: 'mixed',
    key: [],
    columns: [
      column('text', 'string', facts),
      column('yes', 'bool', facts),
      column('count', 'int', facts),
      column('bytes', 'long', facts),
      column('names', 'list<string>', facts),
    ],
  });

  /** Row i, by rules that can be told from i alone: every third without values, texts of one to three bytes. */
  function mixedRow(i: number): AnyRow {
    if (i % 3 === 0) return { text: null, yes: null, count: null, bytes: null, names: null };
    const names = i % 5 === 0 ? [] : [`n${i}`, '乳'.repeat(i % 4)];
    return { text: `${'é'.repeat(i % 2)}${i}`, yes: i % 2 === 0, count: -i, bytes: i * 2 ** 40, names };
  }

  function rowsIn(stream: Uint8Array): unknown[] {
    return tableFromIPC(stream)
      .toArray()
      .map((row: Record<string, unknown>) => ({
        text: row['text'],
        yes: row['yes'],
        count: row['count'],
        bytes: row['bytes'] === null ? null : Number(row['bytes']),
        names: row['names'] === null ? null : [...(row['names'] as Iterable<unknown>)],
      }));
  }

  it('are the same whether they are few or many', () => {
    const builder = new TableBuilder<Table>(mixed);
    for (let count = 0; count <= 200; count++) {
      assert.deepEqual(
        rowsIn(builder.finish()),
        Array.from({ length: count }, (_, i) => mixedRow(i)),
      );
      builder.append(mixedRow(count));
    }
  });

  it('are forgotten, and leave nothing behind in those that follow', () => {
    const builder = new TableBuilder<Table>(mixed);
    for (let i = 0; i < 150; i++) builder.append(mixedRow(i));
    builder.finish();
    builder.clear();
    assert.deepEqual(rowsIn(builder.finish()), []);
    for (let i = 0; i < 70; i++) builder.append(mixedRow(2 * i));
    assert.deepEqual(
      rowsIn(builder.finish()),
      Array.from({ length: 70 }, (_, i) => mixedRow(2 * i)),
    );
  });

  it('can begin again after one that was refused', () => {
    const builder = new TableBuilder<Table>(mixed);
    builder.append(mixedRow(1));
    builder.append({ ...mixedRow(2), names: [5] as never });
    assert.throws(() => builder.finish(), /column names holds/);
    builder.clear();
    builder.append(mixedRow(4));
    assert.deepEqual(rowsIn(builder.finish()), [mixedRow(4)]);
  });

  it('come with what is known of their columns', () => {
    const { schema } = tableFromIPC(new TableBuilder<Table>(mixed).finish());
    assert.equal(schema.fields[0]!.metadata.get('description'), 'a column');
  });

  it("are read by Arrow's other implementation as by this one", () => {
    const builder = new TableBuilder<Table>(mixed);
    for (let i = 0; i < 100; i++) builder.append(mixedRow(i));
    const stream = builder.finish();
    assert.deepEqual(rowsIn(WasmTable.fromIPCStream(stream).intoIPCStream()), rowsIn(stream));
  });
});
