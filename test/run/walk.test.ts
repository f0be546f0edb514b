import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { LocalSource } from '../../pipeline/source/local-source.js';
import { Stamp } from '../../pipeline/stages/stamp.js';
import { walkClient } from '../../pipeline/stages/walk.js';
import { stampClients } from '../helpers/stamp.js';

const folder = mkdtempSync(join(tmpdir(), 'omidb-walk-'));
const CLIENT = { id: 'optm1', prefix: 'optm', number: 1, trees: ['data', 'images'] } as const;
const TIME = '1700000000.123456789';

/** A file of so many bytes, with that time of modification (Node sets no nanoseconds). */
function file(path: string, bytes: number, time = TIME): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), Buffer.alloc(bytes), { mode: 0o644 });
  execFileSync('touch', ['-d', `@${time}`, join(folder, path)]);
}

file('data/optm1/imagedb_optm1.json', 5);
file('data/optm1/1.2/1.2.3.json', 7);
file('data/optm1/notes/text', 1);
file('images/optm1', 3);
const source = new LocalSource({ data: join(folder, 'data'), images: join(folder, 'images'), nbss: null });
symlinkSync('1.2/1.2.3.json', join(folder, 'data/optm1/link'));
symlinkSync('1.2', join(folder, 'data/optm1/1.9'));
symlinkSync('itself', join(folder, 'data/optm1/itself'));

after(() => {
  rmSync(folder, { recursive: true });
});

describe('a walk over a client', () => {
  test('lists each folder once: of studies what they hold, of links what they point to', () => {
    const walked = walkClient(CLIENT, source, false);
    const { entries, error } = walked.get('data')!;
    assert.equal(error, null);
    assert.deepEqual(
      entries.map(({ name, kind, study }) => [name, kind, study?.entries.map((entry) => entry.name) ?? null]),
      [
        ['1.2', 'folder', ['1.2.3.json']],
        ['1.9', 'folder', ['1.2.3.json']],
        ['imagedb_optm1.json', 'file', null],
        ['itself', 'other', null],
        ['link', 'file', null],
        ['notes', 'folder', null],
      ],
    );
  });

  test('keeps the error of a folder that cannot be listed', () => {
    const { entries, error } = walkClient(CLIENT, source, false).get('images')!;
    assert.deepEqual(entries, []);
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOTDIR');
  });
});

describe('the stamp of a client', () => {
  /** Mode, size, times of modification and of the inode's last change, as coreutils' stat has them. */
  function stateOf(path: string, ...followed: '-L'[]): string {
    const args = [...followed, '--format=%f %s %.9Y %.9Z', join(folder, path)];
    const [mode, ...others] = execFileSync('stat', args, { encoding: 'utf8' }).trim().split(' ');
    return [parseInt(mode!, 16), ...others].join(' ').replaceAll('.', '');
  }

  const targetOf = (path: string) => realpathSync(join(folder, path));

  test('is a hash of names, kinds, modes, sizes and times to the nanosecond, and of where links lead', () => {
    const image = stateOf('data/optm1/1.2/1.2.3.json');
    assert.match(image, /^33188 7 1700000000123456789 \d{19}$/);
    const parts = [
      ...['', 'data', 'optm1'],
      ...['1.2', '/', '1.2.3.json', image],
      ...['1.9', `${targetOf('data/optm1/1.2')} /`, '1.2.3.json', image],
      ...['imagedb_optm1.json', stateOf('data/optm1/imagedb_optm1.json')],
      ...['itself', `? ${stateOf('data/optm1/itself')}`],
      ...['link', `${targetOf('data/optm1/1.2/1.2.3.json')} ${stateOf('data/optm1/link', '-L')}`],
      ...['notes', '/'],
      ...['images', 'optm1', '!ENOTDIR'],
    ];
    const text = parts.join('\0');
    assert.equal(stampClients([CLIENT], source), createHash('sha256').update(text).digest('hex'));
  });

  test('is the same whether it is taken in a walk of its own or with what is then read', () => {
    const stamp = new Stamp();
    for (let i = 0; i < 2; i++) stamp.add(CLIENT.id, walkClient(CLIENT, source, true));
    assert.equal(stamp.digest(), stampClients([CLIENT, CLIENT], source));
  });

  test('tells a file apart that changed, whatever its time of modification is put to', () => {
    const earlier = stampClients([CLIENT], source);
    file('data/optm1/1.2/1.2.3.json', 7, '1700000000.123456790');
    const later = stampClients([CLIENT], source);
    assert.notEqual(later, earlier);
    file('data/optm1/1.2/1.2.3.json', 7);
    assert.equal(new Set([earlier, later, stampClients([CLIENT], source)]).size, 3);
  });
});
