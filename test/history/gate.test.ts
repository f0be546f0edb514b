import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Refused } from '../../pipeline/base/fault.js';
import { DEFAULT_LIMITS, gateLimits } from '../../pipeline/snapshot/gate/limits.js';
import { makeSample } from '../../scripts/sample/database.js';
import { leftovers, reasons, results, runHere, snapshots } from '../crash/helpers.js';
import { runCli } from '../helpers/cli.js';
import { readJson, readJsonLines, type Json } from '../helpers/output.js';
import type { MoreOptions } from '../helpers/run-options.js';
import { filesBelow } from '../sample/tree.js';
import { fresh, writeClient } from './helpers.js';

/** The gate in runs: what is refused, what is kept of it, and what a refused run costs the next one. */

const gate = DEFAULT_LIMITS;

async function refusal(database: string, out: string, more: MoreOptions = {}): Promise<string> {
  const found: unknown = await runHere(database, out, { gate, ...more }).then(() => 'it was published', (error: unknown) => error); // prettier-ignore
  assert.ok(found instanceof Refused, String(found));
  return found.message;
}

const current = (out: string) => basename(readlinkSync(join(out, 'current')));
const refused = (out: string) => (existsSync(join(out, 'refused')) ? readdirSync(join(out, 'refused')) : []);
const withoutIds = (sentence: string) => sentence.replace(/\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}/g, 'RUN');

function ofKind(snapshot: string, kind: string): Json[] {
  return readJsonLines(snapshot, 'mismatches.jsonl').filter((line) => line['kind'] === kind);
}

describe('a copy that is only half there', () => {
  const database = join(fresh(), 'db');
  const out = join(fresh(), 'out');
  const clients = () => readdirSync(join(database, 'images')).sort();
  const dicomFiles = () => filesBelow(join(database, 'images')).filter((path) => path.endsWith('.dcm')).sort(); // prettier-ignore

  before(async () => {
    makeSample({ out: database, clients: 6, seed: 11, faults: [], pixels: 'sparse' });
    await runHere(database, out, { gate });
  });

  /** Damages the copy, runs, and puts it right again. */
  async function tried(damage: () => () => void): Promise<string> {
    const [snapshot, files] = [current(out), results(out)];
    const mend = damage();
    try {
      return await refusal(database, out);
    } finally {
      mend();
      assert.equal(current(out), snapshot);
      assert.deepEqual(results(out), files);
      assert.equal(refused(out).length, 1);
    }
  }

  const move = (from: string, to: string) => {
    renameSync(join(database, from), join(database, to));
    return () => {
      renameSync(join(database, to), join(database, from));
    };
  };
  const all = (mends: readonly (() => void)[]) => () => {
    for (const mend of mends) mend();
  };

  test('without the image folders of some clients is refused for its DICOM files', async () => {
    mkdirSync(join(database, 'away'));
    const some = clients().slice(0, 2);
    const sentence = await tried(() => all(some.map((id) => move(`images/${id}`, `away/${id}`))));
    assert.match(
      sentence,
      /^dicom_files fell from \d+ to \d+ \(\d+ at most: 5%, at least 3; e\.g\. [a-z]{4}\d+, /,
    );
    for (const id of /e\.g\. ([^)]*)\)/.exec(sentence)![1]!.split(', ')) assert.ok(some.includes(id), id);
  });

  test('with one file under a temporary name of rsync is refused', async () => {
    const path = `images/${dicomFiles()[0]!}`;
    const sentence = await tried(() => move(path, `${dirname(path)}/.${basename(path)}.Qa7XbZ`));
    assert.match(
      sentence,
      /mismatches \(copy_unfinished\) rose from 0 to 1 \(0 at most: 0; e\.g\. [a-z]{4}\d+\)/,
    );
  });

  test('with a few files that were cut is refused', async () => {
    const some = dicomFiles().slice(0, 6);
    const sentence = await tried(() => {
      const mends = some.map((path) => {
        const mend = move(`images/${path}`, `away/${basename(path)}`);
        // As far as a copy came that was broken off: the header is whole, the pixels are not.
        const bytes = join(database, 'images', path);
        mkdirSync(dirname(bytes), { recursive: true });
        return { path, mend, bytes };
      });
      for (const { path, bytes } of mends) copyCut(join(database, 'away', basename(path)), bytes);
      return all(mends.map(({ mend, bytes }) => () => { rmSync(bytes); mend(); })); // prettier-ignore
    });
    assert.match(sentence, /mismatches \(dicom_truncated\) rose from 0 to 6/);
  });

  test('mended, it is as the current snapshot, and the refused one is gone', async () => {
    const files = results(out);
    await runHere(database, out, { gate });
    assert.deepEqual(results(out), files);
    assert.deepEqual(refused(out), []);
    assert.deepEqual(leftovers(out), []);
  });
});

/** A copy of the first half of a file. */
function copyCut(from: string, to: string): void {
  copyFileSync(from, to);
  truncateSync(to, Math.floor(statSync(from).size / 2));
}

