import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { splitGroups, splitPoint } from '../../pipeline/semantics/splits.js';

describe('groups of women who share an image', () => {
  const cases: [string, string[][], Record<string, string>][] = [
    ['nobody shares', [], {}],
    ['two', [['optm10', 'optm2']], { optm10: 'optm2', optm2: 'optm2' }],
    [
      'in natural order of prefix and number',
      [['optm1', 'demd9', 'demd10']],
      { optm1: 'demd9', demd9: 'demd9', demd10: 'demd9' },
    ],
    ['two of one number', [['optm01', 'optm1']], { optm1: 'optm1', optm01: 'optm1' }],
    ['a name that is no client is last', [['aaa', 'optm7']], { aaa: 'optm7', optm7: 'optm7' }],
    [
      'through others, whatever the order',
      [
        ['optm5', 'optm6'],
        ['optm3', 'optm4'],
        ['optm4', 'optm5'],
        ['optm8', 'optm9'],
      ],
      { optm3: 'optm3', optm4: 'optm3', optm5: 'optm3', optm6: 'optm3', optm8: 'optm8', optm9: 'optm8' },
    ],
    ['the same client twice', [['optm5', 'optm5']], { optm5: 'optm5' }],
    ['an empty list', [[]], {}],
  ];
  for (const [name, sharing, expected] of cases) {
    test(name, () => {
      assert.deepEqual(Object.fromEntries(splitGroups(sharing)), expected);
      assert.deepEqual(Object.fromEntries(splitGroups([...sharing].reverse())), expected, 'in any order');
    });
  }

  test('a long chain', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => [`optm${i + 2}`, `optm${i + 1}`]);
    const groups = splitGroups(chain);
    assert.equal(groups.size, 20_001);
    assert.deepEqual([...new Set(groups.values())], ['optm1']);
  });

  const client = fc.integer({ min: 1, max: 60 }).map((number) => `optm${number}`);
  const sharing = fc.array(fc.array(client, { minLength: 2, maxLength: 4 }), { maxLength: 30 });
  const groupOf = (groups: ReadonlyMap<string, string>, id: string): string => groups.get(id) ?? id;

  test('no image is in two groups, and each group is named by its least', () => {
    fc.assert(
      fc.property(sharing, (all) => {
        const groups = splitGroups(all);
        for (const clients of all) assert.equal(new Set(clients.map((id) => groups.get(id))).size, 1);
        const number = (id: string): number => Number(id.slice(4));
        for (const [id, group] of groups)
          assert.ok(number(group) <= number(id) && groups.get(group) === group);
      }),
    );
  });

  test('for any fraction no woman, group or shared image is on both sides', () => {
    fc.assert(
      fc.property(sharing, fc.double({ min: 0, max: 1, noNaN: true }), (all, fraction) => {
        const groups = splitGroups(all);
        const isTraining = (id: string): boolean => splitPoint(groupOf(groups, id)) < fraction;
        for (const clients of all) assert.equal(new Set(clients.map(isTraining)).size, 1);
      }),
    );
  });

  test('women who share no image with those before move nobody', () => {
    const others = fc.array(
      fc.array(
        client.map((id) => id.replace('optm', 'demd')),
        { minLength: 2, maxLength: 4 },
      ),
    );
    fc.assert(
      fc.property(sharing, others, (all, added) => {
        const [before, after] = [splitGroups(all), splitGroups([...added, ...all])];
        for (const [id, group] of before) assert.equal(after.get(id), group);
      }),
    );
  });
});

describe('the point of a group', () => {
  // Python: int(hashlib.sha256(group.encode()).hexdigest()[:13], 16) / 16**13; sha256sum gives the same digits.
  const cases: [string, string, number][] = [
    ['optm1', 'de6978e33d9d3', 0.8687968783175293],
    ['optm2', '528f7c079b3dd', 0.32250189958289543],
    ['demd128247', '96178f1273b41', 0.5862969799088236],
  ];
  for (const [group, digits, point] of cases) {
    test(`${group} is at ${point}`, () => {
      assert.equal(splitPoint(group), point);
      assert.equal(splitPoint(group) * 16 ** 13, Number(`0x${digits}`));
    });
  }

  test('points are in [0, 1) and spread evenly', () => {
    const points = Array.from({ length: 10_000 }, (_, i) => splitPoint(`optm${i}`));
    assert.ok(points.every((point) => point >= 0 && point < 1));
    const below = points.filter((point) => point < 0.7).length;
    // Within five standard deviations (46) of 7,000.
    assert.ok(Math.abs(below - 7000) < 230, String(below));
  });
});
