import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { makeSample } from '../../scripts/sample/database.js';
import { CLI, runCli, runProcess, temporaryFolder } from '../helpers/cli.js';
import { openDuckDb } from '../helpers/duckdb.js';
import { parseJsonLines, readJson, readJsonLines, readManifest, readSchema } from '../helpers/output.js';
import { BOUNDED } from '../helpers/processes.js';
import { sharedRun } from '../helpers/shared-run.js';

/** The options of the design, 'What a user types'. */
const RUN_OPTIONS =
  'data-dir images-dir nbss-dir out workers clients-file exclude-clients-file tags fail-on max-mismatches log-level log-file json-logs dry-run allow-unknown-clients follow-links';

const folder = temporaryFolder();
const fresh = () => mkdtempSync(join(folder, 'case-'));
const small = join(folder, 'small');
makeSample({ out: small, clients: 5, seed: 4, faults: [], pixels: 'sparse' });
const naturally = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
const clients = readdirSync(join(small, 'data')).sort(naturally);

/** Runs on the small sample; the published snapshot. */
function publish(args: readonly string[], out = join(fresh(), 'out')): string {
  const run = runCli(['run', small, '--out', out, '--no-progress', ...args]);
  assert.equal(run.code, 0, run.stderr);
  return join(out, 'current');
}

async function clientsIn(snapshot: string): Promise<unknown[]> {
  const ask = await openDuckDb();
  const rows = await ask(`SELECT client_id FROM '${join(snapshot, 'tables', 'clients', '*.parquet')}'`);
  return rows.map((row) => row['client_id']).sort((a, b) => naturally(String(a), String(b)));
}

describe('help and version', () => {
  test('--help lists the commands', () => {
    const { code, stdout } = runProcess(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /omidb-etl run \[database\] /);
    assert.match(stdout, /omidb-etl query \[sql\] /);
    for (const command of ['runs', 'diff \\[a\\] \\[b\\]', 'verify \\[snapshot\\]'])
      assert.match(stdout, new RegExp(`omidb-etl ${command} `));
  });

  test('run --help lists every option of the design, with defaults and exit codes', () => {
    const { code, stdout } = runProcess(['run', '--help']);
    assert.equal(code, 0);
    for (const option of RUN_OPTIONS.split(' '))
      assert.match(stdout, new RegExp(`^ +--${option} .*[a-zA-Z]{4}`, 'm'));
    assert.match(stdout, /--no-progress/);
    assert.match(stdout, /"error", "warning", "never"/);
    assert.match(stdout, /\[default: "output"\]/);
    assert.match(stdout, /0\s+published.*1\s+failed.*2\s+wrong usage.*3\s+published/s);
    assert.ok(Math.max(...stdout.split('\n').map((line) => line.length)) <= 80, 'fits a terminal');
  });

  test('query --help says what to ask and how it is printed', () => {
    const { code, stdout } = runProcess(['query', '--help']);
    assert.equal(code, 0);
    for (const option of ['out', 'snapshot', 'format']) assert.match(stdout, new RegExp(`--${option} `));
  });

  test('--version is that of the package', () => {
    const { stdout, code } = runProcess(['--version']);
    assert.equal(code, 0);
    const { version } = readJson<{ version: string }>('package.json');
    assert.equal(stdout, `${version}\n`);
  });
});

