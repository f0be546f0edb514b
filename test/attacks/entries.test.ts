import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { describe, test } from 'node:test';
import { LocalSource } from '../../pipeline/source/local-source.js';
import { stampClients } from '../helpers/stamp.js';
import { Database, Findings, goodDicom, goodHeader, IMAGE, STUDY, UNTOUCHED } from '../hostile/database.js';

/** What lies in the trees under another name, or behind a link: read where it is sure what it is, else an error. */

/** A UID as real ones are. */
const UID = '1.2.826.0.1.3680043.9';

const found = (database: Database, name: string, kind = 'unexpected_records') =>
  Findings.of(database).mismatches.filter((row) => row['kind'] === kind && row['found'] === name);

function assertError(database: Database, name: string): void {
  assert.equal(found(database, name).length, 1, `${name}: ${Findings.of(database).kinds().join(', ')}`);
}

describe('what looks like records, or holds some, is an error where it is not read', () => {
  for (const name of ['optm2_old', 'optm2 ', ' optm2', 'optm2-copy', 'OPTM2 (1)', 'optm2.bak'])
    test(`a folder ${JSON.stringify(name)} beside the clients`, () => {
      const database = new Database();
      mkdirSync(database.at(`data/${name}`));
      assertError(database, name);
    });

  for (const name of ['optm2.zip', 'optm2.tar.gz', `${UID}.dcm`, 'imagedb_optm2.json'])
    test(`a file ${name} beside the clients`, () => {
      const database = new Database();
      database.write(`images/${name}`, 'x');
      assertError(database, name);
    });

  test('folders of any name that hold studies or images, one or two levels down', () => {
    const database = new Database();
    mkdirSync(database.at(`data/backup/${UID}`), { recursive: true });
    database.write('images/new/optm3/x.DCM', 'x');
    database.write(`data/optm1/old/${UID}.json`, '{}');
    database.write(`images/optm1/${STUDY}/more/1.dcm`, 'x');
    for (const name of ['backup', 'new', 'old', 'more']) assertError(database, name);
    assert.equal(Findings.of(database).summary('optm2'), UNTOUCHED);
  });

  test('studies and files of a client under other names', () => {
    const database = new Database();
    mkdirSync(database.at(`data/optm1/${UID}_old`));
    for (const name of ['imagedb_optm1 (1).json', 'NBSS_optm1.json.bak', `${UID}.dcm`])
      database.write(`data/optm1/${name}`, 'x');
    database.write(`images/optm1/${STUDY}/${UID}.dcm.old`, 'x');
    for (const name of [
      `${UID}_old`,
      'imagedb_optm1 (1).json',
      'NBSS_optm1.json.bak',
      `${UID}.dcm`,
      `${UID}.dcm.old`,
    ])
      // prettier-ignore
      assertError(database, name);
  });

  test('what holds none and looks like none is worth knowing only', () => {
    const database = new Database();
    for (const name of ['notes', 'lost+found', '2024.01.02 notes']) mkdirSync(database.at(`data/${name}`));
    for (const name of ['readme.txt', 'list2024.txt', '.DS_Store', `.${UID}.dcm.Xy12`])
      database.write(`data/optm1/${name}`, 'x');
    assert.deepEqual(
      Findings.of(database).mismatches.map(({ kind }) => kind),
      new Array(7).fill('unexpected_entry'),
    );
  });

  test('what programs that copy have not copied to its end is a kind of its own', () => {
    const database = new Database();
    // rsync: mkstemp's six characters, the folder of --delay-updates, that of --partial-dir as its manual has it.
    const names = [`.${UID}.dcm.Xy12aB`, `.${UID}.json.000000`, '.imagedb_optm1.json.zzzzzz', `${UID}.dcm.part`, `${UID}.dcm.filepart`, `${UID}.dcm.partial`]; // prettier-ignore
    for (const name of names) database.write(`data/optm1/${name}`, 'x');
    for (const folder of ['.~tmp~', '.rsync-partial']) database.write(`data/optm1/${folder}/${UID}.dcm`, 'x');
    database.write('data/.optm2.json.aaaaaa', 'x');
    const found = Findings.of(database).mismatches;
    assert.deepEqual(found.map(({ kind }) => kind), new Array(9).fill('copy_unfinished')); // prettier-ignore
    // The same characters after the name of something else are of nothing that counts.
    database.write('data/optm1/.notes.txt.Xy12aB', 'x');
    assert.equal(
      Findings.of(database).mismatches.filter(({ kind }) => kind === 'unexpected_entry').length,
      1,
    );
  });

  test('a folder that gets records changes the stamp of its client', () => {
    const database = new Database();
    const source = new LocalSource({ data: database.at('data'), images: null, nbss: null });
    const client = { id: 'optm1', prefix: 'optm', number: 1, trees: ['data'] } as const;
    mkdirSync(database.at('data/optm1/old/more'), { recursive: true });
    const before = stampClients([client], source);
    database.write(`data/optm1/old/more/${UID}.json`, '{}');
    assert.notEqual(stampClients([client], source), before);
  });
});