describe('a refused run', () => {
  const database = fresh();
  const out = fresh();
  const gone = ['optm6', 'optm7', 'optm8', 'optm9', 'optm10'];

  before(async () => {
    for (let i = 1; i <= 10; i++) writeClient(database, `optm${i}`, {});
    await runHere(database, out, { gate });
    for (const id of gone) rmSync(join(database, 'data', id), { recursive: true });
  });

  test('keeps its snapshot, whole, apart from the published ones, and names who is gone', async () => {
    const first = current(out);
    assert.match(await refusal(database, out), /^clients fell from 10 to 5 \(3 at most: 2%, at least 3; e\.g\. optm6, optm7, optm8\): nothing was published/); // prettier-ignore
    assert.deepEqual(snapshots(out), [first]);
    const [id] = refused(out);
    assert.equal(runCli(['verify', id!, '--out', out]).code, 0);
    const asked = runCli(['query', '--snapshot', id!, '--out', out, '--format', 'json', 'SELECT count(*)::INT AS n FROM clients']); // prettier-ignore
    assert.equal(asked.stdout, '{"n":5}\n', asked.stderr);
    const changes = runCli(['diff', 'current', id!, '--out', out]);
    assert.match(changes.stdout, /^clients +0 +5 +0$/m);
    assert.deepEqual(ofKind(join(out, 'refused', id!), 'client_gone').map((line) => line['client_id']), gone); // prettier-ignore
  });

  test('costs the next one no reading, which is refused again, in the same words', async () => {
    const sentence = await refusal(database, out);
    const [id] = refused(out);
    const { work } = readJson<{ work: { client_ranges: Json } }>(out, 'refused', id!, 'manifest.json');
    assert.deepEqual(work.client_ranges, { resumed: 1 });
    assert.equal(withoutIds(await refusal(database, out)), withoutIds(sentence));
    assert.notEqual(refused(out)[0], id);
    assert.equal(refused(out).length, 1);
  });

  test('exits with 4, the sentence on stderr, and no id in the log', () => {
    const log = join(fresh(), 'log');
    const run = runCli([
      'run',
      database,
      '--out',
      out,
      '--log-file',
      log,
      '--json-logs',
      '--log-level',
      'info',
    ]);
    assert.equal(run.code, 4);
    assert.match(run.stderr, /^omidb-etl: clients fell from 10 to 5 /);
    assert.equal(run.stdout, '');
    assert.doesNotMatch(existsSync(log) ? readFileSync(log, 'utf8') : '', /optm\d/);
  });

  test('is published with the limit that its sentence names, or with none, its mismatches as a full run has them', async () => {
    const accepted = /run with (.*)$/.exec(await refusal(database, out))![1]!;
    assert.equal(accepted, '--max-drop clients=5');
    const copies = [join(fresh(), 'a'), join(fresh(), 'b')];
    for (const copy of copies) cpSync(out, copy, { recursive: true, verbatimSymlinks: true });
    const limits = gateLimits([accepted.slice('--max-drop '.length)], []);
    assert.deepEqual(reasons(await runHere(database, copies[0]!, { gate: limits })), { resumed: 1 });
    await runHere(database, copies[1]!, { gate: gateLimits(['none'], []), full: true });
    // The same current snapshot and input: the same bytes, taken up or read in full.
    assert.deepEqual(results(copies[0]!), results(copies[1]!));
    assert.equal(ofKind(join(copies[0]!, 'current'), 'client_gone').length, gone.length);
    // Once she was published as gone, the current snapshot does not have her.
    assert.equal((await runHere(database, copies[0]!, { gate })).changed, false);
    writeClient(database, 'optm1', { site: 'efgh' });
    await runHere(database, copies[0]!, { gate });
    assert.deepEqual(ofKind(join(copies[0]!, 'current'), 'client_gone'), []);
  });
});

describe('what is not a drop', () => {
  const database = fresh();
  const out = fresh();
  before(async () => {
    for (let i = 1; i <= 20; i++) writeClient(database, `optm${i}`, {});
    await runHere(database, out, { gate });
  });
  const listed = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => `optm${first + i}`); // prettier-ignore

  test('a first run', async () => {
    const { gate: report } = await runHere(database, fresh(), { gate });
    assert.deepEqual(report, { against: null, results: [] });
  });

  test('fewer clients, because a list says so', async () => {
    const few = await runHere(database, out, { gate, rows: { includeClients: listed(1, 5) }, echo: { clients_file: listed(1, 5) } }); // prettier-ignore
    assert.deepEqual([few.clients, ofKind(few.snapshot, 'client_gone').length], [5, 0]);
    // And back.
    const back = await runHere(database, out, { gate, full: true });
    assert.equal(back.clients, 20);
    const excluded = await runHere(database, out, { gate, rows: { excludeClients: listed(1, 9) }, echo: { exclude_clients_file: listed(1, 9) } }); // prettier-ignore
    assert.equal(excluded.clients, 11);
    await runHere(database, out, { gate });
  });

  test('other formats', async () => {
    assert.equal(
      (await runHere(database, out, { gate, rows: { formats: ['parquet', 'arrow'] } })).clients,
      20,
    );
    await runHere(database, out, { gate });
  });

  test('but of the clients that a new list asks for those that are gone count', async () => {
    for (const id of listed(1, 4)) rmSync(join(database, 'data', id), { recursive: true });
    const options = { rows: { includeClients: listed(1, 10) }, allowUnknownClients: true };
    assert.match(await refusal(database, out, options), /^clients fell from 10 to 6 \(3 at most/);
  });
});
