import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openLocalFile } from '../../pipeline/source/local-file.js';
import { Patience } from '../../pipeline/source/patience.js';
import { systemError, watchedCalls } from '../helpers/file-calls.js';

/** Fails with these codes in turn, then answers. */
function failing(codes: readonly string[]): { act: () => string; tries: () => number } {
  let tries = 0;
  const act = () => {
    const code = codes[tries++];
    if (code !== undefined) throw systemError(code);
    return 'answer';
  };
  return { act, tries: () => tries };
}

describe('what fails for a moment', () => {
  test('is tried three times more, after longer and longer pauses', () => {
    for (const code of ['EIO', 'ESTALE']) {
      const pauses: number[] = [];
      const { act, tries } = failing([code, code, code]);
      assert.equal(new Patience((ms) => pauses.push(ms)).wrap(act)(), 'answer');
      assert.equal(tries(), 4);
      assert.deepEqual(pauses, [20, 100, 500]);
    }
  });

  test('fails with the last error after that', () => {
    const { act, tries } = failing(['EIO', 'EIO', 'EIO', 'ESTALE', 'EIO']);
    assert.throws(new Patience(() => undefined).wrap(act), { code: 'ESTALE' });
    assert.equal(tries(), 4);
  });

  test('what does not pass is not tried again, first or later', () => {
    for (const codes of [['ENOENT'], ['EIO', 'EACCES']]) {
      const { act, tries } = failing(codes);
      assert.throws(new Patience(() => undefined).wrap(act), { code: codes.at(-1) });
      assert.equal(tries(), codes.length);
    }
  });

  test('a disk that is broken for good costs a minute of pauses in all', () => {
    let paused = 0;
    const patience = new Patience((ms) => (paused += ms));
    for (let i = 0; i < 1000; i++) {
      const { act, tries } = failing(['EIO', 'EIO', 'EIO', 'EIO']);
      assert.throws(patience.wrap(act), { code: 'EIO' });
      assert.equal(tries(), 4);
    }
    assert.ok(paused >= 60_000 && paused < 61_000, String(paused));
  });
});

describe('an open file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omidb-patience-'));
  const path = join(folder, 'file');
  writeFileSync(path, 'content');
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const call of ['open', 'openStat', 'read']) {
    test(`is read whole when its ${call} fails once, and no descriptor is left`, () => {
      let failures = 1;
      const { calls, isOpen } = watchedCalls(({ name }) => {
        if (name === call && failures-- > 0) throw systemError('EIO');
      });
      const file = openLocalFile(path, calls, new Patience(() => undefined));
      const target = Buffer.alloc(7);
      assert.equal(file.read(target, 0, 7, 0), 7);
      assert.equal(target.toString(), 'content');
      file.close();
      assert.equal(isOpen.size, 0);
    });
  }
});
