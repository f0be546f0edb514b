import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { displayWidth } from '../../pipeline/commands/text-layout.js';
import { runHere } from '../crash/helpers.js';
import { CLI, runCli } from '../helpers/cli.js';
import { BOUNDED } from '../helpers/processes.js';
import { fresh, writeClient } from '../history/helpers.js';

/** What commands print, for eyes on a terminal and for programs behind a pipe. */

describe('commands', () => {
  const [database, out] = [join(fresh(), 'db'), join(fresh(), 'out')];
  writeClient(database, 'optm1', {});
  before(() => runHere(database, out));

  test('query --format csv: what another program reads of it is what was asked, control characters as they are', () => {
    const values = `'a,"b"' AS x, 'l1' || chr(10) || 'l2' AS y, NULL AS n, '' AS e, [1, 2] AS l, chr(27) || '[31m' AS esc, TIMESTAMP '2020-01-02 03:04:05' AS t`;
    const { code, stdout } = runCli(['query', `SELECT ${values}`, '--format', 'csv', '--out', out]);
    assert.equal(code, 0);
    assert.deepEqual(parse(stdout, { record_delimiter: '\r\n' }), [
      ['x', 'y', 'n', 'e', 'l', 'esc', 't'],
      ['a,"b"', 'l1\nl2', '', '', '[1,2]', '\u001b[31m', '2020-01-02T03:04:05'],
    ]);
    assert.match(stdout, /,,"",/);
  });

  test('query --format csv: one header, however many rows; none but it without rows', () => {
    const many = runCli([
      'query',
      'SELECT range AS n FROM range(5000)',
      '--format',
      'csv',
      '--out',
      out,
    ]).stdout;
    assert.deepEqual(many.split('\r\n').slice(0, 2), ['n', '0']);
    assert.equal(many.split('\r\n').length, 5002);
    assert.equal(
      runCli(['query', 'SELECT 1 AS n WHERE false', '--format', 'csv', '--out', out]).stdout,
      'n\r\n',
    );
  });

  const hasScript = spawnSync('script', ['--version']).status === 0;
  const skip = hasScript ? false : 'needs script (util-linux)';

  /** The lines that a command prints on a terminal of so many columns. */
  function onTerminal(columns: number, ...args: readonly string[]): string[] {
    const quoted = [process.execPath, CLI, ...args].map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`);
    const command = `stty cols ${columns}; ${quoted.join(' ')}`;
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      input: '',
      ...BOUNDED,
    });
    return stdout.replaceAll('\r', '').split('\n');
  }
  const widest = (lines: readonly string[]) => Math.max(...lines.map(displayWidth));

  test('fit 80 columns and use 200', { skip }, () => {
    for (const args of [['query'], ['runs']]) {
      const narrow = onTerminal(80, ...args, '--out', out);
      assert.ok(widest(narrow) <= 80, narrow.join('\n'));
    }
    const help = onTerminal(80, 'run', '--help');
    assert.ok(widest(help) <= 80);
    assert.ok(onTerminal(200, 'run', '--help').length < help.length);
    assert.equal(onTerminal(200, 'query', '--out', out).find((line) => line.startsWith('codes'))?.includes('NBSS.'), true); // prettier-ignore
  });

  test('the bar fits 80 columns and takes more of 200; a pipe gets none, and no colours', { skip }, () => {
    const bars = (columns: number) => {
      const args = ['run', database, '--full', '--no-report', '--out', join(fresh(), 'out')];
      const printed = onTerminal(columns, ...args).join('\n');
      const lines = printed.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '\n').split('\n');
      return lines.filter((line) => line.includes('images/s |')).map(displayWidth);
    };
    const [narrow, wide] = [bars(80), bars(200)];
    assert.ok(narrow.length > 0 && Math.max(...narrow) <= 80, String(narrow));
    assert.ok(Math.max(...wide) > 100 && Math.max(...wide) <= 200, String(wide));
    const piped = runCli(['run', database, '--full', '--out', join(fresh(), 'out')]);
    assert.doesNotMatch(piped.stderr + piped.stdout, /\u001b|░|█/);
  });

  test('a row that is wider than the screen is shown on its side, and whole', { skip }, () => {
    const sql = `SELECT 'x' AS short, '日本' AS wide, repeat('0123456789', 8) AS long UNION ALL SELECT 'y', '', 'z'`;
    assert.deepEqual(
      onTerminal(60, 'query', sql, '--out', out).filter((line) => line !== ''),
      [
        'row 1',
        '  short  x',
        '  wide   日本',
        '  long   012345678901234567890123456789012345678901234567890',
        '         12345678901234567890123456789',
        'row 2',
        '  short  y',
        '  wide',
        '  long   z',
      ],
    );
    const named = `SELECT 'x' AS "a name that is long", repeat('0', 30) AS n`;
    assert.deepEqual(onTerminal(24, 'query', named, '--out', out).slice(0, 5), ['row 1', '  a name that   x', '  is long', '  n             00000000', '                00000000']); // prettier-ignore
    assert.match(onTerminal(200, 'query', sql, '--out', out)[0]!, /^short {2}wide {2}long$/);
  });
});
