import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { MAX_JSON_BYTES } from '../../pipeline/omi-db/json.js';
import {
  Database,
  Findings,
  goodHeader,
  goodImagedb,
  goodNbss,
  IMAGE,
  SERIES,
  STUDY,
  UNTOUCHED,
} from './database.js';
import { cpuSeconds } from '../helpers/cpu.js';
import { turnsOf } from '../helpers/extent.js';

const NBSS = 'optm1/nbss_optm1.json';
const IMAGEDB = 'optm1/imagedb_optm1.json';
const HEADER = `optm1/${STUDY}/${IMAGE}.json`;

/** What is found when the client's nbss file holds this; the rest of the client and the other one must be there. */
function withNbss(json: string | Buffer | object): Findings {
  const database = new Database();
  database.nbss(json);
  const found = Findings.of(database);
  for (const table of ['clients', 'studies', 'images', 'marks'])
    assert.equal(found.table(table).length, 1, table);
  assert.equal(found.summary('optm2'), UNTOUCHED);
  return found;
}

/** The nbss file and a study that found no episode. */
function assertUnreadable(found: Findings, detail: RegExp): void {
  const [row] = found.mismatches.filter(({ kind }) => kind === 'json_unreadable');
  assert.equal(row?.['path'], NBSS);
  assert.match(String(row['detail']), detail);
  assert.equal(found.table('episodes').length, 0);
  assert.deepEqual(found.kinds(), [`json_unreadable ${NBSS}`]);
}

const extraOf = (found: Findings, table: string): unknown =>
  JSON.parse((found.table(table)[0]?.['extra'] ?? 'null') as string);