describe('--dry-run', () => {
  interface Line {
    plan?: { clientId: string; studies: { images: unknown[] }[] };
    mismatch?: { kind: string; client_id: string };
  }

  test('--json: prints a line for each client in natural order and the mismatches of pairing, and writes nothing', () => {
    const { database } = sharedRun('faulty');
    const cwd = fresh();
    const run = runCli(['run', database, '--dry-run', '--json', '--workers', '3'], { cwd });
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(readdirSync(cwd), []);
    const lines = parseJsonLines<Line>(run.stdout);
    const planned = lines.flatMap(({ plan }) => (plan === undefined ? [] : [plan.clientId]));
    const onDisk = ['data', 'images'].flatMap((tree) => readdirSync(join(database, tree)));
    assert.deepEqual(
      planned,
      [...new Set(onDisk)].filter((name) => /^[a-z]{4}\d+$/.test(name)).sort(naturally),
    );

    // What only a header shows is not found; what folders and the clients' own files show is.
    const truth = readJsonLines<{ kind: string; client_id: string }>(database, 'truth.jsonl');
    const found = lines.flatMap(({ mismatch }) => (mismatch === undefined ? [] : [mismatch]));
    const count = (rows: readonly { kind: string }[], kind: string) =>
      rows.filter((row) => row.kind === kind).length;
    for (const kind of ['dicom_unreadable', 'dicom_truncated', 'tag_conflict', 'sop_instance_uid_conflict']) {
      assert.ok(count(truth, kind) > 0);
      assert.equal(count(found, kind), 0, kind);
    }
    for (const kind of ['client_only_in_data', 'dicom_missing', 'study_not_on_disk', 'unexpected_entry'])
      assert.equal(count(found, kind), count(truth, kind), kind);
  });

  test('ends with the mismatches by kind; --plan-file has the lines, the last of them the summary', () => {
    const { database } = sharedRun('faulty');
    const file = join(fresh(), 'a', 'plan.jsonl');
    const run = runCli(['run', database, '--dry-run', '--plan-file', file]);
    assert.equal(run.code, 0, run.stderr);
    const lines = readJsonLines<Line & { summary?: { clients: number; mismatches: { by_kind: Record<string, number> } } }>(file); // prettier-ignore
    const kinds: Record<string, number> = {};
    for (const { mismatch } of lines)
      if (mismatch !== undefined) kinds[mismatch.kind] = (kinds[mismatch.kind] ?? 0) + 1;
    const { summary } = lines.at(-1)!;
    assert.deepEqual(summary!.mismatches.by_kind, kinds);
    assert.equal(summary!.clients, lines.filter(({ plan }) => plan !== undefined).length);
    assert.match(run.stdout, /^\ndry run: \d+ clients, \d+ studies, \d+ images found/);
    for (const [kind, number] of Object.entries(kinds))
      assert.match(run.stdout, new RegExp(`^${kind} +\\w+ +${number}$`, 'm'));
    assert.doesNotMatch(run.stdout, /[{}]/);
    assert.deepEqual(readdirSync(dirname(file)), ['plan.jsonl']);
  });

  test('obeys --fail-on and --max-mismatches; its options are of it alone', () => {
    const { database } = sharedRun('faulty');
    const dry = (...args: string[]) => runCli(['run', database, '--dry-run', ...args]);
    assert.equal(dry('--fail-on', 'error').code, 3);
    const over = dry('--max-mismatches', 'dicom_missing=0');
    assert.equal(over.code, 3);
    assert.match(over.stdout, /over the budget dicom_missing=0: \d+ found, 0 allowed/);
    const unwritable = dry('--plan-file', '/dev/null/plan');
    assert.equal(unwritable.code, 2);
    assert.match(unwritable.stderr, /^omidb-etl: the plan file \S+ cannot be written \(\w+\)[^\n]+\n$/);
    for (const args of [['--json'], ['--plan-file', 'x']]) {
      const run = runCli(['run', database, ...args], { cwd: fresh() });
      assert.equal(run.code, 2);
      assert.match(run.stderr, /is of a dry run/);
    }
  });

  test('ends in peace when its reader has seen enough', () => {
    const { database } = sharedRun('faulty');
    const pipe = '"$0" "$1" run "$2" --dry-run --json | head -n 1';
    const run = spawnSync('sh', ['-c', pipe, process.execPath, CLI, database], {
      encoding: 'utf8',
      ...BOUNDED,
    });
    assert.equal(run.stderr, '');
    assert.equal(parseJsonLines(run.stdout).length, 1);
  });
});

