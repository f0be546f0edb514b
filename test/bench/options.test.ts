import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PARTS, parseBenchOptions } from '../../scripts/bench/options.js';

const parse = (...args: string[]) => parseBenchOptions(args, 'docs/page.md');

describe('the options of a benchmark', () => {
  test('are refused where they make no sense', async () => {
    for (const [option, value] of [
      ['--clients', '0'],
      ['--runs', 'many'],
      ['--workers', '1.5'],
      ['--sizes', '500,,2000'],
      ['--parts', 'main,tables'],
    ] as const)
      await assert.rejects(parse(option, value), new RegExp(option), `${option} ${value}`);
  });

  test('are by default those of the issue, and the page is written', async () => {
    const { clients, runs, workers, sizes, parts, docs } = await parse();
    assert.deepEqual([clients, runs, workers, sizes], [2000, 5, 2, [500, 2000, 8000]]);
    assert.deepEqual([...parts], [...PARTS]);
    assert.equal(docs, 'docs/page.md');
  });

  test('leave the page alone in a trial, unless it names one', async () => {
    for (const trial of [
      ['--clients', '200'],
      ['--runs', '1'],
      ['--parts', 'main'],
    ])
      assert.equal((await parse(...trial)).docs, null, trial.join(' '));
    assert.equal((await parse('--clients', '200', '--docs', 'trial.md')).docs, 'trial.md');
  });
});
