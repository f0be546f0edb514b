import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { TableBuilder } from '../../pipeline/stages/write/columns.js';
import { writeParquet } from '../../pipeline/stages/write/parquet.js';
import { column, required, table } from '../../schemas/column.js';
import { temporaryFolder } from '../helpers/cli.js';
import { openDuckDb } from '../helpers/duckdb.js';

const facts = { description: 'Of a test', source: 'test' };

const images = table('images', {
  description: 'Images',
  key: ['sop_instance_uid'],
  columns: [
    required('sop_instance_uid', 'string', facts),
    column('json_path', 'string', facts),
    column('manufacturer', 'string', facts),
    column('extra', 'json', facts),
    column('rows', 'int', facts),
    column('kvp', 'double', facts),
  ],
});

test('texts that repeat have a dictionary in a Parquet file, what each row has its own of has none', async () => {
  const builder = new TableBuilder(images);
  for (const uid of ['1.1', '1.2', '1.3'])
    builder.append({
      sop_instance_uid: uid,
      json_path: `${uid}.json`,
      manufacturer: 'HOLOGIC, Inc.',
      extra: `{"uid":"${uid}"}`,
      rows: 4096,
      kvp: 29,
    });
  const path = join(temporaryFolder(), 'images.parquet');
  await writeParquet(path, images, [builder.finish()]);
  const ask = await openDuckDb();
  const columns = await ask(`SELECT path_in_schema AS name FROM parquet_metadata('${path}')
    WHERE encodings LIKE '%DICTIONARY%' ORDER BY name`);
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['manufacturer'],
  );
  const [read] = await ask(`SELECT * FROM '${path}' WHERE sop_instance_uid = '1.2'`);
  assert.deepEqual(
    { ...read },
    {
      sop_instance_uid: '1.2',
      json_path: '1.2.json',
      manufacturer: 'HOLOGIC, Inc.',
      extra: '{"uid":"1.2"}',
      rows: 4096,
      kvp: 29,
    },
  );
});
