import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { verifySnapshot } from '../../pipeline/snapshot/verify-snapshot.js';
import { reasons, results, runHere, scratchFolder, sha256 } from '../crash/helpers.js';
import { parseJsonLines, readJson, readJsonLines, readSchema } from '../helpers/output.js';
import { runCli } from '../helpers/cli.js';
import { openDuckDb, type Row } from '../helpers/duckdb.js';
import { BOUNDED } from '../helpers/processes.js';
import { findPython } from '../helpers/python.js';
import type { MoreOptions } from '../helpers/run-options.js';

/** Side tables from the file to the readers. Women optm1 to optm3, with a study and an image each, 1.2.N and 1.2.N.1. */

const scratch = scratchFolder();
const database = join(scratch, 'db');
const out = join(scratch, 'out');
const current = join(out, 'current');
const density = join(scratch, 'it\u2019s [density].csv');
const ethnicity = join(scratch, 'ethnicity.csv');

/** A copy with data only. */
function makeDatabase(): void {
  for (const n of [1, 2, 3]) {
    const folder = join(database, 'data', `optm${n}`);
    const study = `1.2.${n}`;
    mkdirSync(join(folder, study), { recursive: true });
    const studies = { [study]: { StudyDate: '20200102', '1.9': { [`${study}.1`]: null } } };
    const imagedb = { ClientID: `optm${n}`, STUDIES: studies };
    writeFileSync(join(folder, `imagedb_optm${n}.json`), JSON.stringify(imagedb));
    writeFileSync(join(folder, `nbss_optm${n}.json`), JSON.stringify({ ClientID: `optm${n}` }));
    const header = { '00080018': { vr: 'UI', Value: [`${study}.1`] } };
    writeFileSync(join(folder, study, `${study}.1.json`), JSON.stringify(header));
  }
}

/** By study, out of order; of line 4 the study is of another woman, of line 5 it has none, and nobody has line 6's. */
const DENSITY = `\ufeffStudyInstanceUID,VBD %,ClientID,select,read,when,ok\r
1.2.2,12.5,optm2,007,1,2020-01-31,true\r
1.2.1,,optm1,"a ""b"",\r\nc",,,\r
1.2.1,3,optm2,,2,2020-02-01,false\r
,4,optm3,,3,,\r
1.2.9,5,optm9,,4,,\r
`;

const ETHNICITY = 'client_id,group\noptm3,A\noptm1,B\noptm3,C\nOPTM2,D\n';

function sides(...names: ('density' | 'ethnicity')[]): MoreOptions {
  const paths = { density, ethnicity };
  return { sideTables: names.map((name) => ({ name, path: paths[name] })) };
}

async function ask(sql: string): Promise<Row[]> {
  const db = await openDuckDb();
  return db(sql.replace(/\bside_\w+/g, (name) => `'${join(current, 'tables', name, '*.parquet')}'`));
}

const found = () =>
  readJsonLines(current, 'mismatches.jsonl')
    .filter(({ kind }) => String(kind).startsWith('side_'))
    .map((row) => [row['kind'], row['client_id'], row['path'], row['found']]);

before(async () => {
  makeDatabase();
  writeFileSync(density, DENSITY);
  writeFileSync(ethnicity, ETHNICITY);
  await runHere(database, out, sides('density', 'ethnicity'));
});

