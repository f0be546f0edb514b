import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SelectedTags } from '../../pipeline/model/selected-tags.js';
import type { Cell } from '../../schemas/column.js';
import { shippedTags } from '../helpers/flat-database.js';

const shipped = shippedTags();

/** A header with these cells, under a selection of the shipped tags of these columns. */
function read(cells: Readonly<Record<string, Cell>>) {
  const selected = shipped.tags.filter(({ column }) => column.name in cells);
  const tags = new SelectedTags({ ...shipped, tags: selected });
  return { tags, header: { cells: selected.map(({ column }) => cells[column.name]!) } };
}

describe('the cells that rules go by', () => {
  it('are columns of the shipped selection, each under its own name', () => {
    const { at } = new SelectedTags(shipped);
    for (const [name, place] of Object.entries(at)) assert.equal(shipped.tags[place]?.column.name, name);
  });

  it('are found wherever a selection has them', () => {
    const { tags, header } = read({ modality: 'MG', content_date: 19_000, image_type: ['DERIVED'] });
    assert.equal(tags.text(header, tags.at.modality), 'MG');
    assert.equal(tags.number(header, tags.at.content_date), 19_000);
    assert.deepEqual(tags.texts(header, tags.at.image_type), ['DERIVED']);
  });

  it('are no value where the selection lacks the column, or nothing could be read', () => {
    const { tags, header } = read({ modality: 'MG' });
    assert.equal(tags.text(header, tags.at.laterality), null);
    assert.equal(tags.number(header, tags.at.content_date), null);
    assert.equal(tags.numbers(header, tags.at.pixel_spacing), null);
    assert.deepEqual(tags.texts(header, tags.at.image_type), []);
    assert.equal(tags.text(null, tags.at.modality), null);
    assert.deepEqual(tags.texts(null, tags.at.modality), []);
  });

  it('are no value where a column of the name holds something else', () => {
    const { tags, header } = read({
      modality: ['MG'],
      content_date: '20220101',
      pixel_spacing: [],
      image_type: 5,
    });
    assert.equal(tags.text(header, tags.at.modality), null);
    assert.equal(tags.number(header, tags.at.content_date), null);
    assert.equal(tags.numbers(header, tags.at.pixel_spacing), null);
    assert.deepEqual(tags.texts(header, tags.at.image_type), []);
  });
});
