import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { STUDY_ROLES } from '../../pipeline/semantics/exam/study-role.js';
import { IMAGE_KINDS } from '../../pipeline/semantics/header/kind.js';
import { codeRows } from '../../pipeline/tables/codes.js';
import { VIEWS } from '../../schemas/dicom/views.js';
import { CODE_LISTS } from '../../schemas/nbss/code-lists.js';

const codesOf = (list: string): string[] => CODE_LISTS.get(list)!.codes.map(({ code }) => code);

describe('vocabularies of the derived columns', () => {
  test('hold what the rules give', () => {
    assert.deepEqual(codesOf('omidb-etl:image_kind'), IMAGE_KINDS);
    assert.deepEqual(codesOf('omidb-etl:study_role'), STUDY_ROLES);
    assert.deepEqual(codesOf('omidb-etl:view').sort(), [...VIEWS].sort());
    assert.deepEqual(codesOf('omidb-etl:cancer_mode').sort(), ['interval', 'other', 'screen']);
    assert.deepEqual(codesOf('omidb-etl:breast_label_strict').sort(), ['B', 'M', 'N', 'U']);
    const outcomes = codesOf('omidb:episode_outcome');
    assert.deepEqual(codesOf('omidb-etl:breast_outcome'), [...outcomes, 'contralateral_prior']);
  });

  test('say of each outcome what it means with and without the months options', () => {
    const notes = codeRows().filter(({ list }) => list === 'omidb:episode_outcome');
    for (const { code, note } of notes)
      assert.match(note ?? '', /month/, `outcome ${code} has no note on the months options`);
    assert.match(notes.find(({ code }) => code === 'N')!.note!, /nobody looked/);
  });
});
