import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseSpec, shippedNames, shippedSpec } from '../../pipeline/cohort/read-spec.js';
import { holdOuts, shares } from '../../pipeline/cohort/spec.js';

const GOOD = `name: mine
unit: exam
steps:
  - {name: Screening, keep: "study_role = 'screening'"}
  - {name: No implant, drop: has_implant}
label: {name: cancer, sql: days_to_cancer < 1095}
split: {train: 0.7, validation: 0.15, test: 0.15, hold_out: {test: "site = 'STGE'"}}
`;

function refusal(text: string): string {
  try {
    parseSpec(text, 'mine.yaml');
  } catch (error) {
    return `${(error as { code?: string }).code ?? ''} ${(error as Error).message}`;
  }
  return 'taken';
}

describe('a spec', () => {
  test('is read, its shares and hold-outs apart', () => {
    const spec = parseSpec(GOOD, 'mine.yaml');
    assert.deepEqual(shares(spec), [
      { split: 'train', share: 0.7 },
      { split: 'validation', share: 0.15 },
      { split: 'test', share: 0.15 },
    ]);
    assert.deepEqual(holdOuts(spec), [{ split: 'test', sql: "site = 'STGE'" }]);
  });

  // Line and column are those of the text above, counted by hand.
  const wrong: readonly (readonly [string, string, string, RegExp])[] = [
    ['a key that a step cannot have', 'keep:', 'kep:', /^usage mine\.yaml:4:5: steps 1 must have keep or drop/],
    ['an unknown key', 'unit: exam', 'units: exam', /mine\.yaml:1:1: .*unit|mine\.yaml:2:1: .*"units"/],
    ['an unknown unit', 'unit: exam', 'unit: exams', /mine\.yaml:2:7: unit must be one of exam, breast, image, box/],
    ['a condition that is no text', 'drop: has_implant', 'drop: true', /mine\.yaml:5:30: steps 2 drop must be string/],
    ['keep and drop at once', 'drop: has_implant', 'drop: a, keep: b', /mine\.yaml:5:5: steps 2 must have keep or drop, and not both/],
    ['a name twice', 'name: No implant', 'name: Screening', /mine\.yaml:5:12: two steps have the name Screening/],
    ['shares that are not 1', 'train: 0.7', 'train: 0.75', /mine\.yaml:7:8: the shares of the splits add up to 1\.05, not to 1/],
    ['a share of a text', 'train: 0.7', 'train: most', /mine\.yaml:7:16: split train must be number/],
    ['a hold-out of no split', 'hold_out: {test', 'hold_out: {tset', /mine\.yaml:7:62: split hold_out names tset, which has no share/],
    ['a folder as a name', 'name: mine', 'name: ../mine', /mine\.yaml:1:7: name must match pattern/],
    ['a split with a name of its own', 'train: 0.7', 'Train: 0.7', /mine\.yaml:7:9: split has the key "Train": names are small letters/],
    ['YAML that is none', 'unit: exam', 'unit: [exam', /mine\.yaml:\d+:\d+: /],
    ['a key twice', 'unit: exam', 'unit: exam\nunit: box', /mine\.yaml:3:1: Map keys must be unique/],
  ]; // prettier-ignore
  for (const [name, from, to, says] of wrong)
    test(`is refused with its place: ${name}`, () => {
      assert.ok(GOOD.includes(from));
      assert.match(refusal(GOOD.replace(from, to)), says);
    });

  test('is refused when it is empty, no map, or made to swell', () => {
    assert.match(refusal(''), /mine\.yaml:1:1: the spec must be object/);
    assert.match(refusal('- a'), /mine\.yaml:1:1: the spec must be object/);
    assert.match(refusal('a'.repeat(300_000)), /longer than/);
    const swelling = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]!}`).join(', ')}]`)].join('\n'); // prettier-ignore
    assert.match(refusal(swelling), /cannot be read as YAML/);
  });

  test('comes with the program by its name, and no other way', () => {
    assert.deepEqual(shippedNames(), [
      'cancer-detection-4view',
      'density',
      'interval-cancer-review',
      'lesion-detection',
      'mirai-risk',
    ]);
    for (const name of shippedNames()) assert.equal(shippedSpec(name).name, name);
    for (const name of ['', 'cohort.schema.json', '../cohorts/density', 'Density'])
      assert.throws(() => shippedSpec(name), { code: 'usage' });
  });
});
