import { spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadTagSelection, TagSelectionError } from '../../pipeline/dicom/tag-selection.js';
import { findKeyword } from '../../pipeline/dicom/tag-dictionary.js';
import { formatTag } from '../../pipeline/dicom/value-representation.js';
import { scratchFolder } from '../helpers/dcmtk.js';

const folder = scratchFolder();
const file = join(folder, 'tags.csv');

function load(text: string, reserved?: ReadonlySet<string>) {
  writeFileSync(file, text);
  return loadTagSelection(file, reserved);
}

describe('the shipped selection', () => {
  const { tags } = loadTagSelection();

  test('describes every column in a sentence', () => {
    for (const { column } of tags)
      assert.match(column.description, /^[A-Z].{20,}\.$/, `${column.name}: ${column.description}`);
    assert.equal(new Set(tags.map(({ column }) => column.description)).size, tags.length);
  });

  test('is understood without the dictionary, which takes long to load', () => {
    const selection = JSON.stringify(new URL('../../pipeline/dicom/tag-selection.js', import.meta.url));
    const script = `
      import { createRequire } from 'node:module';
      const { loadTagSelection } = await import(${selection});
      console.log(loadTagSelection().tags.length, Object.keys(createRequire(${selection}).cache).join());`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    assert.match(stdout, new RegExp(`^${tags.length} `));
    assert.doesNotMatch(stdout, /data-dictionary/);
  });

  test('goes into sequences that are as the data dictionary has them', () => {
    const dictionary = createRequire(import.meta.url)('@iwharris/dicom-data-dictionary') as {
      tags: Record<string, string>;
      elements: Record<string, { name: string; vr: string; vm: string }>;
    };
    const all = tags.flatMap((tag) => [tag, ...tag.fallbacks]);
    const sequences = all.flatMap(({ path }) => path.slice(0, -1).map(({ keyword }) => keyword));
    assert.ok(sequences.includes('PerFrameFunctionalGroupsSequence'));
    for (const keyword of [...sequences, 'FrameLaterality']) {
      const found = findKeyword(keyword)!;
      const tag = dictionary.tags[keyword]!;
      const { name, vr } = dictionary.elements[tag]!;
      assert.deepEqual([formatTag(found.tag), found.name, found.vr], [tag, name, vr]);
    }
  });

  test('agrees with the data dictionary in tag and VR', () => {
    const keywords = tags.map((tag) => tag.keyword);
    writeFileSync(file, `keyword,column\n${keywords.map((word, at) => `${word},c${at}`).join('\n')}\n`);
    loadTagSelection(file).tags.forEach((found, index) => {
      const { path, vr } = tags[index]!;
      assert.deepEqual([found.path[0]!.key, found.vr], [path.at(-1)!.key, vr], found.keyword);
    });
  });
});