describe('which clients', () => {
  const list = join(folder, 'list.txt');
  const lines = [
    '\ufeff# the second and the fourth',
    clients[1]!,
    '',
    `  ${clients[3]!}\t# a comment`,
    'optm0123',
  ];
  writeFileSync(list, lines.join('\r\n'));

  test('--clients-file takes those named, and the manifest says which were not found', async () => {
    const snapshot = publish(['--clients-file', list, '--allow-unknown-clients']);
    assert.deepEqual(await clientsIn(snapshot), [clients[1], clients[3]]);
    assert.deepEqual(readManifest(snapshot).inputs.clients_listed_but_not_found, ['optm0123']);
  });

  test('--exclude-clients-file leaves those named out', async () => {
    const snapshot = publish(['--exclude-clients-file', list, '--allow-unknown-clients']);
    assert.deepEqual(await clientsIn(snapshot), [clients[0], clients[2], clients[4]]);
    assert.deepEqual(readManifest(snapshot).inputs.clients_excluded_but_not_found, ['optm0123']);
  });

  test('ids, paths and names of digits stay text', async () => {
    const cwd = fresh();
    const database = join(cwd, '0123');
    for (const tree of ['DATA', 'Images']) mkdirSync(join(database, tree, 'optm007'), { recursive: true });
    writeFileSync(join(database, 'DATA', 'optm007', 'IMAGEDB_optm007.json'), '{"ClientID":"optm007"}');
    const run = runCli(['run', '0123', '--out', '0456', '--no-progress', '--workers', '01'], { cwd });
    assert.equal(run.code, 0, run.stderr);
    const current = join(cwd, '0456', 'current');
    assert.deepEqual(await clientsIn(current), ['optm007']);
    // One client, no study: every table is there all the same, most of them empty.
    assert.equal(readManifest(current).tables['images']!.rows, 0);
    assert.equal(readdirSync(join(current, 'tables')).length, readSchema(current).length);
  });

  test('the trees may lie apart, the nbss files under a third root', () => {
    const apart = fresh();
    cpSync(join(small, 'data'), join(apart, 'a'), { recursive: true });
    const whole = publish([]);
    for (const client of clients) {
      const name = readdirSync(join(small, 'data', client)).find((file) => /^nbss_/i.test(file))!;
      mkdirSync(join(apart, 'n', client), { recursive: true });
      cpSync(join(small, 'data', client, name), join(apart, 'n', client, name));
      rmSync(join(apart, 'a', client, name));
    }
    const out = join(apart, 'out');
    const trees = ['--data-dir', join(apart, 'a'), '--images-dir', join(small, 'images')];
    const run = runCli(['run', ...trees, '--nbss-dir', join(apart, 'n'), '--out', out, '--no-progress']);
    assert.equal(run.code, 0, run.stderr);
    const rows = (snapshot: string) =>
      Object.entries(readManifest(snapshot).tables)
        .filter(([name]) => name !== 'mismatches')
        .map(([name, { rows: count }]) => [name, count]);
    assert.deepEqual(rows(join(out, 'current')), rows(whole));
  });
});

describe('--tags', () => {
  test('takes another selection: by keyword alone, into a sequence, and of a private block', async () => {
    const file = join(folder, 'tags.csv');
    const [creator, key] = privateElement();
    const rows = [
      'keyword,tag,vr,within,column,type,unit,creator,description',
      'KVP,,,,tube_voltage,,,,',
      'CodeMeaning,,,ViewCodeSequence[0],the_view,,,,',
      `Vendor,${key},LO,,vendor_words,string,,${creator},What the vendor says.`,
    ];
    writeFileSync(file, rows.join('\n'));
    const snapshot = publish(['--tags', file]);
    const columns = readSchema(snapshot)
      .find(({ name }) => name === 'images')!
      .columns.map(({ name }) => name);
    for (const name of ['tube_voltage', 'the_view', 'vendor_words']) assert.ok(columns.includes(name), name);
    assert.ok(!columns.includes('manufacturer'));
    const ask = await openDuckDb();
    const images = `'${join(snapshot, 'tables', 'images', '*.parquet')}'`;
    const [counts] = await ask(
      `SELECT count(*) AS n, count(tube_voltage) AS kvp, count(the_view) AS view, count(vendor_words) AS words FROM ${images}`,
    );
    assert.ok(Number(counts!['n']) > 0);
    assert.equal(counts!['kvp'], counts!['n']);
    assert.ok(Number(counts!['view']) > 0);
    assert.ok(Number(counts!['words']) > 0, 'the private element is found');
  });

  /** Creator and tag (block written as xx) of some private text element that the sample writes. */
  function privateElement(): readonly [string, string] {
    for (const name of readdirSync(join(small, 'data'), { recursive: true }) as string[]) {
      if (!/[\d.]+\.json$/.test(name) || /_/.test(name)) continue;
      const header = readJson<Record<string, { vr: string; Value?: unknown[] }>>(small, 'data', name);
      for (const [tag, { vr, Value }] of Object.entries(header)) {
        const group = tag.slice(0, 4);
        const creator = header[`${group}00${tag.slice(4, 6)}`]?.Value?.[0];
        if (parseInt(group, 16) % 2 === 1 && vr === 'LO' && Value !== undefined && tag.slice(4, 6) !== '00')
          return [String(creator), `${group}xx${tag.slice(6)}`];
      }
    }
    throw new Error('the sample has no private text element');
  }
});

