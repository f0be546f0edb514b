import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { whileKept } from '../../pipeline/commands/kept.js';
import { DicomHeaderReader } from '../../pipeline/dicom/dicom-header.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { withTemporaryFolder } from '../../pipeline/storage/temporary-folder.js';
import { runHere, sampleDatabase, scratchFolder, snapshots } from '../crash/helpers.js';
import { CLI } from '../helpers/cli.js';
import { DEFLATED, part10 } from '../helpers/dicom-bytes.js';
import { BOUNDED, untilOrEnd } from '../helpers/processes.js';
import { selectTags } from '../helpers/run-options.js';

/** Row 19 of the attacks: readers that are stopped or overtaken, and files that inflate without end. */

const scratch = scratchFolder();

describe('folders that verify and diff spill to', () => {
  test('of a process that was killed are removed by the next, and no others', async (t) => {
    // Of its own: whatever runs at the same time would remove them first.
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = mkdtempSync(join(scratch, 'tmp-'));
    t.after(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
    const module = new URL('../../pipeline/storage/temporary-folder.js', import.meta.url).href;
    const script = `const { withTemporaryFolder } = await import(${JSON.stringify(module)});
      await withTemporaryFolder(async (folder) => {
        process.stdout.write(folder);
        process.kill(process.pid, 'SIGKILL');
        await new Promise(() => setTimeout(() => 0, 1e6));
      });`;
    const left = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', ...BOUNDED }).stdout;
    assert.equal(existsSync(left), true);
    // Of another container, and of nobody.
    const other = left.replace(/omidb-etl-.{8}/, 'omidb-etl-00000000');
    const named = mkdtempSync(join(tmpdir(), 'omidb-etl-mine-'));
    mkdirSync(other);
    await withTemporaryFolder(() => Promise.resolve());
    assert.deepEqual([left, other, named].map(existsSync), [false, true, true]);
    for (const folder of [other, named]) rmSync(folder, { recursive: true });
  }); // prettier-ignore

  test('are removed when verify is stopped, which says so', async () => {
    const out = join(scratch, 'verified');
    await runHere(sampleDatabase(join(scratch, 'db'), 14), out);
    const own = mkdtempSync(join(scratch, 'tmp-'));
    const child = spawn(process.execPath, [CLI, 'verify', '--out', out], { env: { ...process.env, TMPDIR: own }, stdio: ['ignore', 'pipe', 'pipe'], ...BOUNDED });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const closed = once(child, 'close');
    await untilOrEnd(child, () => readdirSync(own).length > 0);
    child.kill('SIGTERM');
    const [code] = (await closed) as [number | null];
    assert.deepEqual(readdirSync(own), []);
    // It may have been done by then.
    if (code !== 0) assert.deepEqual([code, stderr], [1, 'omidb-etl: stopped\n']);
  }); // prettier-ignore
});

test('a snapshot that a run removes while it is read: said, with what to do', async () => {
  const out = join(scratch, 'kept');
  const database = sampleDatabase(join(scratch, 'small'), 1);
  await runHere(database, out);
  const [first] = snapshots(out);
  const reading = whileKept(out, async () => {
    await runHere(database, out, { keep: 1, full: true });
    throw new Error('a file is gone');
  });
  await assert.rejects(reading, new RegExp(`a run removed snapshot ${first!} .*larger --keep`));
  await assert.rejects(
    whileKept(out, () => Promise.reject(new Error('as it is'))),
    /^Error: as it is$/,
  );
});

describe('a few kilobytes that inflate to', () => {
  const reader = new DicomHeaderReader(selectTags());
  const element = Buffer.from([0x09, 0, 0x10, 0x10, 0x53, 0x48, 0, 0]);
  const sequence = Buffer.from([0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const item = Buffer.from([0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0]);
  for (const [what, content] of [
    ['millions of empty elements', Buffer.alloc(120e6, element)],
    ['millions of empty items', Buffer.concat([sequence, Buffer.alloc(120e6, item)])],
  ] as const) {
    test(`${what}: no header, found before all of it is walked over`, () => {
      const file = join(scratch, 'bomb.dcm');
      writeFileSync(file, part10(DEFLATED, deflateRawSync(content)));
      const header = reader.read(openLocalFile(file));
      assert.equal(header.state, 'unreadable');
    });
  }
});
