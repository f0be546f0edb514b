import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ageInYears, firstValue } from '../../pipeline/semantics/image.js';
import { readFileSync } from 'node:fs';
import { schemaFile } from '../../schemas/files.js';
import { imageSummary } from '../../schemas/tables/image-summary.js';

/** The map that docs/omidb-summarise.md gives: column of `omidb summarise` -> column of image_summary. */
const page = readFileSync(new URL('../../../docs/omidb-summarise.md', import.meta.url), 'utf8');
const summariseColumns = new Map(
  [...page.matchAll(/^\| ([A-Z]\w+) \| (\w+) \|/gm)].map((match) => [match[1]!, match[2]!]),
);

describe('PatientAge in whole years', () => {
  const cases: [string | null, number | null][] = [
    ['052Y', 52],
    ['100Y', 100],
    ['52', 52],
    ['630M', 52], // 52.5
    ['011M', 0], // 0.9
    ['104W', 2],
    ['103W', 1], // 1.98
    ['730D', 2],
    ['729D', 1], // 1.997
    ['000Y', null],
    ['Y', null],
    ['', null],
    ['about 50', null],
    [null, null],
  ];
  for (const [text, years] of cases) {
    test(`${JSON.stringify(text)} is ${String(years)}`, () => {
      assert.equal(ageInYears(text), years);
    });
  }
});

test('the first value of a cell', () => {
  assert.equal(firstValue('HOLOGIC'), 'HOLOGIC');
  assert.equal(firstValue(58.5), 58.5);
  assert.equal(firstValue(0), 0);
  assert.equal(firstValue(['one', 'two']), 'one');
  assert.equal(firstValue([]), null);
  assert.equal(firstValue(null), null);
  assert.equal(firstValue(undefined), null);
});

test('each summarise column is the tag that the rules name', () => {
  const tags = {
    Manufacturer: '00080070',
    Model: '00081090',
    PresentationIntentType: '00080068',
    ImageLaterality: '00200062',
    ViewPosition: '00185101',
    ViewModCodeValue: '00080100',
    ViewModCodeMeaning: '00080104',
    BodyPartThicknessMM: '001811A0',
    TransferSyntaxUID: '00020010',
  };
  const lines = readFileSync(schemaFile('dicom/tags.csv'), 'utf8').split(/\r?\n/);
  for (const name of Object.keys(tags)) {
    const column = summariseColumns.get(name);
    const line = lines.map((text) => text.split(',')).find((cells) => cells[4] === column);
    assert.equal(line?.[1], tags[name as keyof typeof tags], name);
    assert.equal(line[3], name.startsWith('ViewMod') ? 'ViewCodeSequence[0]' : '', name);
  }
});

test('each of the 32 columns of `omidb summarise` is mapped to a column of image_summary', () => {
  const ours = new Set<string>(imageSummary.columns.map(({ name }) => name));
  assert.equal(summariseColumns.size, 32);
  for (const [name, column] of summariseColumns) assert.ok(ours.has(column), name);
});
