import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TableBuilder } from '../../pipeline/stages/write/columns.js';
import {
  column,
  required,
  table,
  type Cell,
  type FieldColumn,
  type TagColumn,
} from '../../schemas/column.js';
import { field, jsonField } from '../../schemas/nbss/column.js';
import type { RowOf } from '../../schemas/row.js';
import { RowReader } from '../../schemas/row-cells.js';
import { snakeCase, type SnakeCase } from '../../schemas/snake-case.js';
import { taken, takenAlways } from '../../schemas/taken.js';
import { clientTables, CLIENT_TABLE_NAMES } from '../../schemas/tables/index.js';

const facts = { description: 'a column', source: 'a test' };

const source = table('sources', {
  description: 'What is repeated.',
  key: ['id'],
  columns: [
    required('id', 'string', facts),
    column('mm', 'double', { ...facts, unit: 'mm' }),
    { ...column('code', 'string', { ...facts, codes: 'EPC' }), field: 'Code' } satisfies FieldColumn<
      'code',
      'string'
    >,
  ],
});

const tag = (name: string): TagColumn => ({ ...column(name, 'int', facts), byIndex: true });

const parted = table('parted', {
  description: 'A table with every sort of column.',
  key: ['id'],
  columns: [
    required('id', 'string', facts),
    jsonField('<place>', 'SizeMm', 'number', 'A size.'),
    tag('first'),
    taken('source_code', source, 'code', { description: 'Repeats a field.' }),
    takenAlways('source_id', source, 'id', { description: 'Repeats a key.' }),
    tag('second'),
  ],
});

/** The cells of each row, column by column. */
function cellsOf(...rows: RowOf<typeof parted>[]): unknown[][] {
  const reader = new RowReader(parted);
  reader.take(rows);
  return parted.columns.map((_, i) => {
    const cells: Cell[] = [];
    reader.read(i, cells);
    return cells;
  });
}

describe('a row', () => {
  const row: RowOf<typeof parted> = {
    id: 'a',
    fields: { size_mm: 1.5 },
    tags: [1, 2],
    sources: { id: 'b', mm: 2, fields: { code: 'R' } },
  };

  test('gives each column its cell, wherever it lies', () => {
    assert.deepEqual(cellsOf(row).flat(), ['a', 1.5, 1, 'R', 'b', 2]);
  });

  test('reads as null where a part has nothing', () => {
    assert.deepEqual(
      cellsOf({ ...row, fields: {} as never, tags: [] })
        .flat()
        .slice(1, 3),
      [null, null],
    );
  });

  test('gives its cells beside rows that share a part with it, that lack one, and that have another', () => {
    const other = { id: 'z', mm: null, fields: { code: null } };
    const rows = [
      row,
      { ...row, id: 'b' },
      { ...row, sources: null as never },
      row,
      { ...row, sources: other },
    ];
    const [ids, , , codes, sources] = cellsOf(...rows);
    assert.deepEqual(ids, ['a', 'b', 'a', 'a', 'a']);
    assert.deepEqual(codes, ['R', 'R', null, 'R', null]);
    assert.deepEqual(sources, ['b', 'b', null, 'b', 'z']);
  });

  test('with a key that the table does not know is refused, by its name and not its value', () => {
    for (const key of ['idd', 'size_mm', 'source_code', 'first', 'source']) {
      const builder = new TableBuilder(parted);
      builder.append({ ...row, [key]: 'secret' });
      assert.throws(() => builder.finish(), new RegExp(`^TypeError: table parted has no column ${key}$`));
    }
  });
});

describe('a column that repeats another', () => {
  const [, , , code, id] = parted.columns;

  test('has its type, code list and unit, and says where it is from', () => {
    assert.deepEqual(
      [code.type, code.codes, code.nullable, code.source],
      ['string', 'EPC', true, 'sources.code'],
    );
    assert.deepEqual([id.type, id.nullable, id.source], ['string', false, 'sources.id']);
    const mm = taken('mm', source, 'mm', { description: 'Repeats a measure.' });
    assert.deepEqual([mm.type, mm.unit, mm.source], ['double', 'mm', 'sources']);
  });
});

describe('the column of an NBSS field', () => {
  test('is refused where the specification has no such field, or of another kind', () => {
    assert.throws(() => field(['SurgeryProcedure'], 'NoSuchField', 'text', 'x'), /no field|NoSuchField/);
    assert.throws(() => field(['SurgeryProcedure'], 'dateperformed', 'date', 'x'), /dateperformed/);
    assert.throws(
      () => field(['SurgeryProcedure'], 'DatePerformed', 'text', 'x'),
      /DatePerformed is date, not text/,
    );
    assert.throws(() => field(['SurgeryProcedure'], 'SiteOfOtherNodes', 'code', 'x'), /is text, not code/);
  });

  test('has the type of its kind, or the one that is asked for', () => {
    const day = field(['SurgeryProcedure'], 'DatePerformed', 'date', 'x');
    const count = field(['WbnProcedure'], 'NumberOfCores', 'number', 'x', { type: 'int' });
    // The annotations are what is tested: the compiler knows name and type.
    const names: ['date_performed', 'number_of_cores'] = [day.name, count.name];
    const types: ['date', 'int'] = [day.type, count.type];
    assert.deepEqual(names, ['date_performed', 'number_of_cores']);
    assert.deepEqual(types, ['date', 'int']);
  });
});

/** Right sides by hand; the compiler holds them to the type, the test to the function. */
const SNAKES: { readonly [Name in (typeof NAMES)[number]]: SnakeCase<Name> } = {
  InvasiveComponents: 'invasive_components',
  HER2ReceptorScore: 'her2_receptor_score',
  HormoneERStatus: 'hormone_er_status',
  ScreeningDateMRI: 'screening_date_mri',
  OnKC62: 'on_kc62',
  MammoSizeMm90: 'mammo_size_mm90',
  FnaCytologicalOpinionC5: 'fna_cytological_opinion_c5',
  AccessionID: 'accession_id',
  LinkedNBSSLesionNumber: 'linked_nbss_lesion_number',
  PreviousFoaToFoaWeeks: 'previous_foa_to_foa_weeks',
  FilmReader3RecAction: 'film_reader3_rec_action',
  left_opinion: 'left_opinion',
  X1: 'x1',
};
const NAMES = [
  'InvasiveComponents',
  'HER2ReceptorScore',
  'HormoneERStatus',
  'ScreeningDateMRI',
  'OnKC62',
  'MammoSizeMm90',
  'FnaCytologicalOpinionC5',
  'AccessionID',
  'LinkedNBSSLesionNumber',
  'PreviousFoaToFoaWeeks',
  'FilmReader3RecAction',
  'left_opinion',
  'X1',
] as const;

test('the name of a column follows from its field, for the program as for the compiler', () => {
  for (const name of NAMES) assert.equal(snakeCase(name), SNAKES[name]);
});

test('the tables of clients are those of the list, in its order', () => {
  assert.deepEqual(
    clientTables([]).map(({ name }) => name),
    CLIENT_TABLE_NAMES,
  );
  assert.equal(new Set(CLIENT_TABLE_NAMES).size, 21);
});
