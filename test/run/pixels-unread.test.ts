import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CLI, temporaryFolder } from '../helpers/cli.js';
import { readManifest } from '../helpers/output.js';
import { BOUNDED } from '../helpers/processes.js';
import { sharedRun } from '../helpers/shared-run.js';

/** Bytes before the pixel data, found by the bytes of its tag: (7FE0,0010) in either byte order. */
function headerBytes(file: string): number {
  const start = Buffer.alloc(1 << 18);
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, start, 0, start.length, 0);
  closeSync(descriptor);
  const places = ['e07f1000', '7fe00010'].map((tag) => start.subarray(0, length).indexOf(tag, 'hex'));
  return places.find((place) => place !== -1) ?? length;
}

describe('pixels are never read', () => {
  const { database, current } = sharedRun('sound');
  const files = (readdirSync(join(database, 'images'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => join(database, 'images', name));
  const sizes = files.map((file) => statSync(file).size);
  const headers = files.map(headerBytes);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const counted = readManifest(current).inputs.dicom_files;

  test('manifest.json counts the files, what they hold and what was read of them', () => {
    assert.equal(counted.files, files.length);
    assert.equal(counted.bytes_on_disk, sum(sizes));
    // The files are what the test needs: large, and nearly all pixels.
    assert.ok(sum(sizes) / files.length > 10_000_000);
    assert.ok(sum(headers) < sum(sizes) / 500);
  });

  test('what was read is the headers, and at most a chunk more for each file', () => {
    const chunk = 64 * 1024;
    assert.ok(
      counted.bytes_read <= sum(headers.map((bytes) => bytes + chunk)),
      `${counted.bytes_read} bytes`,
    );
    assert.ok(counted.bytes_read_of_one_file_at_most <= Math.max(...headers) + chunk);
    assert.ok(counted.bytes_read < sum(sizes) / 300);
  });

  test(
    'the kernel, which counts every byte that a process reads, agrees',
    { skip: existsSync('/proc/self/io') ? false : 'needs the counters of Linux in /proc/self/io' },
    () => {
      const out = temporaryFolder();
      const data = join(database, 'data');
      const withImages = bytesReadBy(['run', database, '--out', join(out, 'all')]);
      const without = bytesReadBy(['run', '--data-dir', data, '--out', join(out, 'data-only')]);
      // A data-only run does all the rest: modules, JSON files, verifying. The tables are a little smaller.
      const tables = 8_000_000;
      const forImages = withImages - without;
      assert.ok(forImages > 0);
      assert.ok(
        forImages <= counted.bytes_read + tables,
        `${forImages} bytes, ${counted.bytes_read} counted`,
      );
      assert.ok(withImages < sum(sizes) / 10, `${withImages} bytes of ${sum(sizes)}`);
    },
  );
});

/** Bytes that a run of the program took from read calls, in all its threads: the shell has waited for it and counts it. */
function bytesReadBy(args: readonly string[]): number {
  const script =
    '"$@" --no-report --no-progress >/dev/null || exit 1; read -r name bytes < /proc/$$/io; echo "$bytes"';
  const shell = spawnSync('sh', ['-c', script, 'sh', process.execPath, CLI, ...args], {
    encoding: 'utf8',
    ...BOUNDED,
  });
  assert.equal(shell.status, 0, shell.stderr);
  return Number(shell.stdout);
}
