import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeFileSync, closeSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { DicomHeaderReader } from '../../pipeline/dicom/dicom-header.js';
import { LocalSource, openLocalFile } from '../../pipeline/source/local-source.js';
import { shippedTags } from '../helpers/flat-database.js';
import { Database, Findings, IMAGE, STUDY, UNTOUCHED } from './database.js';
import { cpuSeconds } from '../helpers/cpu.js';

/** Checks that the good files of both clients are all in the tables, whatever lies beside them. */
function assertKept(found: Findings, mismatches: readonly string[]): void {
  assert.deepEqual(found.kinds(), [...mismatches].sort());
  const own = found.mismatches.filter((row) => row['client_id'] === 'optm1').length;
  assert.equal(found.summary('optm1'), UNTOUCHED.replace('0 mismatches', `${own} mismatches`));
  assert.equal(found.summary('optm2'), UNTOUCHED);
}

const LEVELS = ['', 'optm1/', `optm1/${STUDY}/`];

test('the database that the tests spoil is without fault', () => {
  assertKept(Findings.of(new Database()), []);
});

describe('symbolic links', () => {
  const targets: Record<string, string> = {
    'to nothing': '/nowhere/at/all',
    'to itself': 'link',
    'to its own folder': '.',
    'to the folder above': '..',
    'to a folder outside': '/usr',
    'to a device': '/dev/zero',
    'to a path that is too long': `/${'x/'.repeat(5000)}`.slice(0, 4000),
  };
  for (const [name, target] of Object.entries(targets))
    test(`${name}: reported where they are met, at the root, in a client and in a study; not followed`, () => {
      const database = new Database();
      for (const tree of ['data', 'images'])
        for (const level of LEVELS) symlinkSync(target, database.at(`${tree}/${level}link`));
      const expected = LEVELS.map((level) => `unexpected_entry ${level}link`);
      assertKept(Findings.of(database), [...expected, ...expected]);
    });

  test('in the place of files and folders are what they point to, with --follow-links', () => {
    const database = new Database();
    for (const path of ['data/optm1', `images/optm1/${STUDY}`, `data/optm1/${STUDY}/${IMAGE}.json`]) {
      const elsewhere = database.at(`elsewhere-${path.replaceAll('/', '-')}`);
      renameSync(database.at(path), elsewhere);
      symlinkSync(elsewhere, database.at(path));
    }
    assertKept(Findings.of(database, true), []);
  });

  test('a study that links to its own client ends, and holds what the client holds', () => {
    const database = new Database();
    symlinkSync('.', database.at('data/optm1/1.2.99'));
    const found = Findings.of(database);
    assert.equal(found.table('studies').length, 2);
    assert.ok(found.kinds().includes('unexpected_records optm1/1.2.99/imagedb_optm1.json'));
  });
});