describe('a selection of one’s own', () => {
  test('needs no more than keyword and column', () => {
    const { tags } = load(
      'keyword,column\nPatientSex,sex\nPixelSpacing,spacing\nStudyDate,day\nRows,height\n',
    );
    assert.deepEqual(
      tags.map(({ path, vr, column: { name, type, source } }) => [path[0]!.key, vr, name, type, source]),
      [
        ['00100040', 'CS', 'sex', 'string', 'DICOM (0010,0040) PatientSex'],
        ['00280030', 'DS', 'spacing', 'list<double>', 'DICOM (0028,0030) PixelSpacing'],
        ['00080020', 'DA', 'day', 'date', 'DICOM (0008,0020) StudyDate'],
        ['00280010', 'US', 'height', 'int', 'DICOM (0028,0010) Rows'],
      ],
    );
  });

  test('may go into sequences and private blocks', () => {
    const { tags } = load(
      'keyword,tag,vr,within,column,type,creator\n' +
        'CodeValue,,,ViewCodeSequence[0].ViewModifierCodeSequence[*],codes,,\n' +
        'Sensitivity,0045xx1B,LO,,sensitivity,string,"GEMS, 1"\n',
    );
    assert.deepEqual(
      tags[0]!.path.map(({ key, item }) => [key, item]),
      [
        ['00540220', 0],
        ['00540222', 'all'],
        ['00080100', null],
      ],
    );
    assert.equal(tags[0]!.column.type, 'list<string>');
    assert.equal(tags[1]!.creator, 'GEMS, 1');
    assert.equal(tags[1]!.path[0]!.tag, 0x0045001b);
    assert.equal(tags[1]!.column.source, 'DICOM (0045,xx1B) Sensitivity of GEMS, 1');
  });

  test('has an id that changes with it', () => {
    const first = load('keyword,column\nPatientSex,sex\n').id;
    assert.equal(load('keyword,column\n# a comment\nPatientSex,sex\n').id, first);
    assert.notEqual(load('keyword,column\nPatientSex,gender\n').id, first);
  });

  test('says what is wrong, where, and what to do', () => {
    const bad: readonly [string, RegExp][] = [
      [
        'keyword,column\nPatientSecks,sex\n',
        /line 2: keyword "PatientSecks" is not in the dictionary: correct it/,
      ],
      ['keyword,column\nPatientSex,sex\nPatientAge,sex\n', /line 3: column sex is also on line 2/],
      ['keyword,column\nPatientSex,Sex\n', /line 2: column "Sex" is not snake_case/],
      [
        'keyword,column\nPatientSex,client_id\n',
        /line 2: column client_id is one that the images table already has/,
      ],
      ['keyword,column,type\nPatientSex,sex,text\n', /line 2: type "text" is not one of string, int/],
      ['keyword,column,type\nPatientSex,sex,int\n', /line 2: a column of type int cannot hold VR CS/],
      ['keyword,column\nPixelData,pixels\n', /line 2: PixelData has VR .* which no column can hold/],
      ['keyword,column\nViewCodeSequence,view\n', /line 2: ViewCodeSequence has VR SQ/],
      [
        'keyword,tag,column\nPatientSex,00100041,sex\n',
        /line 2: PatientSex is \(0010,0040\), not \(0010,0041\)/,
      ],
      ['keyword,tag,column\nPatientSex,10-40,sex\n', /line 2: tag "10-40" is not eight hex digits/],
      [
        'keyword,within,column\nCodeValue,ViewCodeSequence,v\n',
        /line 2: within .* is not a path of sequences/,
      ],
      [
        'keyword,within,column\nCodeValue,PatientSex[0],v\n',
        /line 2: PatientSex in within is not a sequence/,
      ],
      [
        'keyword,tag,vr,column,type\nX,00451010,LO,x,string\n',
        /line 2: tag 00451010 is private: give its creator/,
      ],
      [
        'keyword,tag,vr,column,creator\nX,00451010,LO,x,ACME\n',
        /line 2: tag "00451010" of a private element/,
      ],
      ['keyword,tag,column,creator\nX,0045xx10,x,ACME\n', /line 2: vr of the private tag 0045xx10 is empty/],
      ['keyword,column\n,sex\n', /line 2: keyword is empty: give the keyword/],
      ['keyword,column\nPatientSex\n', /line 2: 1 fields where the header has 2/],
      ['keyword,name\nPatientSex,sex\n', /line 1: unknown field "name"/],
      ['keyword,tag\nPatientSex,00100040\n', /line 1: the fields keyword and column are needed/],
      ['keyword,column\n', /selects no tag/],
      ['', /line 1: the fields keyword and column are needed/],
      ['keyword,column\n"PatientSex,sex\n', /cannot be read as a tag selection/],
    ];
    for (const [text, message] of bad)
      assert.throws(
        () => load(text, new Set(['client_id'])),
        (error: Error) =>
          error instanceof TagSelectionError && error.message.startsWith(file) && message.test(error.message),
        text,
      );
  });

  test('a file that is not there is one clear sentence', () => {
    assert.throws(() => loadTagSelection(join(folder, 'none.csv')), /none\.csv cannot be read .*ENOENT/);
  });
});

describe('a selection that is added to another', () => {
  const added = join(folder, 'added.csv');
  const add = (text: string) => {
    writeFileSync(added, text);
    return loadTagSelection(undefined, new Set(['client_id']), added);
  };

  test('has the columns of both, in their order, and changes the selection', () => {
    const shipped = loadTagSelection();
    const both = add('keyword,column\nStationName,station\nOperatorsName,operators\n');
    assert.deepEqual(both.tags.slice(0, shipped.tags.length), shipped.tags);
    assert.deepEqual(
      both.tags.slice(shipped.tags.length).map(({ column }) => column.name),
      ['station', 'operators'],
    );
    assert.notEqual(both.id, shipped.id);
    assert.equal(loadTagSelection(undefined, new Set(), null).id, shipped.id);
  });

  test('may not name a column again, nor one that the table has', () => {
    for (const [name, reason] of [
      ['kvp', /added\.csv, line 2: column kvp is also on line \d+ of .*tags\.csv: choose another name/],
      ['client_id', /added\.csv, line 2: column client_id is one that the images table already has/],
    ] as const)
      assert.throws(() => add(`keyword,column\nStationName,${name}\n`), reason);
  });
});

describe('keywords of directories and of the file meta group (PS3.6 tables 7-1 and 8-1)', () => {
  for (const [keyword, tag, vr] of [
    ['FileSetID', '(0004,1130)', 'CS'],
    ['OffsetOfTheNextDirectoryRecord', '(0004,1400)', 'UL'],
    ['DirectoryRecordType', '(0004,1430)', 'CS'],
    ['ReferencedFileID', '(0004,1500)', 'CS'],
    ['ReferencedTransferSyntaxUIDInFile', '(0004,1512)', 'UI'],
    ['SourcePresentationAddress', '(0002,0026)', 'UR'],
    ['FileMetaInformationGroupLength', '(0002,0000)', 'UL'],
  ] as const)
    test(keyword, () => {
      const [selected] = load(`keyword,column\n${keyword},own\n`).tags;
      assert.deepEqual([formatTag(selected!.path[0]!.tag), selected!.vr], [tag, vr]);
    });
});
