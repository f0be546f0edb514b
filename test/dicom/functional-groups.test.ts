import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DicomHeaderReader } from '../../pipeline/dicom/dicom-header.js';
import type { HeaderValues } from '../../pipeline/dicom/header-values.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection, TagSelectionError } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { dcm2json, dcmconv, dump2dcm, noDcmtk, scratchFolder } from '../helpers/dcmtk.js';
import { sequence } from '../helpers/dicom-samples.js';
import { leftOf } from '../helpers/json-headers.js';

const selection = loadTagSelection();
const folder = scratchFolder();

type Lines = readonly string[];
const anatomy = (side: string) => sequence('(0020,9071)', [`(0020,9072) CS [${side}]`]);
const measures = (spacing: string) => sequence('(0028,9110)', [`(0028,0030) DS [${spacing}]`]);
const shared = (...lines: Lines) => sequence('(5200,9229)', lines);
const frames = (...items: readonly Lines[]) => sequence('(5200,9230)', ...items);
const START = [
  '(0008,0016) UI [1.2.840.10008.5.1.4.1.1.13.1.3]',
  '(0008,0060) CS [MG]',
  '(0028,0008) IS [2]',
];
const PIXELS = '(7fe0,0010) OB 00\\00';

/** What each encoding and the JSON of dcm2json give, which has to be the same. */
function read(...lines: readonly Lines[]): HeaderValues {
  const file = join(folder, 'frames.dcm');
  dump2dcm(file, [...START, ...lines.flat(), PIXELS], '+te');
  const found = ['+te', '+ti', '+tb', '+te -e'].map((options) => {
    const header = new DicomHeaderReader(selection).read(
      openLocalFile(dcmconv(file, join(folder, 'converted.dcm'), ...options.split(' '))),
    );
    if (header.state === 'unreadable') assert.fail(header.reason);
    assert.deepEqual(header.odd, []);
    return header.values;
  });
  const syntax = selection.tags.findIndex(({ keyword }) => keyword === 'TransferSyntaxUID');
  const plain = ({ cells, invalid, identity }: HeaderValues) => ({
    cells: cells.toSpliced(syntax, 1),
    invalid,
    identity,
  });
  const json = new JsonHeaderReader(selection).read(dcm2json(file)).values;
  for (const other of [...found, json]) assert.deepEqual(plain(other), plain(found[0]!));
  return found[0]!;
}

function cell({ cells }: HeaderValues, name: string): unknown {
  return cells[selection.tags.findIndex((tag) => tag.column.name === name)];
}

function oddities({ invalid }: HeaderValues): unknown[] {
  return invalid.map(({ index, kind, raw }) => [selection.tags[index]!.column.name, kind, raw]);
}

