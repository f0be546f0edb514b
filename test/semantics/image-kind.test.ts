import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { imageKind, type KindFacts } from '../../pipeline/semantics/header/kind.js';
import { manufacturerName } from '../../pipeline/semantics/header/manufacturer.js';
import { chestWallSide } from '../../pipeline/semantics/header/orientation.js';
import {
  hasImplant,
  isPartialView,
  isSpotOrMagnified,
  isStandardView,
  type StandardViewFacts,
} from '../../pipeline/semantics/header/standard-view.js';

const NOTHING: KindFacts = {
  qualityControlImage: null,
  viewCode: null,
  sopClassUid: null,
  numberOfFrames: null,
  imageType: [],
  detectorType: null,
  modality: null,
};
const STORAGE = '1.2.840.10008.5.1.4.1.1';
const TOMO = { sopClassUid: `${STORAGE}.13.1.3` };

describe('the kind of an image', () => {
  const cases: [string, Partial<KindFacts>, string, string | null][] = [
    ['nothing', {}, 'other', null],
    [
      'phantom',
      { qualityControlImage: 'YES', ...TOMO, viewCode: 'G-8310' },
      'phantom',
      'QualityControlImage',
    ],
    ['quality control and patient', { qualityControlImage: 'BOTH', modality: 'MG' }, 'ffdm', 'Modality'],
    ['specimen', { viewCode: '127457009', ...TOMO }, 'specimen', 'ViewCodeSequence'],
    ['tomosynthesis', { ...TOMO, imageType: ['DERIVED', 'GENERATED_2D'] }, 'tomosynthesis', 'SOPClassUID'],
    [
      'frames and TOMO',
      { numberOfFrames: 60, imageType: ['DERIVED', 'PRIMARY', 'TOMO'], sopClassUid: `${STORAGE}.7.3` },
      'tomosynthesis',
      'ImageType',
    ],
    [
      'one frame and TOMO',
      { numberOfFrames: 1, imageType: ['DERIVED', 'TOMO'], modality: 'MG' },
      'ffdm',
      'Modality',
    ],
    ['frames without TOMO', { numberOfFrames: 60, modality: 'MG' }, 'ffdm', 'Modality'],
    ['projections for presentation', { sopClassUid: `${STORAGE}.13.1.4` }, 'projection', 'SOPClassUID'],
    ['projections for processing', { sopClassUid: `${STORAGE}.13.1.5` }, 'projection', 'SOPClassUID'],
    [
      'synthetic, in a class of mammography',
      { imageType: ['DERIVED', 'PRIMARY', 'TOMO', 'generated_2d '], sopClassUid: `${STORAGE}.1.2` },
      'synthetic_2d',
      'ImageType',
    ],
    [
      'film as secondary capture',
      { sopClassUid: `${STORAGE}.7`, modality: 'MG' },
      'digitised_film',
      'SOPClassUID',
    ],
    ['below secondary capture', { sopClassUid: `${STORAGE}.7.4` }, 'digitised_film', 'SOPClassUID'],
    ['not below it', { sopClassUid: `${STORAGE}.77.1.1` }, 'other', null],
    [
      'film by detector',
      { detectorType: 'FILM', sopClassUid: `${STORAGE}.1.2` },
      'digitised_film',
      'DetectorType',
    ],
    ['mammogram for presentation', { sopClassUid: `${STORAGE}.1.2` }, 'ffdm', 'SOPClassUID'],
    ['mammogram for processing', { sopClassUid: `${STORAGE}.1.2.1`, modality: 'MG' }, 'ffdm', 'SOPClassUID'],
    ['modality alone', { modality: 'mg' }, 'ffdm', 'Modality'],
    ['ultrasound', { sopClassUid: `${STORAGE}.6.1`, modality: 'US' }, 'other', null],
  ];
  for (const [name, facts, kind, from] of cases) {
    test(name, () => {
      assert.deepEqual(imageKind({ ...NOTHING, ...facts }), { kind, from });
    });
  }
});