describe('a side table', () => {
  test('has the rows of its file that name what is there, in their order, with types', async () => {
    assert.deepEqual(await ask('SELECT * FROM side_density'), [
      { client_id: 'optm2', study_instance_uid: '1.2.2', file_line: '2', vbd: 12.5, select: '007', read: '1', when: '2020-01-31', ok: true },
      { client_id: 'optm1', study_instance_uid: '1.2.1', file_line: '4', vbd: null, select: 'a "b",\r\nc', read: null, when: null, ok: null },
    ]); // prettier-ignore
    const types = await ask('SELECT column_type AS t FROM (DESCRIBE SELECT * FROM side_density)');
    assert.deepEqual(types.map(({ t }) => t), ['VARCHAR', 'VARCHAR', 'BIGINT', 'DOUBLE', 'VARCHAR', 'BIGINT', 'DATE', 'BOOLEAN']); // prettier-ignore
  });

  test('each row that names nothing is a mismatch; rows of one woman are one', () => {
    assert.deepEqual(found(), [
      ['side_row_unmatched', 'optm2', 'it\u2019s [density].csv', 'client_id=optm2 study_instance_uid=1.2.1'],
      ['side_row_unmatched', 'optm3', 'it\u2019s [density].csv', 'client_id=optm3 study_instance_uid='],
      ['side_row_unmatched', null, 'it\u2019s [density].csv', 'client_id=optm9 study_instance_uid=1.2.9'],
      ['side_row_unmatched', null, 'ethnicity.csv', 'client_id=OPTM2'],
      ['side_key_repeated', null, 'ethnicity.csv', 'client_id=optm3 on lines 2 and 4'],
    ]);
  });

  test('is described in schema.json: its key, whose rows it names, its columns', () => {
    const tables = readSchema(current).filter(({ name }) => name.startsWith('side_'));
    assert.deepEqual(
      tables.map(({ name, key, parents }) => ({ name, key, parents })),
      [
        { name: 'side_density', key: ['client_id', 'study_instance_uid'], parents: [{ table: 'studies', columns: ['client_id', 'study_instance_uid'] }] },
        // Not by client alone: a join would give optm3 twice.
        { name: 'side_ethnicity', key: ['client_id', 'file_line'], parents: [{ table: 'clients', columns: ['client_id'] }] },
      ],
    ); // prettier-ignore
    assert.equal(
      tables[0]!.columns.find(({ name }) => name === 'vbd')!.description,
      'Column VBD % of it\u2019s [density].csv.',
    );
    assert.match(
      tables[0]!.description,
      /one for each study .* Join it .* by client_id, study_instance_uid\.$/,
    );
    assert.match(tables[1]!.description, /Bring them down to one of each before you join by client_id\.$/);
  });

  test('stands in manifest.json with its file, and the snapshot verifies', async () => {
    const { inputs, tables } = readJson<{ inputs: { side_tables: unknown }; tables: Record<string, { rows: number }> }>(current, 'manifest.json'); // prettier-ignore
    const file = (path: string) => ({ path, bytes: statSync(path).size, sha256: sha256(path) });
    assert.deepEqual(inputs.side_tables, [
      { table: 'side_density', ...file(density), rows: 5, rows_left_out: 0, rows_unmatched: 3 },
      { table: 'side_ethnicity', ...file(ethnicity), rows: 4, rows_left_out: 0, rows_unmatched: 1 },
    ]);
    assert.deepEqual([tables['side_density']!.rows, tables['side_ethnicity']!.rows], [2, 3]);
    assert.ok((await verifySnapshot(current)).files > 0);
  });

  test('query has it, and diff sees what changed in it', async () => {
    const { stdout } = runCli(['query', '--out', out, '--format', 'json', 'SELECT s."group" FROM clients JOIN side_ethnicity s USING (client_id) ORDER BY file_line']); // prettier-ignore
    assert.deepEqual(parseJsonLines(stdout), [{ group: 'A' }, { group: 'B' }, { group: 'C' }]);
    const other = join(scratch, 'diff');
    await runHere(database, other, sides('density'));
    writeFileSync(density, DENSITY.replace('12.5', '13'));
    await runHere(database, other, sides('density'));
    writeFileSync(density, DENSITY);
    const diff = runCli(['diff', '--out', other, '--format', 'json']);
    const rows = parseJsonLines(diff.stdout).filter(({ table }) => table === 'side_density');
    assert.deepEqual(
      rows.map(({ change, key, columns }) => ({ change, key, columns })),
      [{ change: 'changed', key: { client_id: 'optm2', study_instance_uid: '1.2.2' }, columns: ['vbd'] }],
    );
  });

  test('is an Arrow file too, of the same rows', async () => {
    const arrow = join(scratch, 'arrow');
    await runHere(database, arrow, { ...sides('density'), rows: { formats: ['parquet', 'arrow'] } });
    const { tableFromIPC } = await import('apache-arrow');
    const rows = tableFromIPC(readFileSync(join(arrow, 'current/arrow/side_density/side_density.arrow')));
    assert.deepEqual(rows.toArray().map((row) => (row as { vbd: unknown }).vbd), [12.5, null]); // prettier-ignore
  });
});

describe('rows of women whom the lists leave out', () => {
  test('are neither in the table nor mismatches, whether a tree has them or not', async () => {
    const excluded = join(scratch, 'excluded');
    await runHere(database, excluded, {
      ...sides('density', 'ethnicity'),
      rows: { excludeClients: ['optm3', 'optm9'] },
      allowUnknownClients: true,
    });
    const snapshot = join(excluded, 'current');
    const { inputs } = readJson<{ inputs: { side_tables: { rows_left_out: number; rows_unmatched: number }[] } }>(snapshot, 'manifest.json'); // prettier-ignore
    assert.deepEqual(inputs.side_tables.map((each) => [each.rows_left_out, each.rows_unmatched]), [[2, 1], [2, 1]]); // prettier-ignore
    const lines = readFileSync(join(snapshot, 'mismatches.jsonl'), 'utf8');
    assert.doesNotMatch(lines, /optm3|optm9/);
  });

  test('nor of those whom a list does not take', async () => {
    const some = join(scratch, 'some');
    await runHere(database, some, { ...sides('ethnicity'), rows: { includeClients: ['optm1'] } });
    const { inputs } = readJson<{ inputs: { side_tables: { rows_left_out: number; rows_unmatched: number }[] } }>(join(some, 'current'), 'manifest.json'); // prettier-ignore
    assert.deepEqual(
      inputs.side_tables.map((each) => [each.rows_left_out, each.rows_unmatched]),
      [[3, 0]],
    );
  });
});