describe('values in functional groups (PS3.3 C.7.6.16)', { skip: noDcmtk }, () => {
  test('the shared ones count where the header itself has none', () => {
    const values = read(
      shared(
        ...anatomy('R'),
        ...measures('0.1\\0.1'),
        ...sequence('(0028,9132)', ['(0028,1050) DS [500]', '(0028,1051) DS [900]']),
        ...sequence('(0028,9145)', ['(0028,1052) DS [-1]', '(0028,1053) DS [2]', '(0028,1054) LO [US]']),
        ...sequence('(0020,9450)', ['(0020,0020) CS [A\\R]']),
      ),
    );
    assert.equal(cell(values, 'image_laterality'), 'R');
    assert.deepEqual(cell(values, 'pixel_spacing'), [0.1, 0.1]);
    assert.deepEqual(cell(values, 'window_center'), [500]);
    assert.deepEqual(cell(values, 'window_width'), [900]);
    assert.equal(cell(values, 'rescale_intercept'), -1);
    assert.equal(cell(values, 'rescale_slope'), 2);
    assert.equal(cell(values, 'rescale_type'), 'US');
    assert.deepEqual(cell(values, 'patient_orientation'), ['A', 'R']);
    assert.deepEqual(oddities(values), []);
  });

  test('the header itself goes before them, also where its value cannot be read', () => {
    const values = read(
      ['(0020,0062) CS [L]', '(0028,0030) DS [zero]'],
      shared(...anatomy('R'), ...measures('0.1\\0.1')),
    );
    assert.equal(cell(values, 'image_laterality'), 'L');
    assert.equal(cell(values, 'pixel_spacing'), null);
    assert.deepEqual(oddities(values), [['pixel_spacing', 'number_invalid', 'zero']]);
  });

  test('per frame where all agree', () => {
    const values = read(
      frames([...anatomy('L'), ...measures('0.1\\0.1')], [...anatomy('L'), ...measures('0.1\\0.1')]),
    );
    assert.equal(cell(values, 'image_laterality'), 'L');
    assert.deepEqual(cell(values, 'pixel_spacing'), [0.1, 0.1]);
    assert.deepEqual(oddities(values), []);
  });

  test('per frame where all agree, though they write it in several ways', () => {
    const values = read(frames(measures('0.1\\0.1'), measures('0.10\\1E-1')));
    assert.deepEqual(cell(values, 'pixel_spacing'), [0.1, 0.1]);
    assert.deepEqual(oddities(values), []);
  });

  test('null and a row where frames differ, or one has none', () => {
    const values = read(frames([...anatomy('L'), ...measures('0.1\\0.1')], [...anatomy('R')]));
    assert.equal(cell(values, 'image_laterality'), null);
    assert.equal(cell(values, 'pixel_spacing'), null);
    assert.deepEqual(oddities(values), [
      ['image_laterality', 'frames_differ', 'L\\R'],
      ['pixel_spacing', 'frames_differ', '0.1\\0.1\\'],
    ]);
  });

  test('shared goes before per frame, whatever is in the frames', () => {
    const values = read(shared(...anatomy('R')), frames([...anatomy('L')], [...anatomy('R')]));
    assert.equal(cell(values, 'image_laterality'), 'R');
    assert.deepEqual(oddities(values), []);
  });

  test('what the sources of a volume agree on', () => {
    const source = ['(0018,0060) DS [29]', '(0018,11a0) DS [55]'];
    const values = read(sequence('(0018,9507)', source, source));
    assert.equal(cell(values, 'kvp'), 29);
    assert.equal(cell(values, 'body_part_thickness'), 55);
  });
});

describe('the field fallback of a tag selection', () => {
  const csv = join(folder, 'tags.csv');
  const load = (fallback: string) => {
    writeFileSync(csv, `keyword,column,fallback\nImageLaterality,side,${fallback}\n`);
    return loadTagSelection(csv);
  };
  const json = {
    '00200060': { vr: 'CS', Value: ['R'] },
    '00540220': { vr: 'SQ', Value: [{ '00200062': { vr: 'CS', Value: ['L'] } }] },
  };

  test('names paths in turn, each with its own keyword', () => {
    const sideBy = (fallback: string) => new JsonHeaderReader(load(fallback)).read(json).values.cells;
    assert.deepEqual(sideBy('Laterality'), ['R']);
    assert.deepEqual(sideBy('ViewCodeSequence[0].ImageLaterality;Laterality'), ['L']);
    assert.deepEqual(sideBy('Frames.FrameAnatomySequence[0].FrameLaterality; Laterality'), ['R']);
    // What fills in stays an element of its own.
    assert.deepEqual(Object.keys(leftOf(new JsonHeaderReader(load('Laterality')).read(json))), [
      '00200060',
      '00540220',
    ]);
  });

  test('is refused where it is no path, no element with a value, or does not fit the column', () => {
    for (const [fallback, reason] of [
      ['ViewCodeSequence.ImageLaterality', /is not a path of sequences/],
      ['ViewCodeSequence[0].NoSuchThing', /is not in the dictionary/],
      ['PixelData', /which no column can hold/],
    ] as const)
      assert.throws(
        () => load(fallback),
        (error) => {
          assert.ok(error instanceof TagSelectionError);
          assert.match(error.message, reason);
          return true;
        },
      );
    writeFileSync(csv, 'keyword,column,type,fallback\nRows,height,int,Modality\n');
    assert.throws(() => loadTagSelection(csv), /cannot hold VR CS/);
  });
});
