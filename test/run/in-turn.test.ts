import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { inTurn } from '../../pipeline/run/in-turn.js';

/** Workers that take so many things at a time, and are short of them below that. */
class Workers {
  underWay = 0;
  most = 0;
  cleared = 0;

  constructor(private readonly size: number) {}

  async whenShort(): Promise<void> {
    while (this.underWay >= this.size) await turn();
  }

  clear(): void {
    this.cleared++;
  }

  async work<T>(result: T, turns: number): Promise<T> {
    this.most = Math.max(this.most, ++this.underWay);
    for (let i = 0; i < turns; i++) await turn();
    this.underWay--;
    return result;
  }
}

describe('many things, begun in turn', () => {
  test('few of them are under way, however many there are; the results are in order', async () => {
    const workers = new Workers(3);
    let made = 0;
    function* things() {
      // More are not even made.
      for (let i = 0; i < 500; i++) {
        assert.ok(made++ - done <= 4);
        yield i;
      }
    }
    let done = 0;
    const results = await inTurn(workers, things(), async (i) => {
      const result = await workers.work(i, 1 + ((i * 7) % 5));
      done++;
      return result;
    });
    assert.deepEqual(
      results,
      Array.from({ length: 500 }, (_, i) => i),
    );
    assert.equal(workers.most, 3);
    assert.equal(workers.cleared, 0);
  });

  test('the first that fails ends it: none is begun after that, and what waits is dropped', async () => {
    const workers = new Workers(2);
    const begun: number[] = [];
    const work = async (i: number) => {
      begun.push(i);
      await workers.work(i, i === 3 ? 1 : 3);
      if (i === 3) throw new Error('three');
    };
    await assert.rejects(inTurn(workers, Array.from({ length: 100 }).keys(), work), /three/);
    const before = begun.length;
    for (let i = 0; i < 10; i++) await turn();
    assert.equal(begun.length, before);
    assert.ok(before < 8);
    assert.equal(workers.cleared, 1);
  });

  test('nothing is nothing', async () => {
    assert.deepEqual(await inTurn(new Workers(1), [], () => Promise.reject(new Error('never'))), []);
  });
});