describe('log and progress', () => {
  test('--no-progress on a sound database says its events on stderr and nothing else; the summary is on stdout', () => {
    const run = runProcess(['run', small, '--out', fresh(), '--no-progress']);
    assert.equal(run.stderr, '');
    const events = [...run.log.matchAll(/"event":"([a-z]+)"/g)].map(([, event]) => event);
    assert.deepEqual(events, ['started', 'planned', 'progress', 'published']);
    assert.match(run.stdout, /^5 clients, \d+ images in .* images\/s\)$/m);
    assert.match(run.stdout, /^No mismatches\.$/m);
    assert.match(run.stdout, /duckdb -c "SELECT/);
    assert.match(run.stdout, /pandas\.read_parquet/);
  });

  test('the summary has the mismatches by kind, worst first', () => {
    const { database } = sharedRun('faulty');
    const list = join(folder, 'faulty.txt');
    const rows = readJsonLines<{ client_id: string }>(database, 'truth.jsonl').slice(0, 12);
    writeFileSync(list, rows.map((row) => row.client_id).join('\n'));
    const run = runProcess(['run', database, '--clients-file', list, '--out', fresh(), '--no-progress']);
    const severities = [...run.stdout.matchAll(/^[a-z_]+ +(error|warning|info) +\d+$/gm)].map((m) => m[1]!);
    assert.ok(severities.length > 3);
    const rank = ['error', 'warning', 'info'];
    assert.deepEqual(
      severities,
      [...severities].sort((a, b) => rank.indexOf(a) - rank.indexOf(b)),
    );
  });

  test('--log-file and --json-logs: one JSON object a line, in the file and not on stderr', () => {
    const file = join(fresh(), 'logs', 'run.log');
    const args = ['--log-file', file, '--json-logs', '--log-level', 'debug'];
    const run = runProcess(['run', small, '--out', fresh(), ...args]);
    assert.equal(run.code, 0, run.stderr);
    assert.equal(run.stderr, '');
    assert.ok(existsSync(file));
    for (const line of readJsonLines(file)) assert.ok('time' in line && 'msg' in line);
  });
});

describe('query', () => {
  const { out } = sharedRun('sound');

  test('without SQL: the tables, their rows and what they hold', () => {
    const run = runCli(['query', '--out', out, '--format', 'json']);
    assert.equal(run.code, 0, run.stderr);
    const manifest = readManifest(join(out, 'current'));
    const expected = readSchema(join(out, 'current')).map(({ name, description }) => ({
      table: name,
      rows: manifest.tables[name]!.rows,
      description,
    }));
    assert.deepEqual(parseJsonLines(run.stdout), expected);
    assert.match(runCli(['query', '--out', out]).stdout, /^images +\d+  A row /m);
  });

  test('with SQL: every table is a view; JSON has null, dates as text and lists', () => {
    const sql = `SELECT count(*)::INT AS n, DATE '2020-02-29' AS d, [1, 2] AS l, NULL AS x FROM clients, (SELECT 1)`;
    const run = runCli(['query', sql, '--out', out, '--format', 'json']);
    assert.deepEqual(parseJsonLines(run.stdout), [{ n: 24, d: '2020-02-29', l: [1, 2], x: null }]);
  });

  test('SQL that is none: says so, exit 1', () => {
    const run = runCli(['query', 'SELEC 1', '--out', out]);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^omidb-etl: Parser Error: syntax error at or near "SELEC"/);
    assert.doesNotMatch(run.stderr, /error of the program/);
  });

  test('another snapshot by its run id, and an output whose path has brackets, quotes and spaces', () => {
    const odd = join(fresh(), `o[1] it's *`);
    const first = readManifest(publish([], odd)).run_id;
    const list = join(folder, 'one.txt');
    writeFileSync(list, `${clients[0]!}\n`);
    publish(['--clients-file', list], odd);
    const count = (...args: string[]) => {
      const run = runCli([
        'query',
        'SELECT count(*)::INT AS n FROM clients',
        '--out',
        odd,
        '--format',
        'json',
        ...args,
      ]);
      assert.equal(run.code, 0, run.stderr);
      return parseJsonLines(run.stdout)[0]!['n'];
    };
    assert.equal(count(), 1);
    assert.equal(count('--snapshot', first), 5);
  });
});
