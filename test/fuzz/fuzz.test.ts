import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { howMany, SEED, turnsOf } from '../helpers/extent.js';
import { mutate } from './mutate.js';
import { Random } from './random.js';
import { Target, type Input } from './target.js';
import { cpuSeconds } from '../helpers/cpu.js';

/**
 * Reads, for two minutes or a few seconds, random changes of the files in corpus/, the same for the same seed. An input
 * that breaks something is left in a file that the failure names: it goes into corpus/ with the fix.
 */

const CORPUS = fileURLToPath(new URL('../../../test/fuzz/corpus', import.meta.url));
const ALL_SECONDS = 120;
const SECONDS = turnsOf(ALL_SECONDS, 5);
const MAX_SECONDS_EACH = 20;
const MAX_MEMORY = 900e6;

const filesOf = (folder: string): Map<string, Buffer> =>
  new Map(
    readdirSync(join(CORPUS, folder))
      .sort()
      .map((name) => [name, readFileSync(join(CORPUS, folder, name))]),
  );
const json = filesOf('json');
const dicom = filesOf('dicom');
const good: Input = {
  imagedb: json.get('imagedb.json')!,
  nbss: json.get('nbss.json')!,
  header: json.get('header.json')!,
  dicom: dicom.get('explicit.dcm')!,
};
const JSON_PARTS = ['imagedb', 'nbss', 'header'] as const;

const scratch = mkdtempSync(join(tmpdir(), 'omidb-fuzz-'));
const target = new Target(join(scratch, 'input.dcm'));
let isKept = false;
after(() => {
  if (!isKept) rmSync(scratch, { recursive: true, force: true });
});

function check(input: Input, part: keyof Input): void {
  const start = cpuSeconds();
  try {
    target.try(input);
    const seconds = cpuSeconds() - start;
    assert.ok(seconds < MAX_SECONDS_EACH, `it took ${seconds.toFixed(1)} s`);
  } catch (error) {
    const file = join(scratch, part === 'dicom' ? 'broken.dcm' : `broken-${part}.json`);
    writeFileSync(file, input[part]);
    isKept = true;
    throw new Error(`seed ${SEED}, input ${file}`, { cause: error });
  }
}

describe('the corpus as it is', () => {
  for (const [name, bytes] of json)
    test(`${name}, as each of the three JSON files`, () => {
      for (const part of JSON_PARTS) check({ ...good, [part]: bytes }, part);
    });
  for (const [name, bytes] of dicom)
    test(name, () => {
      check({ ...good, dicom: bytes }, 'dicom');
    });
});

const seconds = howMany(SECONDS, ALL_SECONDS, 'seconds');
test(`random changes of the corpus for ${seconds}: no error, no wrong type, no key twice, bounded time and memory`, (t) => {
  const random = new Random(SEED);
  const before = process.memoryUsage().rss;
  const end = performance.now() + SECONDS * 1000;
  const counts = { json: 0, dicom: 0 };
  while (performance.now() < end) {
    if (random.below(3) === 0) {
      const all = [...dicom.values()];
      check({ ...good, dicom: mutate('dicom', random.pick(all), random.pick(all), random) }, 'dicom');
      counts.dicom++;
    } else {
      const all = [...json.values()];
      const part = random.pick(JSON_PARTS);
      const base = random.below(4) === 0 ? random.pick(all) : good[part];
      check({ ...good, [part]: mutate('json', base, random.pick(all), random) }, part);
      counts.json++;
    }
  }
  target.flush();
  const grown = process.memoryUsage().rss - before;
  t.diagnostic(
    `seed ${SEED}: ${counts.json} JSON and ${counts.dicom} DICOM inputs, memory grew by ${Math.round(grown / 1e6)} MB`,
  );
  assert.ok(grown < MAX_MEMORY, `memory grew by ${Math.round(grown / 1e6)} MB`);
  assert.ok(counts.json > 0 && counts.dicom > 0);
});