describe('spot and magnified views', () => {
  const none = { modifiers: [], magnification: null, sourceToDetector: null, sourceToPatient: null };
  const cases: [string, Partial<Parameters<typeof isSpotOrMagnified>[0]>, boolean][] = [
    ['nothing says so', {}, false],
    ['modifier M', { modifiers: ['ID', 'M'] }, true],
    ['modifier S', { modifiers: ['S'], magnification: 1 }, true],
    ['another modifier', { modifiers: ['SX', 'RM'] }, false],
    ['factor of 1.2', { magnification: 1.2 }, true],
    ['factor below', { magnification: 1.19 }, false],
    ['by distances: 660 / 550 is 1.2', { sourceToDetector: 660, sourceToPatient: 550 }, true],
    ['by distances: 660 / 640 is 1.03', { sourceToDetector: 660, sourceToPatient: 640 }, false],
    [
      'the factor before the distances',
      { magnification: 1.05, sourceToDetector: 660, sourceToPatient: 300 },
      false,
    ],
    ['a factor of 0 is none', { magnification: 0, sourceToDetector: 660, sourceToPatient: 300 }, true],
    ['a distance of 0', { sourceToDetector: 660, sourceToPatient: 0 }, false],
  ];
  for (const [name, facts, expected] of cases) {
    test(name, () => {
      assert.equal(isSpotOrMagnified({ ...none, ...facts }), expected);
    });
  }
});

describe('standard views', () => {
  const plain: StandardViewFacts = {
    breast: 'L',
    kind: 'ffdm',
    view: 'CC',
    modifiers: [],
    isSpotOrMagnified: false,
    isPartialView: null,
  };
  const cases: [Partial<StandardViewFacts>, boolean][] = [
    [{}, true],
    [{ view: 'MLO', breast: 'R', isPartialView: false }, true],
    [{ modifiers: ['ID'] }, true],
    [{ modifiers: ['ID', 'AT'] }, false],
    [{ modifiers: ['X1'] }, false],
    [{ view: 'ML' }, false],
    [{ view: null }, false],
    [{ breast: null }, false],
    [{ kind: 'synthetic_2d' }, false],
    [{ kind: 'digitised_film' }, false],
    [{ isSpotOrMagnified: true }, false],
    [{ isPartialView: true }, false],
  ];
  for (const [facts, expected] of cases) {
    test(JSON.stringify(facts), () => {
      assert.equal(isStandardView({ ...plain, ...facts }), expected);
    });
  }

  test('implants', () => {
    assert.equal(hasImplant('YES', []), true);
    assert.equal(hasImplant('yes ', []), true);
    assert.equal(hasImplant('NO', []), false);
    assert.equal(hasImplant(null, []), null);
    assert.equal(hasImplant(null, ['M']), null);
    assert.equal(hasImplant('NO', ['ID']), true);
  });

  test('partial views', () => {
    assert.deepEqual(['YES', 'no', '', 'MAYBE', null].map(isPartialView), [true, false, null, null, null]);
  });
});

describe('the name of a maker', () => {
  const cases: [string | null, string | null][] = [
    ['HOLOGIC, Inc.', 'hologic'],
    ['LORAD, A Hologic Company', 'hologic'],
    ['GE MEDICAL SYSTEMS', 'ge'],
    ['GE Healthcare', 'ge'],
    ['GEMSS Medical', 'other'],
    ['SIEMENS', 'siemens'],
    ['Siemens Healthineers', 'siemens'],
    ['Philips Digital Mammography Sweden AB', 'philips'],
    ['Sectra Imtec AB', 'sectra'],
    ['FUJIFILM Corporation', 'fujifilm'],
    ['FUJI PHOTO FILM Co., ltd.', 'fujifilm'],
    ['Planmed Oy', 'planmed'],
    ['I.M.S.', 'ims'],
    ['IMS Giotto S.p.A.', 'ims'],
    ['Agfa-Gevaert', 'other'],
    ['Imaging of Siemensstadt', 'other'],
    ['SIEMENS for FUJIFILM', 'other'],
    ['  ', null],
    [null, null],
  ];
  for (const [text, name] of cases) {
    test(JSON.stringify(text), () => {
      assert.equal(manufacturerName(text), name);
      assert.equal(manufacturerName(text), name);
    });
  }
});

test('the chest wall is where rows that run to anterior begin', () => {
  const cases: [string[], string | null][] = [
    [['A', 'R'], 'left'],
    [['P', 'L'], 'right'],
    [['p', 'FL'], 'right'],
    [['AR', 'FR'], 'left'],
    [['L', 'F'], null],
    [['', ''], null],
    [[], null],
  ];
  for (const [orientation, side] of cases) assert.equal(chestWallSide(orientation), side, orientation.join());
});
