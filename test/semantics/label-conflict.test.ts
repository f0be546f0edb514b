import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { breastLabel } from '../../pipeline/semantics/breast-label.js';
import { breastLabels } from '../../pipeline/semantics/breast.js';
import { labelConflict } from '../../pipeline/semantics/time/label-conflict.js';
import { episode } from './histories.js';

const normal = { date: '2012-01-01', L: 'ON', R: 'ON' } as const;

describe('label and pathology that disagree', () => {
  const conflict = (short: Parameters<typeof episode>[1], side: 'L' | 'R') => {
    const history = episode('1', short);
    return labelConflict(breastLabel(history, breastLabels(history, side)), history, side);
  };
  const biopsy = (R: 'OB' | 'OM' | 'ON', lesion: object) => ({
    screening: normal,
    biopsy_wide: { L: 'OB' as const, R, lesions: [{ at: 'R1' as const, ...lesion }] },
  });

  test('neither, and benign, where a lesion has cancer', () => {
    assert.deepEqual(conflict(biopsy('ON', { opinion: 'B5' }), 'R'), { label: 'N', pathology: 'cancer' });
    assert.deepEqual(conflict(biopsy('OB', { type: 'b' }), 'R'), { label: 'B', pathology: 'cancer' });
    assert.deepEqual(conflict(biopsy('OB', { dcisGrade: 'NDH' }), 'R'), { label: 'B', pathology: 'cancer' });
  });
  test('malignant where all that is known of lesions is benign', () => {
    assert.deepEqual(conflict(biopsy('OM', { opinion: 'B2' }), 'R'), { label: 'M', pathology: 'benign' });
  });
  test('agreement, and what says nothing, is none', () => {
    assert.equal(conflict(biopsy('OM', { opinion: 'B5' }), 'R'), null);
    assert.equal(conflict(biopsy('OM', { opinion: 'B4' }), 'R'), null);
    assert.equal(conflict(biopsy('OM', {}), 'R'), null);
    assert.equal(conflict(biopsy('OB', { opinion: 'B2' }), 'R'), null);
    assert.equal(conflict(biopsy('ON', { opinion: 'B5' }), 'L'), null, 'the other breast');
    assert.equal(conflict(biopsy('ON', { type: 'a', inSituComponents: ['NIL'] }), 'R'), null, 'LCIS alone');
    assert.equal(
      conflict({ surgery: { L: 'ON', lesions: [{ at: 'R1', opinion: 'H5' }] } }, 'R'),
      null,
      'no label',
    );
  });
});
