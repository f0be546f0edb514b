import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalCode } from '../../pipeline/nbss/codes.js';
import { convert } from '../../pipeline/nbss/values.js';
import { readSchemaJson } from '../../schemas/files.js';
import { CODE_LISTS } from '../../schemas/nbss/code-lists.js';
import { field, jsonField } from '../../schemas/nbss/column.js';

const labels = readSchemaJson('nbss/labels.json') as {
  labels: Record<string, Record<string, string>>;
  status: Record<string, Record<string, string>>;
};

const code = (list: string, raw: string, first: string | null = null) => {
  const found = canonicalCode(list, raw, first);
  return found.known ? found.code : `unknown: ${found.code}`;
};

describe('one code', () => {
  test('is found as it stands, in any case, and between blanks', () => {
    assert.equal(code('EPC', 'R'), 'R');
    assert.equal(code('EPC', 'ci'), 'CI');
    assert.equal(code('EPC', ' CI '), 'CI');
    assert.equal(code('MALTYPE', 'A'), 'a');
    assert.equal(code('BIMHG', '2'), '2');
  });

  test('is respelled where it is neither the code, nor a label or text as printed', () => {
    const isRespelled = (list: string, raw: string, first: string | null = null) =>
      canonicalCode(list, raw, first).respelled;
    for (const plain of ['CI', 'Interval case', 'no such']) assert.ok(!isRespelled('EPC', plain), plain);
    for (const odd of ['ci', ' CI ', 'CI\u00a0', 'interval case', 'Interval  case'])
      assert.ok(isRespelled('EPC', odd), odd);
    // `O Malignant` is a label of list OPINION, `Malignant` one of side opinions.
    assert.ok(!isRespelled('OPINION', 'O Malignant', 'omidb:side_opinion'));
    assert.ok(!isRespelled('OPINION', 'Malignant', 'omidb:side_opinion'));
    assert.ok(isRespelled('OPINION', ' malignant', 'omidb:side_opinion'));
    // Vocabularies of marks have no text but the code.
    assert.ok(!isRespelled('omidb:mark_conspicuity', 'Very_subtle'));
    assert.ok(isRespelled('omidb:mark_conspicuity', 'Very subtle'));
  });

  test('is found the same every time, however many other texts were asked about', () => {
    const asked = ['ci', ' CI ', 'no such', 'x'.repeat(200)];
    const first = asked.map((text) => code('EPC', text));
    assert.deepEqual(first, ['CI', 'CI', 'unknown: no such', `unknown: ${asked[3]!}`]);
    for (let i = 0; i < 2000; i++) assert.equal(code('EPC', `other ${i}`), `unknown: other ${i}`);
    assert.deepEqual(
      [...asked, 'interval CASE'].map((text) => code('EPC', text)),
      [...first, 'CI'],
    );
  });

  test('is found by every label that OMI-DB uses for its list', () => {
    const listOf: Record<string, string> = {
      episode_type: 'EPC',
      episode_action: 'ACT',
      opinion: 'OPINION',
      lesion_description: 'LESDES',
      localisation_type: 'LESLOCT',
      site_indicator: 'LESSITE',
      invasive_component: 'INVCC',
      disease_grade: 'BIMHG',
      invasive_type: 'INVCT',
      in_situ_component: 'ISCC',
      dcis_grade: 'DCISG',
      malignancy_type: 'MALTYPE',
    };
    for (const [name, list] of Object.entries(listOf)) {
      for (const [expected, label] of Object.entries(labels.labels[name] ?? {})) {
        assert.equal(code(list, label), expected, `${list} ${label}`);
        assert.equal(code(list, label.toUpperCase()), expected, `${list} ${label} in capitals`);
      }
    }
    assert.deepEqual(Object.keys(labels.labels).sort(), [...Object.keys(listOf), 'side_opinion'].sort());
  });

  test('is found by status and mark vocabularies', () => {
    assert.equal(code('omidb:client_status', 'Interval Cancer'), 'CI');
    assert.equal(code('omidb:client_status', 'n'), 'N');
    for (const [name, entries] of Object.entries(labels.status)) {
      for (const [expected, label] of Object.entries(entries))
        assert.equal(code(`omidb:${name}`, label), expected);
    }
    assert.equal(code('omidb:mark_conspicuity', 'Very_subtle'), 'Very_subtle');
    assert.equal(code('omidb:mark_conspicuity', 'very subtle'), 'Very_subtle');
  });

  test('is found by a label before the printed texts, which share a name', () => {
    // Printed OPINION: B2, OB and RB are all 'Benign'; only B2 is labelled so.
    assert.equal(code('OPINION', 'Benign'), 'B2');
    // Printed: E5 and H5 are both 'Hist malignant'; the label is H5's.
    assert.equal(code('OPINION', 'Hist malignant'), 'H5');
    // The label drops the comma that C4 is printed with; both are read.
    assert.equal(code('OPINION', 'Cyt susp malig'), 'C4');
    assert.equal(code('OPINION', 'Cyt susp, malig'), 'C4');
  });

  test('on a side is found by the labels of sides first', () => {
    const side = (raw: string) => code('OPINION', raw, 'omidb:side_opinion');
    for (const [expected, label] of Object.entries(labels.labels['side_opinion'] ?? {})) {
      assert.equal(side(label), expected);
    }
    assert.equal(side('B5'), 'B5');
    assert.equal(side('R Malignant'), 'RM');
  });

  test('is found by its printed text, whatever the case, white space and apostrophe', () => {
    assert.equal(code('SPTYP', 'fna  CYST'), 'AC');
    assert.equal(code('ISCC', "Paget's"), 'NIP');
    assert.equal(code('ISCC', 'Paget’s'), 'NIP');
    assert.equal(code('BIMNI', 'Paget’s'), 'NIP');
    assert.equal(code('ACT', 'For Surgical Treatment'), 'ST');
  });

  test('in use wins over an obsolete one of the same text; an obsolete one alone is found', () => {
    assert.equal(code('BIMMIF', 'Not present'), 'MNP'); // also N, obsolete
    assert.equal(code('OPINION', 'Clin malig'), 'CM'); // obsolete only
  });

  test('is unknown where several answer or none does, and stays as it came', () => {
    assert.equal(code('OPINION', 'Normal'), 'unknown: Normal'); // ON, RN
    assert.equal(code('EPC', ' Q9 '), 'unknown:  Q9 ');
    assert.equal(code('EPC', '__proto__'), 'unknown: __proto__');
    assert.equal(code('EPC', 'constructor'), 'unknown: constructor');
  });

  test('of localisation in a biopsy is not taken for a skin marker', () => {
    assert.equal(code('LOCTYP', 'Ultrasound Guidance'), 'U');
    assert.equal(code('LOCTYP', 'X-Ray Guidance'), 'X');
    assert.equal(code('LOCTYP', 'Stereotactic'), 'S');
    assert.equal(code('LOCTYP', 'Skin Marker'), 'unknown: Skin Marker');
    assert.equal(code('LESLOCT', 'Skin Marker'), 'S');
  });

  test('of a list that is printed nowhere is never unknown', () => {
    for (const list of ['PEPL', 'LOC', 'HOSP', 'LAB', 'CLT', 'PLACE', 'SACMM', 'TRIAL', 'TRIALNS']) {
      assert.equal(code(list, 'anything'), 'anything');
    }
    assert.deepEqual(convert(field(['ScreeningProcedure'], 'EquipmentUsed', 'code', 'x'), 'Q9').problems, []);
    assert.deepEqual(convert(field(['ScreeningDS'], 'DiagnosticSetOutcome', 'code', 'x'), 'Q9').problems, []);
  });

  test('given as a JSON number is read as its digits', () => {
    assert.equal(convert(field(['Episode'], 'IntervalCancerType', 'code', 'x'), 3).cell, '3');
  });

  test('asked of a list that does not exist is a mistake of the caller', () => {
    assert.throws(() => canonicalCode('NOLIST', 'x'), /NOLIST/);
  });

  test('is found for every code of every list by itself', () => {
    for (const list of CODE_LISTS.values()) {
      for (const entry of list.codes) assert.equal(code(list.name, entry.code), entry.code);
    }
  });
});

