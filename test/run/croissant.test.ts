import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { croissantFaults, readCroissant, type Croissant } from '../helpers/croissant.js';
import { openDuckDb, type Ask } from '../helpers/duckdb.js';
import { filesBelow } from '../sample/tree.js';
import { readManifest, readSchema } from '../helpers/output.js';
import { sharedRun } from '../helpers/shared-run.js';
import { runHere, scratchFolder } from '../crash/helpers.js';

const { current } = sharedRun('faulty');

describe('croissant.json of a snapshot', () => {
  let croissant: Croissant;
  let ask: Ask;
  before(async () => {
    croissant = readCroissant(current);
    ask = await openDuckDb();
  });

  test('passes the checks of the reference implementation: files, checksums, sources, keys, joins', () => {
    assert.deepEqual(croissantFaults(current), []);
  });

  test('names every part file, and the set of each table matches those of the table alone', () => {
    const parts = filesBelow(join(current, 'tables')).map((path) => `tables/${path}`);
    const files = croissant.distribution.filter((each) => each['@type'] === 'cr:FileObject');
    assert.deepEqual(files.map(({ contentUrl }) => contentUrl).sort(), parts.sort());
    const sets = croissant.distribution.filter((each) => each['@type'] === 'cr:FileSet');
    assert.deepEqual(
      sets.map(({ includes }) => includes),
      readSchema(current).map(({ name }) => `tables/${name}/*.parquet`),
    );
  });

  test('has the tables, keys and columns of schema.json, with their descriptions', () => {
    assert.deepEqual(
      croissant.recordSet.map((set) => ({ name: set['@id'], description: set.description, key: (set.key ?? []).map((key) => key['@id']), columns: set.field.map((field) => field.source!.extract!.column) })),
      readSchema(current).map(({ name, description, key, columns }) => ({ name, description, key: key.map((column) => `${name}/${column}`), columns: columns.map((column) => column.name) })),
    ); // prettier-ignore
    const field = (id: string) => croissant.recordSet.flatMap((set) => set.field).find((each) => each['@id'] === id)!; // prettier-ignore
    assert.equal(field('studies/study_date').dataType, 'sc:Date');
    assert.equal(field('image_summary/view_modifiers').repeated, true);
    assert.equal(field('marks/sop_instance_uid').references!.field['@id'], 'images/sop_instance_uid');
    assert.equal(field('marks/client_id').references!.field['@id'], 'clients/client_id');
    assert.equal(field('exams/study_instance_uid').references!.field['@id'], 'studies/study_instance_uid');
  });

  test('each column is in the files, of that type, and each value of a reference is there', async () => {
    const TYPES: Record<string, string[]> = { 'sc:Text': ['VARCHAR'], 'sc:Boolean': ['BOOLEAN'], 'sc:Integer': ['INTEGER', 'BIGINT'], 'sc:Float': ['DOUBLE'], 'sc:Date': ['DATE'] }; // prettier-ignore
    const files = (set: string) => `'${join(current, 'tables', set, '*.parquet')}'`;
    let references = 0;
    for (const { '@id': set, field } of croissant.recordSet) {
      const rows = await ask(`SELECT column_name AS c, column_type AS t FROM (DESCRIBE FROM ${files(set)})`);
      const types = new Map(rows.map(({ c, t }) => [c, String(t)]));
      for (const { source, dataType, repeated, references: to } of field) {
        const column = source!.extract!.column;
        const item = types.get(column)!.replace(/\[\]$/, '');
        assert.ok(TYPES[dataType]!.includes(item), `${set}.${column}`);
        assert.equal(repeated ?? false, types.get(column)!.endsWith('[]'), `${set}.${column}`);
        if (to === undefined) continue;
        references++;
        const [other, name] = to.field['@id'].split('/');
        const strays = await ask(`SELECT 1 FROM ${files(set)} WHERE "${column}" NOT IN (SELECT "${name!}" FROM ${files(other!)}) LIMIT 1`); // prettier-ignore
        assert.deepEqual(strays, [], `${set}.${column}`);
      }
    }
    assert.ok(references > 30);
  });

  test('says which run it is of in its version', () => {
    assert.equal(croissant.version.split('+')[1], readManifest(current).run_id);
  });

  test('is the same for another run of the same database, but for version and date', async () => {
    const sound = sharedRun('sound');
    const { snapshot } = await runHere(sound.database, join(scratchFolder(), 'out'));
    const [one, other] = [sound.current, snapshot].map(readCroissant) as [Croissant, Croissant];
    const { version, datePublished } = one;
    assert.deepEqual({ ...other, version, datePublished }, one);
    assert.ok(version !== other.version && datePublished !== other.datePublished);
  });
});
