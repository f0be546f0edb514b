import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { makeClient, type ClientPlan, type ImagePlan, type StudyPlan } from '../../scripts/sample/client.js';
import { makeSample } from '../../scripts/sample/database.js';
import { TRANSFER_SYNTAX, type TransferSyntax } from '../../scripts/sample/part10.js';
import { dicomPieces } from '../../scripts/sample/write.js';
import { howMany, itemsOf, SEED } from '../helpers/extent.js';
import { filesBelow, readObject, scratchFolder } from './tree.js';

const noDcmtk = spawnSync('dcmftest', ['--version']).error === undefined ? false : 'dcmtk is not installed';
const CLIENTS = 30;
const SAMPLE_SEED = 11;
const folder = scratchFolder();
const images = join(folder, 'db', 'images');
const data = join(folder, 'db', 'data');

interface Case {
  readonly client: ClientPlan;
  readonly study: StudyPlan;
  readonly image: ImagePlan;
}

/** Every image of the sample, with where it belongs. */
const CASES: readonly Case[] = Array.from({ length: CLIENTS }, (_, index) =>
  makeClient(SAMPLE_SEED, index),
).flatMap((client) =>
  client.studies.flatMap((study) => study.images.map((image) => ({ client, study, image }))),
);

function pathOf({ client, study, image }: Case): string {
  return join(images, client.id, study.study.uid, image.dicom!.name);
}

before(() => {
  makeSample({ out: join(folder, 'db'), clients: CLIENTS, seed: SAMPLE_SEED, faults: [], pixels: 'sparse' });
});

/** The same header in a file of its own without pixel data: dcm2json would write all pixels as base64. */
function headerOnly({ client, study, image }: Case): string {
  mkdirSync(join(folder, 'headers'), { recursive: true });
  const path = join(folder, 'headers', image.dicom!.name);
  const { syntax, vendor } = study.study;
  const pieces = dicomPieces(
    { ...image.dicom!, pixels: null },
    syntax,
    client.characterSet,
    vendor.delimited,
  );
  writeFileSync(
    path,
    Buffer.concat(pieces.map((piece) => (typeof piece === 'number' ? Buffer.alloc(piece) : piece))),
  );
  return path;
}

/** An element as both sides can write it: binary and empty elements by VR alone, numbers and texts alike as text. */
function comparable(element: unknown): unknown {
  const { vr, Value } = element as { vr: string; Value?: unknown[] };
  if (vr === 'SQ')
    return { vr, items: (Value ?? []).map((item) => comparableSet(item as Record<string, unknown>)) };
  const values = (Value ?? []).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return { vr, values };
}

function comparableSet(dataset: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(dataset).filter(
    // dcm2json leaves out the file meta and, here, has no pixels; in implicit VR it knows no private VRs.
    ([tag]) => !tag.startsWith('0002') && tag !== '7FE00010' && Number.parseInt(tag[3]!, 16) % 2 === 0,
  );
  return Object.fromEntries(entries.map(([tag, element]) => [tag, comparable(element)]));
}

function readAt(path: string, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  readSync(file, bytes, 0, length, position);
  closeSync(file);
  return bytes;
}