describe('entries of the wrong kind', () => {
  test('a folder named like imagedb: the file is missing, the folder unexpected', () => {
    const database = new Database();
    rmSync(database.at('data/optm1/imagedb_optm1.json'));
    mkdirSync(database.at('data/optm1/imagedb_optm1.json'));
    const found = Findings.of(database);
    assert.deepEqual(found.kinds(), ['imagedb_missing optm1', 'unexpected_records optm1/imagedb_optm1.json']);
    assert.equal(found.table('images').length, 1);
  });

  test('a folder named like a DICOM file and one like a JSON file: both missing', () => {
    const database = new Database();
    mkdirSync(database.at(`images/optm1/${STUDY}/1.5.dcm`));
    mkdirSync(database.at(`data/optm1/${STUDY}/1.5.json`));
    assertKept(Findings.of(database), [
      `unexpected_records optm1/${STUDY}/1.5.dcm`,
      `unexpected_entry optm1/${STUDY}/1.5.json`,
    ]);
  });

  test('a file named like a client and one named like a study', () => {
    const database = new Database();
    database.write('data/optm3', 'x');
    database.write('data/optm1/1.7', 'x');
    assertKept(Findings.of(database), ['unexpected_records optm3', 'unexpected_entry optm1/1.7']);
  });

  test('pipes, sockets and devices are reported and never opened', async (t) => {
    const database = new Database();
    const study = `images/optm1/${STUDY}`;
    if (spawnSync('mkfifo', [database.at(`${study}/1.6.dcm`)]).status !== 0) {
      t.skip('mkfifo does not work here');
      return;
    }
    execFileSync('mkfifo', [database.at('data/optm1/NBSS_optm1.json'), database.at('data/pipe')]);
    const server = createServer().listen(database.at(`${study}/1.8.dcm`));
    await new Promise((resolve) => server.once('listening', resolve));
    const expected = ['optm1/NBSS_optm1.json', 'pipe', `optm1/${STUDY}/1.6.dcm`, `optm1/${STUDY}/1.8.dcm`];
    const device = spawnSync('mknod', [database.at(`${study}/1.9.dcm`), 'c', '1', '5']).status === 0;
    if (device) expected.push(`optm1/${STUDY}/1.9.dcm`);
    else t.diagnostic('no device: mknod is not allowed here');
    try {
      assertKept(
        Findings.of(database),
        expected.map((path) => `unexpected_${path === 'pipe' ? 'entry' : 'records'} ${path}`),
      );
    } finally {
      server.close();
    }
  });

  test('a pipe or a device that took the place of a file after its folder was listed is refused, not waited for', () => {
    const database = new Database();
    const pipe = database.at('pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = new DicomHeaderReader(shippedTags());
    assert.throws(() => reader.read(openLocalFile(pipe)), { code: 'ENOTSUP' });
    assert.throws(() => reader.read(openLocalFile('/dev/zero')), { code: 'ENOTSUP' });
    assert.throws(() => reader.read(openLocalFile(database.folder)), { code: 'EISDIR' });
  });
});

describe('names', () => {
  const names = [
    `it's "quoted" \\ and; DROP TABLE clients; --`,
    'two\nlines\r\n',
    '\u2028line separator\u2029',
    'tab\tbell\x07escape\x1b[31m',
    'Zürich 日本語 👩‍⚕️ e\u0301',
    '...',
    '..\\..\\etc',
    '%2e%2e%2f',
    '$(reboot)`id`',
    '-rf',
    '__proto__',
    'constructor',
    'optm1\u0000'.slice(0, 5) + ' ',
    'x'.repeat(255),
  ];
  test('quotes, line ends, unicode, dots and very long names, at the root, in a client and in a study', () => {
    const database = new Database();
    const expected: string[] = [];
    for (const level of LEVELS) {
      for (const name of names) {
        database.write(`data/${level}${name}`, 'x');
        const isLikeClient = level === '' && name === 'optm1 ';
        expected.push(`unexpected_${isLikeClient ? 'records' : 'entry'} ${level}${name}`);
      }
    }
    assertKept(Findings.of(database), expected);
  });

  test('that are not UTF-8 are reported with U+FFFD for what is no text', () => {
    const database = new Database();
    for (const level of LEVELS) {
      const folder = Buffer.from(database.at(`data/${level}`));
      writeFileSync(Buffer.concat([folder, Buffer.from('bad\xff\xfe.json', 'latin1')]), 'x');
      mkdirSync(Buffer.concat([folder, Buffer.from('1.2\xff', 'latin1')]));
      symlinkSync('/', Buffer.concat([folder, Buffer.from('link\xff', 'latin1')]));
    }
    const bad = ['bad\ufffd\ufffd.json', '1.2\ufffd', 'link\ufffd'];
    assertKept(
      Findings.of(database),
      LEVELS.flatMap((level) => bad.map((name) => `unexpected_entry ${level}${name}`)),
    );
  });

  test('of clients and UIDs with a line end, other digits or hundreds of digits are none, or text like any other', () => {
    const database = new Database();
    const uid = `1.${'2'.repeat(240)}`;
    for (const name of ['optm5\n', 'optm٣', 'optm', `optm${'9'.repeat(200)}`])
      mkdirSync(database.at(`data/${name}`));
    for (const name of ['1.2\n', '１.２', '1..2', '.1', '1.']) mkdirSync(database.at(`data/optm1/${name}`));
    mkdirSync(database.at(`data/optm1/${uid}`));
    const found = Findings.of(database);
    assert.equal(found.table('studies').length, 2);
    assert.deepEqual(
      found.kinds().filter((kind) => !kind.startsWith('unexpected')),
      [`study_not_in_imagedb optm1/${uid}`, `study_only_in_data optm1/${uid}`],
    );
    assert.equal(found.kinds().length, 2 + 9);
  });
});

describe('crowded folders', () => {
  test('100,000 unknown entries in a study and as many in a client are listed, in seconds and not in hours', () => {
    const database = new Database();
    for (const folder of [`data/optm1/${STUDY}`, 'data/optm1'])
      for (let i = 0; i < 100_000; i++) closeSync(openSync(database.at(`${folder}/junk${i}`), 'w'));
    const start = cpuSeconds();
    const found = Findings.of(database);
    const seconds = cpuSeconds() - start;
    assert.equal(found.mismatches.length, 200_000);
    assert.equal(found.table('images').length, 1);
    assert.equal(found.summary('optm2'), UNTOUCHED);
    assert.ok(seconds < 120, `it took ${seconds.toFixed(1)} s`);
    assert.equal(
      new LocalSource({ data: database.at('data'), images: null, nbss: null }).list('data', 'optm1', false)
        .length,
      100_003,
    );
  });
});
