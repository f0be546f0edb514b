import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { UsageFault } from '../../pipeline/base/fault.js';
import { readUserCsv } from '../../pipeline/storage/user-csv.js';
import { inspectSideTables } from '../../pipeline/stages/side/side-file.js';
import { temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
let files = 0;

function fileOf(content: string | Buffer): string {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, content);
  return path;
}

/** Each record with the line that it ends on. */
async function recordsOf(content: string | Buffer): Promise<[number, ...string[]][]> {
  const records: [number, ...string[]][] = [];
  await readUserCsv(fileOf(content), 'the table', ({ line, fields }) => records.push([line, ...fields]));
  return records;
}

async function columnsOf(content: string): Promise<Record<string, string>> {
  const [file] = await inspectSideTables([{ name: 'own', path: fileOf(content) }]);
  return Object.fromEntries(file!.columns.map(({ name, type }) => [name, type]));
}

describe('records of a CSV file', () => {
  for (const [what, content, expected] of [
    [
      'plain',
      'a,b\n1,2\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'a byte order mark, lines of Windows',
      '\ufeffa,b\r\n1,2\r\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'lines of old programs, none at the end',
      'a,b\r1,2\r3,4',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
        [3, '3', '4'],
      ],
    ],
    [
      'blank lines',
      '\na,b\n\n\n1,2\n\n',
      [
        [2, 'a', 'b'],
        [5, '1', '2'],
      ],
    ],
    [
      'quotes, commas and lines in a field',
      'a,b\r\n"x,""y""","1\r\n2\r\n3"\r\n4,5\r\n',
      [
        [1, 'a', 'b'],
        [4, 'x,"y"', '1\r\n2\r\n3'],
        [5, '4', '5'],
      ],
    ],
    [
      'no value, and blanks',
      'a,b\n, x \n"",y\n',
      [
        [1, 'a', 'b'],
        [2, '', ' x '],
        [3, '', 'y'],
      ],
    ],
    [
      'letters of several bytes',
      'a,b\n\u00e9,\ud83d\ude00\n',
      [
        [1, 'a', 'b'],
        [2, '\u00e9', '\ud83d\ude00'],
      ],
    ],
  ] as const)
    // prettier-ignore
    test(what, async () => {
      assert.deepEqual(await recordsOf(content), expected);
    });

  test('a file larger than what is read at once, with a letter across its pieces', async () => {
    // 4 + 2 * 524286 bytes and one: the next letter begins at the last byte of the first 2^20.
    const text = `a\n${'\u00e9'.repeat(300_000)}\n${'\u00e9'.repeat(300_000)}\nx\n`;
    const records = await recordsOf(text);
    assert.deepEqual(records.map(([line, field]) => [line, field!.length]), [[1, 1], [2, 300_000], [3, 300_000], [4, 1]]); // prettier-ignore
    assert.ok(records.every(([, field]) => !field!.includes('\ufffd')));
  });

  for (const [what, content, says] of [
    ['nothing', '', /the table: .*\.csv is empty: give a CSV file whose first line/],
    ['blank lines only', '\r\n\r\n', /is empty/],
    ['a field too few', 'a,b\n1,2\n3\n', /\.csv, line 3: 1 fields where the header has 2: put a comma/],
    ['a field too many', 'a,b\n"x\ny",2\n3,4,5\n', /\.csv, line 4: 3 fields where the header has 2/],
    ['a quote that is not closed', 'a,b\n1,"2\n3,4\n', /\.csv, line \d: a quote is opened and not closed/],
    ['a quote within a field', 'a,b\n1,5" long\n', /\.csv, line 2: a quote stands within a field/],
    ['something after a quote', 'a,b\n1,"secret"more\n', /\.csv, line 2: something follows a closing quote/],
    ['an endless row', `a,b\n1,"${'x'.repeat(1_100_000)}`, /\.csv, line 2: a row of more than a million/],
    [
      'another character set',
      Buffer.from('a,b\n1,2\n3,Soci\xe9t\xe9\n', 'latin1'),
      /\.csv, line 3: is not UTF-8/,
    ],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), /\.csv, line 1: is not UTF-8/],
    ['half a letter at the end', Buffer.from([0x61, 0x0a, 0xc3]), /\.csv, line 2: ends within a character/],
  ] as const)
    test(`${what}: wrong usage that names the line and quotes no value`, async () => {
      await assert.rejects(recordsOf(content), (error: Error) => {
        assert.ok(error instanceof UsageFault);
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /secret|long|Soci/);
        return true;
      });
    });

  test('a file that is not there, and a folder', async () => {
    mkdirSync(join(folder, 'sub.csv'));
    const read = (name: string) => readUserCsv(join(folder, name), 'the table', () => undefined);
    await assert.rejects(
      read('none.csv'),
      /the table: .*none\.csv cannot be read \(ENOENT\): check the path/,
    );
    await assert.rejects(read('sub.csv'), /sub\.csv is no plain file: give a CSV file/);
  });
});

