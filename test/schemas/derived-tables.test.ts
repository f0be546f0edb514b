import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allTables } from '../../schemas/tables/index.js';

/** Tables of this project's own rules, that people train with: what null means cannot be looked up anywhere else. */
const DERIVED = ['breasts', 'exams', 'boxes', 'paired_boxes', 'image_summary', 'splits'];

const derivedTables = () => allTables([]).filter(({ name }) => DERIVED.includes(name));

test('each column of the derived tables names what it is derived from', () => {
  const silent = derivedTables().flatMap(({ name, columns }) =>
    columns.filter(({ source }) => /^derived\.?$/.test(source)).map((column) => `${name}.${column.name}`),
  );
  assert.deepEqual(silent, []);
});

test('each column of the derived tables that may be null says when it is', () => {
  const tables = derivedTables();
  assert.equal(tables.length, DERIVED.length);
  const silent = tables.flatMap(({ name, columns }) =>
    columns
      .filter(({ nullable, description }) => nullable && !/\bnull\b/i.test(description))
      .map((column) => `${name}.${column.name}`),
  );
  assert.deepEqual(silent, []);
});
