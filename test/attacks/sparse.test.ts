import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseClientId, rangeOf, rangeWidth } from '../../pipeline/omi-db/client-id.js';
import { runCli } from '../helpers/cli.js';
import { parseJsonLines, readJson, readJsonLines } from '../helpers/output.js';
import { reasons, results, runHere, scratchFolder } from '../crash/helpers.js';
import { filesBelow } from '../sample/tree.js';

/** Row 20 of the attacks: clients whose numbers lie far apart. */

const clients = (count: number, step: number) =>
  Array.from({ length: count }, (_, i) => parseClientId(`optm${i * step}`)!);

describe('the width of ranges', () => {
  // Worked out by hand: ranges of each width, and the most there may be, max(16, clients / 50).
  for (const [what, ids, width] of [
    ['170,000 clients in a row: 170 ranges', clients(170_000, 1), 1000],
    ['16 clients in 16 ranges: few', clients(16, 1000), 1000],
    ['17 clients in 17 ranges: two of 10,000', clients(17, 1000), 10_000],
    ['1,000 clients in 1,000 ranges: 100 of 10,000 are too many, 10 of 100,000 are not', clients(1000, 1000), 100_000],
    ['1,000 clients far apart, up to 999,000,000,000', clients(1000, 1e9), 100_000_000_000],
    ['none', [], 1000],
  ] as const) {
    test(what, () => {
      assert.equal(rangeWidth(ids), width);
      assert.ok(new Set(ids.map((id) => rangeOf(id, width))).size <= Math.max(16, ids.length / 50));
    });
  }

  test('names of ranges sort as their clients do', () => {
    assert.equal(rangeOf(parseClientId('optm123456')!, 1000), 'optm-0123000');
    assert.equal(rangeOf(parseClientId('optm123456')!, 100_000), 'optm-0100000');
  });
}); // prettier-ignore

describe('a run over 40 clients in 40 ranges', () => {
  const scratch = scratchFolder();
  const database = join(scratch, 'db');
  const out = join(scratch, 'out');
  const folder = (number: number) => join(database, 'data', `optm${number * 1000}`);
  for (let number = 0; number < 40; number++) mkdirSync(folder(number), { recursive: true });

  async function fullResults() {
    const fresh = join(scratch, 'fresh');
    await runHere(database, fresh);
    const full = results(fresh);
    rmSync(fresh, { recursive: true });
    return full;
  }

  const withoutMismatches = (files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).filter(([path]) => !path.includes('mismatches')));

  test('writes 4 parts of each table, and says so', async () => {
    await runHere(database, out);
    assert.equal(filesBelow(join(out, 'current', 'tables', 'clients')).length, 4);
    const { inputs } = readJson<{ inputs: { client_range_width: number } }>(out, 'current', 'manifest.json');
    assert.equal(inputs.client_range_width, 10_000);
  });

  test('one more client: the other ranges are carried over, the bytes are those of a full run', async () => {
    mkdirSync(folder(40));
    const summary = await runHere(database, out);
    assert.deepEqual(reasons(summary), { first: 1, carried: 4 });
    assert.deepEqual(results(out), await fullResults());
  });

  test('so few that the width is another: all is read again, and diff finds what went, and only that', async () => {
    for (let number = 12; number <= 40; number++) rmSync(folder(number), { recursive: true });
    const summary = await runHere(database, out);
    assert.equal(reasons(summary)['carried'], undefined);
    // Of whom a full run into an empty folder knows nothing.
    const gone = readJsonLines<{ kind: string }>(out, 'current', 'mismatches.jsonl').filter(({ kind }) => kind === 'client_gone');
    assert.equal(gone.length, 29);
    assert.deepEqual(withoutMismatches(results(out)), withoutMismatches(await fullResults()));
    const { stdout } = runCli(['diff', '--out', out, '--format', 'json']);
    const changes = parseJsonLines<{ table: string; change: string; key: { client_id: string } }>(stdout).filter(({ table }) => table === 'clients');
    assert.deepEqual([...new Set(changes.map(({ change }) => change))], ['gone']);
    assert.deepEqual(changes.map(({ key }) => key.client_id).sort(), Array.from({ length: 29 }, (_, i) => `optm${(i + 12) * 1000}`).sort());
  }); // prettier-ignore
});