describe('columns of a side table', () => {
  for (const [texts, type] of [
    [['1', '', '-20'], 'long'],
    [['9007199254740991'], 'long'],
    // 2^53 + 1 is no double.
    [['9007199254740993'], 'string'],
    [['1', '2.5', '.5', '1e3'], 'double'],
    [['0.1', '-0'], 'double'],
    [['0.12345678901234567890'], 'string'],
    [['1e400'], 'string'],
    [['007', '8'], 'string'],
    [['+5'], 'string'],
    [['1', ' 2'], 'string'],
    [['NaN'], 'string'],
    [['1,5'], 'string'],
    [['2012-02-29', ''], 'date'],
    [['2012-02-30'], 'string'],
    [['2012-2-3'], 'string'],
    [['20120203'], 'long'],
    [['2012-02-03', '03/02/2012'], 'string'],
    [['2012-02-03', '5'], 'string'],
    [['true', 'FALSE', ''], 'bool'],
    [['Y', 'N'], 'string'],
    [['true', '1'], 'string'],
    [['', ''], 'string'],
    [[], 'string'],
  ] as const)
    test(`${JSON.stringify(texts)} is ${type}`, async () => {
      const rows = texts.map((text) => `optm1,"${text}"\n`).join('');
      assert.deepEqual(await columnsOf(`client_id,x\n${rows}`), { client_id: 'string', x: type });
    });

  test('come with the keys first, which are text, whatever they are called', async () => {
    const header = 'density,SOPInstanceUID,Client ID,BI-RADS a/b,StudyIUID,select,Ethnicit\u00e9,__proto__\n';
    assert.deepEqual(Object.keys(await columnsOf(`${header}1,2,3,4,5,6,7,8\n`)), [
      'client_id',
      'study_instance_uid',
      'sop_instance_uid',
      'density',
      'bi_rads_a_b',
      'select',
      'ethnicit\u00e9',
      'proto',
    ]);
    assert.equal((await columnsOf('client_id\n1\n'))['client_id'], 'string');
  });

  for (const [what, header, says] of [
    ['no key', 'patient,density', /^--side-table own: .*\.csv, line 1: no column is called client_id,/],
    ['another separator', 'client_id;density', /no column is called client_id/],
    [
      'a name twice',
      'client_id,Density,density',
      /column 3, "density", and column 2, "Density", would both be density/,
    ],
    [
      'a key twice',
      'client_id,ClientID',
      /column 2, "ClientID", and column 1, "client_id", would both be client_id/,
    ],
    ['a column without a name', ',client_id', /column 1 has no name: give it one/],
    ['a name of signs only', 'client_id,%', /column 2 has no name/],
    [
      'the name of the column of lines',
      'client_id,File Line',
      /column 2, "File Line", has a name that is taken/,
    ],
  ] as const)
    test(`${what}: wrong usage`, async () => {
      await assert.rejects(columnsOf(`${header}\n`), (error: Error) => {
        assert.ok(error instanceof UsageFault);
        assert.match(error.message, says);
        return true;
      });
    });

  test('may be a thousand', async () => {
    const header = Array.from({ length: 1000 }, (_, i) => `c${i}`).join(',');
    const row = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? `${i}` : `x${i}`)).join(',');
    const columns = await columnsOf(`client_id,${header}\noptm1,${row}\n`);
    assert.equal(Object.keys(columns).length, 1001);
    assert.deepEqual([columns['c998'], columns['c999']], ['long', 'string']);
  });
});
