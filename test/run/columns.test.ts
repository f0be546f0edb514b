import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { TableBuilder } from '../../pipeline/stages/write/columns.js';
import { joinStreams } from '../../pipeline/stages/write/ipc-stream.js';
import { column, required, table, type AnyRow, type ColumnType } from '../../schemas/column.js';

const facts = { description: 'a column', source: 'a test' };

/** The cells of one column as Arrow's own reader gives them; lists as arrays. */
function readBack(type: ColumnType, cells: readonly unknown[]): unknown[] {
  const built = table('built', { description: 'a table', key: [], columns: [column('cell', type, facts)] });
  const builder = new TableBuilder(built);
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
    const builder = new TableBuilder(strict);
    builder.append({});
    assert.throws(() => builder.finish(), /strict\.id has no value/);
  });
});

describe('batches joined as bytes', () => {
  const names = table('names', { description: 'names', key: [], columns: [column('name', 'string', facts)] });

  function batch(...cells: (string | null)[]): Uint8Array {
    const builder = new TableBuilder(names);
    for (const name of cells) builder.append({ name });
    return builder.finish();
  }

  it('are one stream with all rows in order, and what is known of the columns', () => {
    const joined = tableFromIPC(joinStreams(names, [batch('a', null), batch(), batch('é')]));
    assert.deepEqual([...joined.getChild('name')!], ['a', null, 'é']);
    assert.equal(joined.schema.fields[0]!.metadata.get('description'), 'a column');
  });
});
