import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, test } from 'node:test';
import { UsageFault } from '../../pipeline/base/fault.js';
import { entriesBelow, listNamesIfThere } from '../../pipeline/storage/folders.js';
import { withTemporaryFolder } from '../../pipeline/storage/temporary-folder.js';
import { kindOf, linkIfFree, sizeOf } from '../../pipeline/storage/names.js';
import { copyFileWhole, NewFile, writeFileWhole } from '../../pipeline/storage/new-file.js';
import { hashFile, linesOf } from '../../pipeline/storage/read.js';
import { readUserFile } from '../../pipeline/storage/user-file.js';
import { OpenWorkFiles, readPiece, WorkFile } from '../../pipeline/storage/work-file.js';
import { temporaryFolder } from '../helpers/cli.js';
import { BOUNDED } from '../helpers/processes.js';

const folder = temporaryFolder();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a new file', () => {
  test('has its name only when it is complete, with what was written, counted and hashed', () => {
    const path = join(folder, 'deep', 'er', 'file');
    const file = new NewFile(path);
    file.write(Buffer.from('é'));
    file.write(Buffer.from('x'));
    assert.deepEqual(readdirSync(join(folder, 'deep', 'er')), ['file.tmp']);
    assert.deepEqual(file.finish(), { bytes: 3, sha256: sha256('éx') });
    assert.deepEqual(readdirSync(join(folder, 'deep', 'er')), ['file']);
    assert.equal(readFileSync(path, 'utf8'), 'éx');
  });

  test('that is given up leaves nothing, and what had the name stays', () => {
    const path = join(folder, 'given-up');
    writeFileWhole(path, Buffer.from('before'));
    const file = new NewFile(path);
    file.write(Buffer.from('half'));
    file.abandon();
    file.abandon();
    assert.equal(readFileSync(path, 'utf8'), 'before');
    assert.equal(existsSync(`${path}.tmp`), false);
  });

  test('written whole to a disk that is full is not there', { skip: !existsSync('/dev/full') }, () => {
    symlinkSync('/dev/full', join(folder, 'full.tmp'));
    assert.throws(() => writeFileWhole(join(folder, 'full'), Buffer.from('x')), { code: 'ENOSPC' });
    assert.equal(kindOf(join(folder, 'full')), null);
    assert.equal(kindOf(join(folder, 'full.tmp')), null);
  });

  test('may be a copy', () => {
    writeFileWhole(join(folder, 'original'), Buffer.from('content'));
    copyFileWhole(join(folder, 'original'), join(folder, 'copy'));
    assert.equal(readFileSync(join(folder, 'copy'), 'utf8'), 'content');
    assert.equal(existsSync(join(folder, 'copy.tmp')), false);
  });
});

describe('names', () => {
  test('a second name is refused where it is taken, and the first is as it was', () => {
    const [file, name] = [join(folder, 'mine'), join(folder, 'taken')];
    writeFileSync(file, 'mine');
    writeFileSync(name, 'theirs');
    assert.equal(linkIfFree(file, name), false);
    assert.equal(readFileSync(name, 'utf8'), 'theirs');
    assert.equal(linkIfFree(file, join(folder, 'free')), true);
    assert.throws(() => linkIfFree(join(folder, 'nothing'), join(folder, 'other')), { code: 'ENOENT' });
  });

  test('a link is a link, also to nothing or to a folder', () => {
    symlinkSync('nowhere', join(folder, 'dangling'));
    symlinkSync('.', join(folder, 'circle'));
    assert.deepEqual(['dangling', 'circle', 'mine', '.', 'not-there'].map((name) => kindOf(join(folder, name))), ['link', 'link', 'file', 'folder', null]); // prettier-ignore
    assert.equal(sizeOf(join(folder, 'not-there')), null);
  });

  test('below a folder: everything but folders, links not followed; of a folder that is not there nothing', () => {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    writeFileSync(join(root, 'a', 'b', 'c'), '');
    symlinkSync('..', join(root, 'a', 'up'));
    const found = entriesBelow(root).sort((x, y) => x.path.localeCompare(y.path));
    assert.deepEqual(found, [
      { path: 'a/b/c', isFile: true },
      { path: 'a/up', isFile: false },
    ]);
    assert.deepEqual(listNamesIfThere(join(root, 'x')), []);
  });

  test('a temporary folder is gone when it was used, and when that failed', async () => {
    const seen: string[] = [];
    await withTemporaryFolder((path) => Promise.resolve(seen.push(path)));
    await assert.rejects(
      withTemporaryFolder((path) => Promise.reject(new Error(path + String(seen.push(path))))),
    );
    assert.deepEqual(seen.map(existsSync), [false, false]);
  });
});

describe('reading', () => {
  test('lines and hash of a file', async () => {
    writeFileSync(join(folder, 'lines'), 'a\n\nb\n');
    const lines: string[] = [];
    for await (const line of linesOf(join(folder, 'lines'))) lines.push(line);
    assert.deepEqual(lines, ['a', '', 'b']);
    assert.equal(await hashFile(join(folder, 'lines')), sha256('a\n\nb\n'));
  });

  test('a piece of a work file, and less where it ends', () => {
    const path = join(folder, 'work');
    const file = new WorkFile(path);
    for (const piece of ['one', 'two']) file.write(Buffer.from(piece));
    file.close();
    const target = Buffer.alloc(4, '.');
    assert.equal(readPiece(path, 1, target), 4);
    assert.equal(target.toString(), 'netw');
    assert.equal(readPiece(path, 4, target), 2);
  });

  test('pieces of work files that stay open: of some of them, until they are closed', () => {
    const paths = ['open-a', 'open-b', 'open-c'].map((name) => join(folder, name));
    for (const path of paths) writeFileSync(path, path);
    const [a, b, c] = paths as [string, string, string];
    const files = new OpenWorkFiles(2);
    const read = (path: string) => {
      const target = Buffer.alloc(path.length);
      files.readPiece(path, 0, target);
      return target.toString();
    };
    for (const path of [a, b, a, c]) assert.equal(read(path), path);
    // One that is removed can still be read while it is open; that of b was closed for c.
    for (const path of paths) rmSync(path);
    assert.equal(read(a), a);
    assert.equal(read(c), c);
    assert.throws(() => read(b), { code: 'ENOENT' });
    files.close();
    assert.throws(() => read(a), { code: 'ENOENT' });
  });

  test('how many files may be open', { skip: existsSync('/proc/self/limits') ? false : 'no /proc' }, () => {
    const limits = new URL('../../pipeline/storage/limits.js', import.meta.url).href;
    const program = `console.log((await import(${JSON.stringify(limits)})).mostOpenFiles())`;
    const command = 'ulimit -n 321 && exec "$0" --input-type=module -e "$1"';
    assert.equal(
      execFileSync('sh', ['-c', command, process.execPath, program], { encoding: 'utf8', ...BOUNDED }),
      '321\n',
    );
  });

  test('a file of the user: without its byte order mark; one that is not there is wrong usage', () => {
    writeFileSync(join(folder, 'list'), '\ufeffoptm1\r\n');
    assert.equal(readUserFile(join(folder, 'list'), 'the list'), 'optm1\r\n');
    assert.throws(
      () => readUserFile(join(folder, 'no-list'), 'the list'),
      (error) =>
        error instanceof UsageFault && /^the list .*no-list cannot be read \(ENOENT\)/.test(error.message),
    );
  });
});