describe('endings in any case', () => {
  test('.DCM, .JSON, .Dcm.Json and IMAGEDB_*.JSON are read', () => {
    const database = new Database();
    const move = (from: string, to: string) => {
      renameSync(database.at(from), database.at(to));
    };
    move(`images/optm1/${STUDY}/${IMAGE}.dcm`, `images/optm1/${STUDY}/${IMAGE}.DCM`);
    move(`data/optm1/${STUDY}/${IMAGE}.json`, `data/optm1/${STUDY}/${IMAGE}.Dcm.JSON`);
    move('data/optm1/imagedb_optm1.json', 'data/optm1/Imagedb_optm1.JSON');
    move('data/optm1/nbss_optm1.json', 'data/optm1/NBSS_optm1.Json');
    const read = Findings.of(database);
    assert.equal(read.summary('optm1'), UNTOUCHED);
    assert.equal(read.table('images')[0]!['dicom_path'], `optm1/${STUDY}/${IMAGE}.DCM`);
  });

  test('of two that differ in case one is read, and the other an error', () => {
    const database = new Database();
    database.write(`images/optm1/${STUDY}/${IMAGE}.DCM`, goodDicom());
    assertError(database, `${IMAGE}.DCM`);
    database.write('data/optm1/IMAGEDB_optm1.json', '{}');
    assert.ok(
      Findings.of(database)
        .kinds()
        .some((kind) => /^unexpected_records .*imagedb_/i.test(kind)),
    );
  });
});

describe('links, by one rule for files, studies and clients', () => {
  const places = ['data/optm1', `images/optm1/${STUDY}`, `data/optm1/${STUDY}/${IMAGE}.json`, `images/optm1/${STUDY}/${IMAGE}.dcm`, 'data/optm1/nbss_optm1.json']; // prettier-ignore

  /** Moves what lies at a place and leaves a link to it. */
  function replaceByLink(database: Database, place: string, to: string): void {
    renameSync(database.at(place), database.at(to));
    symlinkSync(database.at(to), database.at(place));
  }

  for (const place of places) {
    test(`${place} leads out: link_outside with its target, nothing else, and not opened`, () => {
      const database = new Database();
      replaceByLink(database, place, 'elsewhere');
      const all = Findings.of(database);
      const own = all.mismatches.filter((row) => row['client_id'] === 'optm1');
      assert.deepEqual(
        own.map(({ kind, path, found: target }) => [kind, path, target]),
        [['link_outside', place.replace(/^[a-z]+\//, ''), database.at('elsewhere')]],
      );
      assert.equal(all.summary('optm2'), UNTOUCHED);
      const [image] = all.table('images');
      if (place.endsWith('.dcm'))
        assert.deepEqual([image!['dicom_bytes'], image!['tags_from']], [null, 'json']);
      if (place === 'data/optm1/nbss_optm1.json') assert.equal(all.table('episodes').length, 0);
      assert.equal(Findings.of(database, true).summary('optm1'), UNTOUCHED);
    });

    test(`${place} leads to another place in the trees: followed`, () => {
      const database = new Database();
      // A name that nobody lists: it is itself what the layout does not know.
      replaceByLink(database, place, 'images/spare');
      const [client] = Findings.of(database).table('clients');
      assert.deepEqual([client!['study_count'], client!['image_count'], client!['episode_count']], [1, 1, 1]);
      assert.equal(found(database, database.at('images/spare'), 'link_outside').length, 0);
    });
  }

  test('a tree that is itself a link is the place that it leads to', () => {
    const database = new Database();
    replaceByLink(database, 'images', 'disk');
    symlinkSync(
      database.at(`disk/optm1/${STUDY}/${IMAGE}.dcm`),
      database.at(`disk/optm1/${STUDY}/1.2.1.1.2.dcm`),
    );
    database.write(`data/optm1/${STUDY}/1.2.1.1.2.json`, JSON.stringify(goodHeader()));
    assert.equal(found(database, database.at(`disk/optm1/${STUDY}/${IMAGE}.dcm`), 'link_outside').length, 0);
    assert.equal(Findings.of(database).table('images').length, 2);
  });

  test('a link that leads elsewhere than before changes the stamp, were the files alike in size and time', () => {
    const database = new Database();
    const source = new LocalSource({ data: database.at('data'), images: null, nbss: null });
    const client = { id: 'optm1', prefix: 'optm', number: 1, trees: ['data'] } as const;
    const nbss = database.at('data/optm1/nbss_optm1.json');
    rmSync(nbss);
    const twins = ['data/optm2/a', 'data/optm2/b'];
    const time = new Date('2026-01-01T00:00:00Z');
    for (const twin of twins) {
      database.write(twin, '{}');
      utimesSync(database.at(twin), time, time);
    }
    const stamps = twins.map((target) => {
      symlinkSync(database.at(target), nbss);
      const stamp = stampClients([client], source);
      rmSync(nbss);
      return stamp;
    });
    assert.equal(new Set(stamps).size, 2);
  });
});