describe('several codes in one field', () => {
  const components = field(['SurgeryProcedure'], 'InvasiveComponents', 'code_list', 'x');
  const cell = (column: Parameters<typeof convert>[0], raw: unknown) => convert(column, raw).cell;
  const unknown = (column: Parameters<typeof convert>[0], raw: unknown) =>
    convert(column, raw).problems.map(({ kind, found }) => `${kind} ${found}`);

  test('come as a JSON array of codes and labels', () => {
    assert.deepEqual(cell(components, ['IDC', 'Lobular', '', null]), ['IDC', 'ILC']);
    assert.deepEqual(cell(components, []), []);
  });

  test('are parted by spaces', () => {
    assert.deepEqual(cell(components, 'IDC  ILC'), ['IDC', 'ILC']);
    assert.deepEqual(cell(components, 'Ductal/NST Lobular'), ['IDC', 'ILC']);
    assert.deepEqual(cell(field(['SurgeryProcedure'], 'TherapeuticProcedures', 'code_list', 'x'), 'SB ax'), [
      'SB',
      'AX',
    ]);
  });

  test('are parted by a comma where the field says so', () => {
    const studies = jsonField('<episode>', 'StudyList', 'code_list', 'x', { separator: ',' });
    assert.deepEqual(cell(studies, '1.2.3, 1.2.4,'), ['1.2.3', '1.2.4']);
    assert.deepEqual(cell(studies, ['1.2.3']), ['1.2.3']);
    assert.deepEqual(cell(field(['Episode'], 'EpisodeEndPoint', 'code_list', 'x'), 'AB,CD'), ['AB', 'CD']);
  });

  test('are not made of the words of one text', () => {
    assert.deepEqual(cell(components, 'Medullary like'), ['IMC']);
    assert.deepEqual(
      cell(field(['SurgeryProcedure'], 'BenignLesions', 'code_list', 'x'), 'Sclerosing adenosis'),
      ['BSA'],
    );
    // 'Lobular' alone would be ILC: half of a text is no code.
    assert.deepEqual(cell(components, 'Lobular carcinoma'), ['Lobular carcinoma']);
    assert.deepEqual(unknown(components, 'Lobular carcinoma'), ['code_unknown Lobular carcinoma']);
  });

  test('keep an unknown one raw among the known, and report that one', () => {
    assert.deepEqual(cell(components, 'IDC ZZZ'), ['IDC', 'ZZZ']);
    assert.deepEqual(unknown(components, 'IDC ZZZ'), ['code_unknown ZZZ']);
    assert.deepEqual(unknown(components, ['QQ', 'IDC', 'RR']), ['code_unknown QQ', 'code_unknown RR']);
  });

  test('are never parted where no separator is stated, nor called unknown', () => {
    const opinions = field(['ScreeningProcedure'], 'FilmReaderOpinions', 'code_list', 'x');
    assert.deepEqual(cell(opinions, 'N A'), ['N A']);
    assert.deepEqual(unknown(opinions, 'N A'), []);
    assert.deepEqual(cell(opinions, 'Normal'), ['N']);
    assert.deepEqual(cell(opinions, ['Normal', 'A']), ['N', 'A']);
    const snomed = field(['WbnProcedure'], 'BenignLesionsSnomed', 'code_list', 'x');
    assert.deepEqual(cell(snomed, 'M-12345 T-04000,M-1'), ['M-12345 T-04000,M-1']);
  });
});