describe('a run after a run with side tables', () => {
  const again = join(scratch, 'again');

  test('of the same files publishes nothing', async () => {
    await runHere(database, again, sides('density'));
    assert.equal((await runHere(database, again, sides('density'))).changed, false);
  });

  test('of another file, or one more, or none, publishes, and reads no range again', async () => {
    const plain = join(scratch, 'plain');
    await runHere(database, plain);
    for (const [content, ...names] of [
      [DENSITY.replace('007', '008'), 'density'],
      [DENSITY, 'density'],
      [DENSITY, 'density', 'ethnicity'],
      [DENSITY, 'ethnicity'],
      [DENSITY],
    ] as const) {
      writeFileSync(density, content);
      const summary = await runHere(database, again, sides(...names));
      assert.equal(summary.changed, true, names.join());
      assert.deepEqual(reasons(summary), { carried: 1 });
    }
    assert.deepEqual(results(again), results(plain));
  });

  test('of a file that lies elsewhere publishes: the manifest says where it is', async () => {
    const moved = join(scratch, 'moved');
    mkdirSync(join(moved, 'sub'), { recursive: true });
    const paths = [join(moved, 'e.csv'), join(moved, 'sub', 'e.csv')];
    for (const path of paths) writeFileSync(path, ETHNICITY);
    const at = join(moved, 'out');
    const tables: string[] = [];
    for (const path of paths) {
      assert.equal((await runHere(database, at, { sideTables: [{ name: 'e', path }] })).changed, true);
      tables.push(results(at)['tables/side_e/side_e.parquet']!);
    }
    assert.equal(tables[0], tables[1]);
  });
});

describe('on the command line', () => {
  test('a wrong file is wrong usage, before anything is read or written, in a dry run too', () => {
    const broken = join(scratch, 'broken.csv');
    writeFileSync(broken, 'client_id,x\noptm1\n');
    const nothing = join(scratch, 'nothing');
    for (const more of [[], ['--dry-run']]) {
      const { code, stderr } = runCli(['run', database, '--out', nothing, '--side-table', `x=${broken}`, ...more]); // prettier-ignore
      assert.equal(code, 2);
      assert.match(stderr, /--side-table x: .*broken\.csv, line 2: 1 fields where the header has 2/);
    }
    assert.throws(() => readlinkSync(join(nothing, 'current')));
  });

  test('a table without rows is a table', async () => {
    const empty = join(scratch, 'empty.csv');
    writeFileSync(empty, 'client_id,x\n');
    const at = join(scratch, 'empty-out');
    const { code, stderr } = runCli(['run', database, '--out', at, '--no-progress', '--side-table', `empty=${empty}`]); // prettier-ignore
    assert.equal(code, 0, stderr);
    const db = await openDuckDb();
    assert.deepEqual(await db(`SELECT count(*)::INT AS n FROM '${at}/current/tables/side_empty/*.parquet'`), [{ n: 0 }]); // prettier-ignore
  });
});

const python = findPython(join(scratch, 'python'));
test('pyarrow reads it', { skip: 'missing' in python ? python.missing : false }, () => {
  const script = `
import json, sys, pyarrow.parquet as p
t = p.read_table(sys.argv[1])
print(json.dumps({'types': [str(f.type) for f in t.schema], 'vbd': t['vbd'].to_pylist(), 'what': t.schema.field('vbd').metadata[b'description'].decode()}))`;
  const path = join(current, 'tables', 'side_density', 'side_density.parquet');
  const { stdout, stderr } = spawnSync('python' in python ? python.python : '', ['-c', script, path], { encoding: 'utf8', ...BOUNDED }); // prettier-ignore
  assert.deepEqual(JSON.parse(stdout), {
    types: ['string', 'string', 'int64', 'double', 'string', 'int64', 'date32[day]', 'bool'],
    vbd: [12.5, null],
    what: 'Column VBD % of it\u2019s [density].csv.',
  }, stderr); // prettier-ignore
});
