import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import type { Column, Parent } from '../../schemas/column.js';
import { VerificationError } from '../../pipeline/base/fault.js';
import { DuckDb } from '../../pipeline/engine/duckdb.js';
import { findFaults, type TableRows } from '../../pipeline/snapshot/verify-faults.js';

/** In which tables keys, parents and codes do not hold. Rows are written as SQL, so that no file is needed. */

const column = (name: string, codes: string | null = null): Column => ({
  ...{ name, type: 'string', nullable: true, description: '', source: '', unit: null, codes },
  ...{ freeText: false, otherText: null },
});

interface Facts {
  readonly key?: readonly string[];
  readonly parents?: readonly Parent[];
  readonly columns?: readonly Column[];
}

/** A table of this name, whose rows are these values of SQL. */
function tableOf(
  name: string,
  { key = [], parents = [], columns = [] }: Facts,
  ...values: string[]
): TableRows {
  const names = columns.map((each) => each.name).join(', ');
  const none = columns.map((each) => `NULL::VARCHAR AS ${each.name}`).join(', ');
  const rows =
    values.length > 0 ? `(FROM (VALUES ${values.join(', ')}) t(${names}))` : `(SELECT ${none} LIMIT 0)`;
  return { table: { name, description: '', key, parents, columns }, rows, isEmpty: values.length === 0 };
}

const clientColumns = [column('client_id'), column('status', 'STATUS')];
const clients = (...values: string[]) =>
  tableOf('clients', { key: ['client_id'], columns: clientColumns }, ...values);
const children = (name: string, ...values: string[]) =>
  tableOf(
    name,
    {
      key: ['client_id', 'number'],
      parents: [{ table: 'clients', columns: ['client_id'] }],
      columns: [column('client_id'), column('number')],
    },
    ...values,
  );

const CODES = new Map([['STATUS', ['N', 'M']]]);

let db: DuckDb;
before(async () => {
  db = await DuckDb.open();
});
after(() => db.close());

async function faultsOf(...tables: TableRows[]) {
  const { keys, parents, codes } = await findFaults(db, tables, CODES);
  return { keys: [...keys], parents: [...parents], codes: [...codes] };
}

const NONE = { keys: [], parents: [], codes: [] };

describe('tables are in order where', () => {
  test('keys are different, codes are of their list, and every row has its parent', async () => {
    const found = await faultsOf(
      children('studies', "('c1', '1')", "('c1', '2')", "('c2', '1')"),
      clients("('c1', 'N')", "('c2', NULL)", "('c3', 'M')"),
      children('episodes', "('c3', '1')"),
    );
    assert.deepEqual(found, NONE);
  });

  test('a table without a key has the same row twice, and nothing is asked of a table without rows', async () => {
    const kinds = tableOf('kinds', { columns: [column('kind', 'STATUS')] }, "('N')", "('N')");
    assert.deepEqual(await faultsOf(kinds, { ...clients(), rows: 'no_such_table' }), NONE);
  });
});

describe('a fault is found in the table', () => {
  for (const [what, values] of [
    ['whose key stands twice', ["('c1', '1')", "('c1', '2')", "('c1', '1')"]],
    ['of whose key a part is null', ["('c1', '1')", "('c1', NULL)"]],
    ['of whose keys two are null in the same part', ["('c1', NULL)", "('c1', NULL)"]],
  ] as const)
    test(what, async () => {
      const found = await faultsOf(clients("('c1', 'N')"), children('studies', ...values));
      assert.deepEqual(found, { ...NONE, keys: ['studies'] });
    });

  test('whose rows another lacks: one of several', async () => {
    const studies = children('studies', "('c1', '1')");
    const episodes = children('episodes', "('c1', '1')", "('c2', '1')");
    const found = await faultsOf(studies, clients("('c1', 'N')"), episodes);
    assert.deepEqual(found, { ...NONE, parents: ['clients'] });
  });

  test('whose rows another lacks: it has none', async () => {
    const found = await faultsOf(clients(), children('episodes', "('c1', '1')"));
    assert.deepEqual(found, { ...NONE, parents: ['clients'] });
  });

  test('whose rows another lacks: what would name it is null', async () => {
    const found = await faultsOf(clients("('c1', 'N')"), children('episodes', "('c1', '1')", "(NULL, '1')"));
    assert.deepEqual(found, { keys: ['episodes'], parents: ['clients'], codes: [] });
  });

  test('in which a cell holds no code of its list, also one without a key', async () => {
    const kinds = tableOf('kinds', { columns: [column('kind', 'STATUS')] }, "('N')", "('x')");
    const found = await faultsOf(kinds, clients("('c1', 'n')", "('c2', NULL)"));
    assert.deepEqual({ ...found, codes: found.codes.sort() }, { ...NONE, codes: ['clients', 'kinds'] });
  });
});

test('a parent that is no table is told before anything is asked, and a question that cannot be answered is an error', async () => {
  const asked = mock.method(db, 'rows');
  await assert.rejects(
    faultsOf(children('studies', "('c1', '1')")),
    (error: unknown) =>
      error instanceof VerificationError && /table studies: its parent clients/.test(error.message),
  );
  assert.equal(asked.mock.callCount(), 0);
  asked.mock.restore();
  const rows = 'no_such_table';
  await assert.rejects(faultsOf({ ...clients("('c1', 'N')"), rows }), /no_such_table/);
});
