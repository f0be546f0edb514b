import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Ledger, type Count } from '../../pipeline/report/counts.js';
import { hiddenCounts } from '../../pipeline/report/masking.js';

/** Counts of a table, its rows and columns and the whole, as they add up. */
function tableLedger(cells: readonly (readonly number[])[]): { ledger: Ledger; unknowns: Unknowns } {
  const ledger = new Ledger();
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const counts = cells.map((row, y) => row.map((n, x) => ledger.count(`${x},${y}`, n)));
  const rows = cells.map((row, y) => ledger.count(`row ${y}`, sum(row)));
  const columns = cells[0]!.map((_, x) => ledger.count(`column ${x}`, sum(cells.map((row) => row[x]!))));
  const all = ledger.count('all', sum(cells.flat()));
  for (const [y, whole] of rows.entries()) ledger.sum(whole, counts[y]!);
  for (const [x, whole] of columns.entries())
    ledger.sum(
      whole,
      counts.map((row) => row[x]!),
    );
  ledger.sum(all, rows);
  ledger.sum(all, columns);
  return { ledger, unknowns: (hidden) => equations(ledger, hidden) };
}

/** The sums as equations of hidden counts: each gives the factors of the counts in their order. */
type Unknowns = (hidden: ReadonlySet<string>) => { ids: string[]; rows: number[][] };

function equations({ sums }: Ledger, hidden: ReadonlySet<string>) {
  const ids = [...hidden];
  const rows = sums.map(({ whole, parts }) =>
    ids.map((id) => parts.filter((part) => part.id === id).length - Number(whole.id === id)),
  );
  return { ids, rows };
}

/** Unknowns that every solution agrees on, by fractions of whole numbers. */
function agreedOn({ ids, rows }: { ids: string[]; rows: number[][] }): string[] {
  const matrix = rows.map((row) => row.map((n) => BigInt(n)));
  let done = 0;
  for (let column = 0; column < ids.length; column++) {
    const pivot = matrix.findIndex((row, i) => i >= done && row[column] !== 0n);
    if (pivot < 0) continue;
    [matrix[done], matrix[pivot]] = [matrix[pivot]!, matrix[done]!];
    const top = matrix[done]!;
    for (const [i, row] of matrix.entries())
      if (i !== done && row[column] !== 0n)
        matrix[i] = row.map((n, at) => n * top[column]! - top[at]! * row[column]!);
    done++;
  }
  return ids.filter((_, column) =>
    matrix.some((row) => row.every((n, at) => (at === column ? n !== 0n : n === 0n))),
  );
}

function hide(wholeParts: readonly (readonly [whole: number, parts: readonly number[]])[], min: number) {
  const ledger = new Ledger();
  for (const [i, [whole, parts]] of wholeParts.entries())
    ledger.sum(
      ledger.count(`${i}`, whole),
      parts.map((n, j) => ledger.count(`${i}.${j}`, n)),
    );
  return [...hiddenCounts(ledger, min)].sort();
}

describe('counts that must not be told', () => {
  test('with 1 none is hidden', () => {
    assert.deepEqual(hide([[4, [1, 3, 0]]], 1), []);
  });

  test('a small one, and the least other one, which would tell it', () => {
    assert.deepEqual(hide([[73, [3, 20, 50]]], 10), ['0.0', '0.1']);
  });

  test('two small ones that are few together, and a third', () => {
    assert.deepEqual(hide([[107, [3, 4, 40, 60]]], 10), ['0.0', '0.1', '0.2']);
    assert.deepEqual(hide([[113, [6, 7, 40, 60]]], 10), ['0.0', '0.1'], 'together they are 13');
  });

  test('the whole too where nothing else is left: 3 of 3', () => {
    assert.deepEqual(hide([[53, [3, 50, 0]]], 10), ['0.0', '0.1'], 'a 0 protects nobody, and is shown');
    assert.deepEqual(hide([[12, [12, 0]]], 10), []);
    assert.deepEqual(hide([[7, [7, 0]]], 10), ['0', '0.0']);
  });

  test('a small whole, and no small count is told by large ones', () => {
    assert.deepEqual(hide([[9, [4, 5]]], 10), ['0', '0.0', '0.1']);
  });

  test('a cell that links two groups of hidden ones, which rows and columns together would tell', () => {
    // By each row and each column alone two or three are hidden, together 8 or more; but the two in the third column are the
    // only link of the groups, and all sums together give them away.
    const { ledger, unknowns } = tableLedger([
      [4, 4, 90, 90, 90],
      [4, 4, 4, 90, 90],
      [90, 90, 90, 4, 4],
      [90, 90, 4, 4, 4],
    ]);
    const small = new Set(ledger.all().filter(({ n }) => n < 5).map(({ id }) => id)); // prettier-ignore
    assert.deepEqual(agreedOn(unknowns(small)), ['2,1', '2,3'], 'the example is one');
    assert.deepEqual(agreedOn(unknowns(hiddenCounts(ledger, 5))), []);
  });

  test('a cell whose row and column are hidden whole, which all other sums would tell', () => {
    // The first two rows are 15 - 7 = 8 together: what the third column has, 7, and the cell in the middle, 1.
    const { ledger, unknowns } = tableLedger([
      [0, 0, 6],
      [0, 1, 1],
      [6, 1, 0],
    ]);
    const beside = ['1,1', '2,1', '1,2', '0,2', '2,0', 'row 0', 'row 1', 'column 0', 'column 1'];
    assert.deepEqual(agreedOn(unknowns(new Set(beside))), ['1,1'], 'the example is one');
    const hidden = hiddenCounts(ledger, 2);
    assert.deepEqual(agreedOn(unknowns(hidden)), []);
    assert.ok(!hidden.has('all'), 'no more than it takes');
  });

  test('one id has one number', () => {
    const ledger = new Ledger();
    ledger.count('images', 3);
    assert.throws(() => ledger.count('images', 4), /images as 3 and as 4/);
  });
});

const TABLES = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

describe('of any table with the sums of its rows and columns', () => {
  test('no small count is shown, and no hidden one can be worked out', () => {
    fc.assert(
      fc.property(TABLES, fc.integer({ min: 2, max: 15 }), (cells, min) => {
        const { ledger, unknowns } = tableLedger(cells);
        const hidden = hiddenCounts(ledger, min);
        const isShown = ({ id }: Count) => !hidden.has(id);
        assert.deepEqual(ledger.all().filter((count) => isShown(count) && count.n > 0 && count.n < min), []); // prettier-ignore
        assert.deepEqual(agreedOn(unknowns(hidden)), []);
        for (const { whole, parts } of ledger.sums.filter((sum) => isShown(sum.whole))) {
          const together = parts.filter((part) => !isShown(part)).reduce((sum, { n }) => sum + n, 0);
          assert.ok(together === 0 || together >= min, `what is hidden of ${whole.id} is ${together}`);
        }
      }),
    );
  });

  test('nothing is hidden where nothing is small', () => {
    fc.assert(
      fc.property(TABLES, (cells) => {
        const { ledger } = tableLedger(cells.map((row) => row.map((n) => n + 20)));
        assert.equal(hiddenCounts(ledger, 20).size, 0);
      }),
    );
  });
});
