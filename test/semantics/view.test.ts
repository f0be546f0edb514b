import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { schemaFile } from '../../schemas/files.js';
import { VIEWS } from '../../schemas/dicom/views.js';
import { parseViewPosition } from '../../pipeline/semantics/header/view-position.js';
import { imageView, isSpecimenCode, type ViewFacts } from '../../pipeline/semantics/header/view.js';

const NOTHING: ViewFacts = { viewCode: null, modifierCodes: [], modifierMeanings: [], viewPosition: null };
const lines = readFileSync(schemaFile('dicom/views.csv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .slice(1)
  .map((line) => line.split(','));

describe('ViewPosition', () => {
  const cases: [string | null, [string | null, string, string[]] | null][] = [
    ['CC', [null, 'CC', []]],
    ['mlo', [null, 'MLO', []]],
    ['RCCID', ['R', 'CC', ['ID']]],
    ['LMLO', ['L', 'MLO', []]],
    ['LM', [null, 'LM', []]],
    ['LMO', [null, 'LMO', []]],
    ['LML', ['L', 'ML', []]],
    ['LLM', ['L', 'LM', []]],
    ['RLMO', ['R', 'LMO', []]],
    ['LMS', [null, 'LM', ['S']]],
    ['LMLM', ['L', 'ML', ['M']]],
    ['MLOIDS', [null, 'MLO', ['ID', 'S']]],
    ['L XCCL', ['L', 'XCCL', []]],
    ['R-CC', ['R', 'CC', []]],
    ['LCCIMF', ['L', 'CC', ['IMF']]],
    ['CCTAN', [null, 'CC', ['TAN']]],
    ['XCC', null],
    ['CCX', null],
    ['L', null],
    ['AP', null],
    ['', null],
    [null, null],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => {
      const found = parseViewPosition(text);
      assert.deepEqual(found === null ? null : [found.side, found.view, found.modifiers], expected);
      assert.deepEqual(parseViewPosition(text), found, 'the same when asked again');
    });
  }
});

describe('the view by its code', () => {
  const views = lines.filter(([kind, , , abbreviation]) => kind === 'view' && abbreviation !== '');

  test('every view of the table, in both code systems, and none but these', () => {
    assert.deepEqual(views.map(([, , , abbreviation]) => abbreviation).sort(), [...VIEWS].sort());
    for (const [, sct, srt, abbreviation] of views) {
      for (const viewCode of [sct!, srt!, srt!.toLowerCase(), ` ${sct!} `])
        assert.equal(imageView({ ...NOTHING, viewCode }).view, abbreviation, viewCode);
    }
  });

  test('every modifier of the table, in both code systems; without an abbreviation by its meaning', () => {
    const modifiers = lines.filter(([kind]) => kind === 'modifier');
    assert.equal(modifiers.length, 14);
    for (const [, sct, srt, abbreviation, meaning] of modifiers) {
      const name = abbreviation === '' ? meaning : abbreviation;
      for (const code of [sct!, srt!]) {
        const facts = { ...NOTHING, modifierCodes: [code], modifierMeanings: [''] };
        assert.deepEqual(imageView(facts).modifiers, [name], code);
      }
    }
  });

  const cases: [string, Partial<ViewFacts>, string | null, string[]][] = [
    ['nothing', {}, null, []],
    ['unknown code, known position', { viewCode: '1234', viewPosition: 'MLO' }, 'MLO', []],
    ['known code, unknown position', { viewCode: 'R-10242', viewPosition: 'AP' }, 'CC', []],
    ['both', { viewCode: '399162004', viewPosition: 'LCC' }, 'CC', []],
    ['a modifier is no view', { viewCode: 'R-102D6' }, null, []],
    ['a view is no modifier: kept as it stands', { modifierCodes: ['R-10242'] }, null, ['R-10242']],
    ['specimen', { viewCode: 'G-8310' }, null, []],
    [
      'modifiers of both, each once',
      { viewPosition: 'RCCIDM', modifierCodes: ['R-102D5', '399055006'], modifierMeanings: ['', ''] },
      'CC',
      ['ID', 'S', 'M'],
    ],
    [
      'words without a code, an unknown code, nothing at all',
      { modifierCodes: ['', '', 'X1', ''], modifierMeanings: ['Magnification', 'Half', 'Y', ''] },
      null,
      ['M', 'Half', 'X1', 'unknown'],
    ],
  ];
  for (const [name, facts, view, modifiers] of cases) {
    test(name, () => {
      assert.deepEqual(imageView({ ...NOTHING, ...facts }), { view, modifiers, conflict: null });
    });
  }

  test('ML is not MLO: code and position that disagree give no view', () => {
    assert.deepEqual(imageView({ ...NOTHING, viewCode: 'R-10226', viewPosition: 'LML' }), {
      view: null,
      modifiers: [],
      conflict: { byCode: 'MLO', byPosition: 'ML' },
    });
  });

  test('a specimen has no position', () => {
    const { view, conflict } = imageView({ ...NOTHING, viewCode: '127457009', viewPosition: 'CC' });
    assert.equal(view, null);
    assert.deepEqual(conflict, { byCode: 'tissue specimen from breast', byPosition: 'CC' });
  });

  test('which codes are of a specimen', () => {
    assert.deepEqual(['127457009', 'g-8310', 'R-10242', 'R-40AB2', null].map(isSpecimenCode), [
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
