import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { piecesOf, type FrozenRange, type Share } from '../../pipeline/cluster/frozen-plan.js';
import { shareOut } from '../../pipeline/cluster/share-out.js';
import { numbersText } from '../../pipeline/cluster/task-numbers.js';

/** A range of so many clients, which are read some at a time. */
function range(name: string, clients: number): FrozenRange {
  const entries = Array.from({ length: clients }, (_, i) => ({
    id: `optm${i}`,
    prefix: 'optm',
    number: i,
    trees: ['data'] as const,
  }));
  const plan = { range: name, clients: entries };
  return { ...plan, stamps: piecesOf(plan).map(String), read: 'first' };
}

const ranges = (...clients: number[]) => clients.map((count, i) => range(String.fromCharCode(97 + i), count));
const namesOf = (shares: readonly (readonly Share[])[]) =>
  shares.map((task) => task.map((share) => share.range));
const clientsOf = (all: readonly FrozenRange[], task: readonly Share[]) =>
  task
    .flatMap(({ range: name, first, end }) =>
      piecesOf(all.find((one) => one.range === name)!).slice(first, end),
    )
    .reduce((sum, piece) => sum + piece.length, 0);

describe('ranges among tasks', () => {
  test('as many as tasks, or more: each is read whole, by the task of its neighbours', () => {
    assert.deepEqual(namesOf(shareOut(ranges(10, 10, 10), 3)), [['a'], ['b'], ['c']]);
    assert.deepEqual(namesOf(shareOut(ranges(1, 1, 1, 30, 1, 1), 2)), [
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ]);
    assert.deepEqual(namesOf(shareOut(ranges(5, 6), 1)), [['a', 'b']]);
  });

  test('fewer than tasks: pieces of 8 to 64 clients, of which those of a range that follow each other are one share', () => {
    // 20 clients are read in pieces of 8, 8 and 4.
    assert.deepEqual(shareOut(ranges(20), 2), [
      [{ range: 'a', first: 0, end: 1 }],
      [{ range: 'a', first: 1, end: 3 }],
    ]);
    assert.deepEqual(shareOut(ranges(8, 16), 3), [
      [{ range: 'a', first: 0, end: 1 }],
      [{ range: 'b', first: 0, end: 1 }],
      [{ range: 'b', first: 1, end: 2 }],
    ]);
  });

  test('no task has nothing to read while another has two pieces', () => {
    // 80 clients are read in eight pieces of 10; with two pieces each, four tasks would be enough.
    assert.deepEqual(
      shareOut(ranges(80), 5).map((task) => clientsOf(ranges(80), task)),
      [20, 20, 20, 10, 10],
    );
  });

  test('more tasks than there are pieces: the last have nothing to read', () => {
    assert.deepEqual(
      shareOut(ranges(3, 9), 5).map((task) => task.length),
      [1, 1, 1, 0, 0],
    );
    assert.deepEqual(shareOut([], 2), [[], []]);
  });

  test('every piece is in one task, in order, and no task could have fewer clients at most', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 5 }), (clients, count) => {
        const all = ranges(...clients);
        const tasks = shareOut(all, count);
        assert.equal(tasks.length, count);
        const given = tasks
          .flat()
          .flatMap(({ range: name, first, end }) =>
            Array.from({ length: end - first }, (_, i) => `${name}${first + i}`),
          );
        const wanted = all.flatMap((one) => piecesOf(one).map((_, i) => `${one.range}${i}`));
        assert.deepEqual(given, wanted);
        const isWhole = all.length >= count;
        if (isWhole) assert.ok(tasks.flat().every(({ range: name, first, end }) => first === 0 && end === piecesOf(all.find((one) => one.range === name)!).length)); // prettier-ignore
        const units = isWhole ? clients : all.flatMap((one) => piecesOf(one).map((piece) => piece.length));
        const most = Math.max(...tasks.map((task) => clientsOf(all, task)));
        assert.equal(most, leastOfAll(units, count));
        assert.equal(tasks.filter((task) => task.length > 0).length, Math.min(count, units.length));
      }),
      { numRuns: 100 },
    );
  });
});

/** The most clients of a group in the best way to cut a row into groups: by the textbook's table of all ways. */
function leastOfAll(units: readonly number[], groups: number): number {
  let best = [0, ...units.map(() => Infinity)];
  for (let group = 1; group <= groups; group++) {
    const next = best.map((_, end) =>
      Math.min(
        ...Array.from({ length: end + 1 }, (_unused, start) =>
          Math.max(
            best[start]!,
            units.slice(start, end).reduce((sum, unit) => sum + unit, 0),
          ),
        ),
      ),
    );
    best = next;
  }
  return best.at(-1)!;
}

describe('numbers of tasks', () => {
  test('are written as schedulers take them', () => {
    assert.equal(numbersText([1, 4, 5, 6, 7, 9]), '1,4-7,9');
    assert.equal(numbersText([0, 1]), '0-1');
    assert.equal(numbersText([]), '');
  });
});
