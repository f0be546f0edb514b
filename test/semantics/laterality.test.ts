import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { imageLaterality, type LateralityFacts } from '../../pipeline/semantics/header/laterality.js';

const NOTHING: LateralityFacts = {
  dicomImageLaterality: null,
  jsonImageLaterality: null,
  frameLaterality: [],
  laterality: null,
  anatomicRegionModifiers: [],
  viewPosition: null,
};

describe('the breast by witnesses', () => {
  const told: [string, Partial<LateralityFacts>, string | null, string | null][] = [
    ['nothing says it', {}, null, null],
    ['DICOM alone', { dicomImageLaterality: 'L' }, 'L', 'dicom ImageLaterality'],
    ['JSON alone', { jsonImageLaterality: 'R' }, 'R', 'json ImageLaterality'],
    ['small letters, blanks', { dicomImageLaterality: ' r ' }, 'R', 'dicom ImageLaterality'],
    ['frames that agree', { frameLaterality: ['R', 'r', 'R'] }, 'R', 'FrameLaterality'],
    ['an unpaired part is no side', { frameLaterality: ['U'] }, null, null],
    ['series', { laterality: 'L' }, 'L', 'Laterality'],
    ['SNOMED CT left', { anatomicRegionModifiers: ['7771000'] }, 'L', 'AnatomicRegionModifierSequence'],
    ['SNOMED RT left', { anatomicRegionModifiers: ['g-a101'] }, 'L', 'AnatomicRegionModifierSequence'],
    ['SNOMED CT right', { anatomicRegionModifiers: ['24028007'] }, 'R', 'AnatomicRegionModifierSequence'],
    ['SNOMED RT right', { anatomicRegionModifiers: ['x', 'G-A100'] }, 'R', 'AnatomicRegionModifierSequence'],
    ['LMLO is L + MLO', { viewPosition: 'LMLO' }, 'L', 'ViewPosition'],
    ['rcc is R + CC', { viewPosition: 'rcc' }, 'R', 'ViewPosition'],
    ['LM is a view', { viewPosition: 'LM' }, null, null],
    ['LMO is a view', { viewPosition: 'LMO' }, null, null],
    ['RLM is R + LM', { viewPosition: 'RLM' }, 'R', 'ViewPosition'],
    ['a letter before no view', { viewPosition: 'LXYZ' }, null, null],
    ['both breasts', { dicomImageLaterality: 'B' }, null, null],
    ['nonsense', { dicomImageLaterality: 'X', laterality: 'R' }, 'R', 'Laterality'],
    [
      'all of one mind: the first is named',
      { jsonImageLaterality: 'L', frameLaterality: ['L'], laterality: 'l', viewPosition: 'LCC' },
      'L',
      'json ImageLaterality',
    ],
  ];
  for (const [name, facts, breast, from] of told) {
    test(name, () => {
      assert.deepEqual(imageLaterality({ ...NOTHING, ...facts }), { breast, from, conflict: null });
    });
  }

  const L = 'L' as const;
  const R = 'R' as const;
  const contradicted: [Partial<LateralityFacts>, unknown][] = [
    [
      { dicomImageLaterality: 'L', jsonImageLaterality: 'R' },
      [
        { source: 'dicom ImageLaterality', side: L },
        { source: 'json ImageLaterality', side: R },
      ],
    ],
    [
      { dicomImageLaterality: 'L', jsonImageLaterality: 'L', viewPosition: 'RCC' },
      [
        { source: 'dicom ImageLaterality', side: L },
        { source: 'ViewPosition', side: R },
      ],
    ],
    [
      { frameLaterality: ['L', 'R'] },
      [
        { source: 'FrameLaterality', side: L },
        { source: 'FrameLaterality', side: R },
      ],
    ],
    [
      { dicomImageLaterality: 'B', laterality: 'R' },
      [
        { source: 'dicom ImageLaterality', side: 'B' },
        { source: 'Laterality', side: R },
      ],
    ],
    [
      { laterality: 'R', anatomicRegionModifiers: ['7771000'] },
      [
        { source: 'Laterality', side: R },
        { source: 'AnatomicRegionModifierSequence', side: L },
      ],
    ],
  ];
  for (const [facts, conflict] of contradicted) {
    test(`witnesses that disagree give no breast: ${JSON.stringify(facts)}`, () => {
      assert.deepEqual(imageLaterality({ ...NOTHING, ...facts }), { breast: null, from: null, conflict });
    });
  }
});