describe('files that are no JSON object', () => {
  const text = JSON.stringify(goodNbss());
  const cases: readonly [string, string | Buffer, RegExp][] = [
    ['empty', '', /empty/],
    ['white space', ' \n\t', /white space/],
    ['an array', '[{}]', /not an object/],
    ['null', 'null', /not an object/],
    ['a number', '1e999', /not an object/],
    ['a word', '{"ClientID": Nan}', /not JSON \(line 1, column 14\)/],
    ['two numbers in one', '{"7": {"PatientAge": 1.2.3}}', /not JSON \(line 1, column /],
    ['a thousand and one NaN', `{"a": [${'NaN,'.repeat(1000)}NaN]}`, /more than 1000 numbers/],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${text}`, 'utf16le'), /UTF-16/],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), /not JSON/],
    ['NULs', Buffer.alloc(5000), /not JSON/],
    ['two objects', '{}{}', /not JSON/],
    ['a comment', '{} // no', /not JSON/],
    [
      'brackets that open 100,000 times and close',
      `{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`,
      /deeper than 100/,
    ],
    ['objects in each other 100,000 times', `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`, /deeper than 100/],
    ['brackets that open 30,000 times', '['.repeat(3e4), /deeper than 100/],
    ['brackets that open 60 million times', '['.repeat(6e7), /deeper than 100/],
    ['20 million objects', `{"a":[${'{},'.repeat(2e7)}{}]}`, /more than 1000000 values/],
    [
      'an object of 20,000 keys',
      `{${Array.from({ length: 2e4 }, (_, i) => `"${i}":{}`).join(',')}}`,
      /10000 keys/,
    ],
    ['a key that stands 200,000 times', `{${'"a":0,'.repeat(2e5)}"b":0}`, /10000 keys/],
  ];
  for (const [name, bytes, detail] of cases)
    test(`${name}: json_unreadable, and the rest of the client kept`, () => {
      const start = cpuSeconds();
      assertUnreadable(withNbss(bytes), detail);
      assert.ok(cpuSeconds() - start < 60);
    });

  test('a gigabyte of zeros and one byte over the limit: refused unread', () => {
    for (const size of [1e9, MAX_JSON_BYTES + 1]) {
      const database = new Database();
      truncateSync(database.at(`data/${NBSS}`), size);
      const before = process.memoryUsage().rss;
      assertUnreadable(Findings.of(database), /more than the limit/);
      assert.ok(process.memoryUsage().rss - before < 100e6);
    }
  });

  test('more spaces before an object than the limit: refused', () => {
    const database = new Database();
    writeFileSync(database.at(`data/${NBSS}`), Buffer.alloc(MAX_JSON_BYTES + 2, ' '), { flag: 'r+' });
    assertUnreadable(Findings.of(database), /more than the limit/);
  });

  test('60 million spaces before an object are nothing', () => {
    assert.deepEqual(withNbss(Buffer.concat([Buffer.alloc(6e7, ' '), Buffer.from(text)])).kinds(), []);
  });

  test('truncated anywhere: json_unreadable, for each of the three files', () => {
    const database = new Database();
    const long = { ...goodNbss(), notes: 'x'.repeat(1000), more: { a: [1, 2, { b: 'é'.repeat(500) }] } };
    const bytes = Buffer.from(JSON.stringify(long));
    let count = 0;
    for (let size = 1; size < bytes.length; size += 100) {
      const cut = bytes.subarray(0, size);
      database.nbss(cut);
      database.imagedb(cut);
      database.imageJson(cut);
      const kinds = Findings.of(database)
        .kinds()
        .filter((kind) => kind.startsWith('json_unreadable'));
      const expected = [HEADER, IMAGEDB, NBSS].map((path) => `json_unreadable ${path}`);
      assert.deepEqual(kinds, expected.sort(), `cut at ${size}`);
      count++;
    }
    assert.ok(count > 20);
  });
});

describe('numbers that are no JSON cost one value, not the file', () => {
  test('each has a row that says where it stands', () => {
    const database = new Database();
    database.imageJson(
      Buffer.from(
        JSON.stringify({
          ...goodHeader(),
          '00180060': { vr: 'DS', Value: ['@'] },
          '00181110': { vr: 'FD', Value: ['#'] },
          '00181111': { vr: 'FD', Value: ['@nan'] },
        })
          .replace('"@"', '28.')
          .replace('"@nan"', 'nan')
          .replace('"#"', '\n  -Infinity'),
      ),
    );
    const found = Findings.of(database);
    const [image] = found.table('images');
    assert.equal(image!['kvp'], null);
    assert.equal(image!['distance_source_to_detector'], null);
    assert.equal(image!['modality'], 'MG');
    const rows = found.mismatches.filter(({ path }) => path === HEADER);
    assert.deepEqual(
      rows.map((row) => [row.kind, row['found'], /At line \d+, column \d+ /.test(String(row['detail']))]),
      [
        ['number_invalid', '28.', true],
        ['number_invalid', '-Infinity', true],
        ['number_invalid', 'nan', true],
      ],
    );
    assert.match(String(rows[1]!['detail']), /^At line 2, column 3 /);
  });

  test('within texts they are text', () => {
    assert.deepEqual(
      withNbss('{"notes": "NaN, 28. and \\" Infinity"}').kinds(),
      withNbss('{"notes": "x"}').kinds(),
    );
  });
});

describe('keys that JavaScript treats in its own way', () => {
  const KEYS = [
    '__proto__',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'toString',
    'valueOf',
    'length',
    '',
  ];
  /** The object with each of these keys, whose values are objects, at every level. */
  const spoilt = (value: unknown): string => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
    const own = Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}:${spoilt(child)}`);
    return `{${[...KEYS.map((key) => `${JSON.stringify(key)}:{"polluted":true}`), ...own].join(',')}}`;
  };

  test('__proto__, constructor and the like, at every level of every file: kept as keys, nothing polluted', () => {
    const database = new Database();
    database.nbss(spoilt(goodNbss()));
    database.imagedb(spoilt(goodImagedb()));
    database.imageJson(spoilt(goodHeader()));
    const found = Findings.of(database);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    for (const table of ['clients', 'studies', 'images']) assert.equal(found.table(table).length, 1, table);
    // In nbss and in an image, an object under any key is an episode and a mark.
    assert.equal(found.table('episodes').length, 1 + KEYS.length);
    assert.equal(found.table('marks').length, 1 + KEYS.length);
    for (const table of ['studies', 'series', 'images', 'events'])
      for (const key of KEYS)
        assert.ok(Object.hasOwn(extraOf(found, table) as object, key), `${table} lost the key ${key}`);
    const unknown = found.mismatches
      .filter(({ kind }) => kind === 'field_unknown')
      .map((row) => row['found']);
    for (const key of KEYS) assert.ok(unknown.includes(key), `${key} was not reported`);
  });

  test('a key that stands twice: the last counts, the first is in the manifest, at every level', () => {
    const found = withNbss('{"ClientID":"x","ClientID":"optm1","7":{"a":1,"a":{"b":2,"b":3}}}');
    assert.deepEqual(
      found.mismatches
        .filter(({ kind }) => kind === 'json_key_duplicate')
        .map((row) => row['found'])
        .sort(),
      ['"x"', '1', '2'],
    );
    assert.deepEqual(extraOf(found, 'episodes'), { a: { b: 3 } });
  });

  test('episodes whose keys look like numbers stay in the order of the file, however many', () => {
    const ids = Array.from({ length: 5000 }, (_, i) => String(5000 - i));
    const found = withNbss(`{${ids.map((id) => `"${id}":{}`).join(',')}}`);
    assert.deepEqual(
      found.table('episodes').map((row) => row['episode_id']),
      ids,
    );
  });
});

describe('numbers', () => {
  test('beyond 2^53 and beyond 1e308 keep every digit', () => {
    const digits = [
      '9007199254740993',
      '-12345678901234567890123',
      '1e400',
      '-1e400',
      '123456789012345678901234567890e-5',
    ];
    const fields = digits.map((text, i) => `"unknown${i}":${text}`).join(',');
    const found = withNbss(`{"7":{${fields},"AccessionID":9007199254740993}}`);
    assert.deepEqual(Object.values(extraOf(found, 'episodes') as object), digits);
    assert.equal(found.table('episodes')[0]!['accession_id'], '9007199254740993');
  });

  test('in a column that cannot hold them: number_invalid, and the raw text in extra', () => {
    const found = withNbss('{"7":{"PatientAge":1e400}}');
    const [row] = found.mismatches.filter(({ kind }) => kind === 'number_invalid');
    assert.equal(row?.['found'], '1e400');
    assert.equal(found.table('episodes')[0]!['patient_age'], null);
    assert.deepEqual(extraOf(found, 'episodes'), { PatientAge: '1e400' });
  });

  test('coordinates of 1e308, 1e400, of 10,000 digits or -0 are numbers or make the mark invalid', () => {
    const coordinates = [
      '1e308',
      '-1e308',
      '1e400',
      '"1e308"',
      `"${'9'.repeat(10_000)}"`,
      '-0',
      '"NaN"',
      '4294967296',
    ];
    for (const x of coordinates) {
      const database = new Database();
      const mark = `{"X1":${x},"Y1":1,"X2":3,"Y2":${x},"Width":${x}}`;
      database.imagedb(`{"STUDIES":{"${STUDY}":{"${SERIES}":{"${IMAGE}":{"m":${mark}}}}}}`);
      const found = Findings.of(database);
      const [row] = found.table('marks');
      const x1 = row!['x1'];
      assert.ok(x1 === null || Number.isFinite(x1), x);
      const kind = x1 === null ? 'mark_invalid' : 'mark_out_of_bounds';
      // Without Rows and Columns, only boxes with their corners exchanged are seen to be wrong.
      if (x1 === null || (x1 as number) > 3) assert.ok(found.kinds().includes(`${kind} ${IMAGEDB}`), x);
    }
  });

  test('a million digits that are no number are told to be none at once', () => {
    const long = `${'1'.repeat(1e6)}x`;
    const database = new Database();
    database.nbss({ '7': { PatientAge: long } });
    database.imageJson({
      ...goodHeader(),
      '00280030': { vr: 'DS', Value: [long] },
      '00081070': { vr: 'PN', Value: [{ Alphabetic: `${'='.repeat(1e6)}x` }] },
    });
    const start = cpuSeconds();
    const kinds = Findings.of(database).kinds();
    assert.ok(cpuSeconds() - start < 60);
    assert.ok(kinds.includes(`number_invalid ${NBSS}`));
  });
});

describe('text', () => {
  test('a byte-order mark is no part of it', () => {
    assert.deepEqual(withNbss(`\ufeff${JSON.stringify(goodNbss())}`).kinds(), []);
  });

  test('bytes that are not UTF-8 become U+FFFD and are reported', () => {
    const bytes = Buffer.from(
      JSON.stringify({ ...goodNbss(), Site: 'XY' }).replace('XY', '\xff\xed\xa0\x80'),
      'latin1',
    );
    assert.ok(withNbss(bytes).kinds().includes(`json_encoding_invalid ${NBSS}`));
  });

  test('halves of characters keep their spelling, stay apart as keys, and are reported with their number', () => {
    const found = withNbss(
      String.raw`{"7\ud800":{"a":"\uDFFFx\uD83D\uDE00"},"7\ud801":{"AccessionID":"\\ud800 \ude00\ud83d"}}`,
    );
    assert.deepEqual(
      found.table('episodes').map((row) => row['episode_id']),
      [String.raw`7\ud800`, String.raw`7\ud801`],
    );
    assert.deepEqual(extraOf(found, 'episodes'), { a: `\\uDFFFx\u{1F600}` });
    assert.equal(found.table('episodes')[1]!['accession_id'], String.raw`\ud800 \ude00\ud83d`);
    const [row] = found.mismatches.filter(({ kind }) => kind === 'json_encoding_invalid');
    assert.equal(row?.['found'], '5');
  });

  test('control characters in UIDs and ids: no UIDs, ids as they are', () => {
    const database = new Database();
    const study = `{"1.2\\u0000":{},"1.2\\n":{},"${IMAGE}":{"m\\u0000\\u001b":{"X1":1}}}`;
    database.imagedb(`{"STUDIES":{"${STUDY}":{"${SERIES}":${study}},"1.9\\u0000":{}}}`);
    const found = Findings.of(database);
    assert.deepEqual(
      found.table('marks').map((row) => row['mark_id']),
      ['m\0\u001b'],
    );
    assert.deepEqual(Object.keys(extraOf(found, 'series') as object), ['1.2\0', '1.2\n']);
    assert.deepEqual(
      found.table('studies').map((row) => row['study_instance_uid']),
      [STUDY],
    );
  });

  test('a list of 200,000 lesions in one text is no list', () => {
    const database = new Database();
    const list = Array.from({ length: 200_000 }, (_, i) => i).join(',');
    const mark = { X1: 1, Y1: 1, X2: 2, Y2: 2, LinkedNBSSLesionNumber: list };
    database.imagedb({ STUDIES: { [STUDY]: { [SERIES]: { [IMAGE]: { m: mark } } } } });
    const found = Findings.of(database);
    assert.equal(found.table('mark_lesions').length, 0);
    assert.equal(found.table('marks')[0]!['linked_nbss_lesion_number'], list);
    assert.ok(found.kinds().includes(`mark_lesion_unresolved ${IMAGEDB}`));
  });
});

describe('files of a shape that no client has', () => {
  const many = (count: number, item: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => item(i)).join(',');
  const study = (i: number) => `"1.${i + 1}":{"StudyDate":"20100101","EpisodeID":"${i}"}`;
  const screened = '"SCREENING":{"L":{"DateTaken":"2010-01-01"}}';
  const studies = turnsOf(4000, 1200);
  const shapes: Record<string, [string, string]> = {
    [`${studies} studies of as many episodes`]: [
      `{"STUDIES":{${many(studies, study)}}}`,
      `{${many(studies, (i) => `"${i}":{"StudyList":"1.${i + 1}",${screened}}`)}}`,
    ],
    '150,000 series': [
      `{"STUDIES":{${many(15, (i) => `"1.${i}":{${many(9999, (j) => `"1.${j}":{}`)}}`)}}}`,
      '{}',
    ],
    '10,000 marks, 10,000 screens, 10,000 lesions': [
      `{"STUDIES":{"${STUDY}":{"${SERIES}":{"${IMAGE}":{${many(9999, (i) => `"${i}":{"X1":1}`)}}}}}}`,
      `{"1":{"OTHERSCREENING":{${many(9999, (i) => `"${i + 1}":{}`)}},${screened},"LESION":{"L":{${many(9999, (i) => `"${i}":{}`)}}}}}`,
    ],
  };
  for (const [name, [imagedb, nbss]] of Object.entries(shapes))
    test(`${name}: read to the end, in minutes and not in hours`, () => {
      const database = new Database();
      database.imagedb(imagedb);
      database.nbss(nbss);
      const start = cpuSeconds();
      const found = Findings.of(database);
      const seconds = cpuSeconds() - start;
      assert.ok(seconds < 300, `it took ${seconds.toFixed(1)} s`);
      assert.ok(found.table('studies').length > 0);
      assert.equal(found.summary('optm2'), UNTOUCHED);
    });
});