describe('the DICOM of a sample', () => {
  test('is DICOM to dcmftest, every file', { skip: noDcmtk }, () => {
    const paths = filesBelow(images).map((path) => join(images, path));
    assert.ok(paths.length > 200);
    const answers = execFileSync('dcmftest', paths, { encoding: 'utf8' }).trim().split('\n');
    assert.deepEqual(
      answers.filter((line) => !line.startsWith('yes:')),
      [],
    );
    assert.equal(answers.length, paths.length);
  });

  test('is read by dcmdump to the end without a word, one of each transfer syntax', { skip: noDcmtk }, () => {
    // Reading the frames of a tomosynthesis takes dcmdump seconds.
    const single = CASES.filter(({ image }) => image.image.frames === 1);
    const bySyntax = new Map(single.map((each) => [each.study.study.syntax, each]));
    assert.equal(bySyntax.size, Object.keys(TRANSFER_SYNTAX).length);
    for (const each of bySyntax.values()) {
      const path = pathOf(each);
      const { status, stderr } = spawnSync('dcmdump', [path], { encoding: 'utf8', maxBuffer: 1 << 26 });
      assert.equal(status, 0);
      assert.equal(stderr, '', path);
    }
  });

  const asked = itemsOf(CASES, 40);
  const which = howMany(asked.length, CASES.length, 'images');
  test(`says to dcm2json what its header file says, in ${which}`, { skip: noDcmtk }, (t) => {
    t.diagnostic(`seed ${SEED}`);
    for (const each of asked) {
      const { client, study, image } = each;
      const stated = readObject(join(data, client.id, study.study.uid, image.json.names[0]!));
      const { stdout, stderr } = spawnSync('dcm2json', [headerOnly(each)], {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      });
      assert.equal(stderr, '');
      const read: unknown = JSON.parse(stdout);
      assert.deepEqual(comparableSet(read as Record<string, unknown>), comparableSet(stated));
    }
  });

  test(
    'has the side and the spacing of multi-frame images in their functional groups',
    { skip: noDcmtk },
    () => {
      const multi = CASES.filter(({ image }) => image.image.frames > 1);
      const places = new Set<string>();
      for (const each of multi) {
        const { frames, side, field } = each.image.image;
        const shown = (tag: string): string[] =>
          execFileSync('dcmdump', ['-q', '+p', '+P', tag, headerOnly(each)], { encoding: 'utf8' })
            .split('\n')
            .filter((line) => line !== '');
        const sides = shown('0020,9072');
        // Once for all frames, or once for each (PS3.3 C.7.6.16.1).
        assert.ok(sides.length === 1 || sides.length === frames, String(sides.length));
        for (const line of sides) assert.match(line, new RegExp(`\\(0020,9072\\) CS \\[${side}\\]`));
        for (const line of sides) places.add(line.slice(1, 10));
        assert.match(shown('0028,0030').join('\n'), new RegExp(`\\[${field.geometry.spacing}\\\\`));
        assert.equal(shown('0020,9057').length, frames);
        assert.deepEqual([...shown('0020,0062'), ...shown('0018,5101')], []);
      }
      assert.deepEqual(places, new Set(['5200,9229', '5200,9230']));
    },
  );

  test('shows a right breast and a left one turned as their raw images are not, and cut to the field of view', () => {
    const bySop = new Map(CASES.map(({ image }) => [image.image.sop, image.image]));
    let turned = 0;
    for (const { image, study } of CASES) {
      const raw = bySop.get(image.image.source ?? '');
      if (raw === undefined) continue;
      const { geometry, origin, rotation, flip, orientation } = image.image.field;
      const first = raw.field.orientation;
      // PS3.3 C.8.11.4: first the rotation, which turns both directions, then the flip, which turns that of the rows.
      const backwards = (rotation === 180) !== flip;
      assert.equal(orientation[0] !== first[0], backwards, study.study.vendor.manufacturer);
      assert.equal(orientation[1] !== first[1], rotation === 180);
      assert.ok(origin[0] + geometry.rows <= raw.field.geometry.rows);
      assert.ok(origin[1] + geometry.columns <= raw.field.geometry.columns);
      // The chest wall, where the rows of the raw image begin or end, stays.
      if (first[0] === 'A') assert.equal(origin[1], 0);
      else assert.equal(origin[1] + geometry.columns, raw.field.geometry.columns);
      assert.equal(image.image.exposure, raw.exposure);
      if (rotation === 180 || flip) turned++;
    }
    assert.ok(turned > 10, String(turned));
  });

  test('states the length of its pixel data right', () => {
    for (const each of CASES) {
      const { study, image } = each;
      const { syntax } = study.study;
      if (syntax !== 'explicit' || image.image.frames > 1) continue;
      const path = pathOf(each);
      const pixelBytes = image.image.field.geometry.rows * image.image.field.geometry.columns * 2;
      // (7FE0,0010) OW, two reserved bytes, then a 32-bit length that reaches to the end of the file.
      const start = readAt(path, statSync(path).size - pixelBytes - 12, 12);
      assert.equal(start.subarray(0, 8).toString('latin1'), '\xe0\x7f\x10\x00OW\0\0');
      assert.equal(start.readUInt32LE(8), pixelBytes);
    }
  });

  test('comes in every transfer syntax, intent, kind and character set', () => {
    const syntaxes = new Set<TransferSyntax>(CASES.map(({ study }) => study.study.syntax));
    assert.deepEqual([...syntaxes].sort(), Object.keys(TRANSFER_SYNTAX).sort());
    assert.equal(new Set(CASES.map(({ study }) => study.study.vendor.manufacturer)).size, 4);
    assert.equal(new Set(CASES.map(({ image }) => image.image.intent)).size, 2);
    const techniques = new Set(CASES.map(({ image }) => image.image.technique));
    assert.deepEqual([...techniques].sort(), [
      'ffdm', 'phantom', 'projection', 'specimen', 'synthetic_2d', 'tomosynthesis',
    ]); // prettier-ignore
    assert.ok(
      CASES.some(({ image }) => image.image.implants),
      'implants',
    );
    assert.ok(
      CASES.some(({ image }) => image.image.modifiers.includes('M')),
      'magnification',
    );
    assert.ok(
      CASES.some(({ image }) => image.image.source !== null),
      'processed from a raw image',
    );
    assert.deepEqual(
      new Set(CASES.map(({ client }) => client.characterSet)),
      new Set(['', 'ISO_IR 100', 'ISO_IR 192']),
    );
  });

  test('has private blocks of kilobytes, and some headers of more than 64 KiB', () => {
    const sizes = CASES.map(({ image }) =>
      image
        .dicom!.dataset.filter(({ tag }) => (tag >>> 16) % 2 === 1)
        .reduce((sum, { value }) => sum + (Buffer.isBuffer(value) ? value.length : 0), 0),
    );
    assert.ok(Math.min(...sizes) > 1000, String(Math.min(...sizes)));
    const large = sizes.filter((size) => size > 65_536).length;
    assert.ok(large > 0 && large < CASES.length / 10, String(large));
  });
});
