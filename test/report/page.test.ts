import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { parseHTML, type LinkedElement } from 'linkedom';
import { MISMATCH_KINDS } from '../../schemas/mismatch-kinds.js';
import { HOSTILE_NAMES, manySites, reportOfRows } from '../helpers/report.js';

type Node = Pick<LinkedElement, 'querySelector' | 'querySelectorAll'>;

const parsed = (page: string) => parseHTML(page).document;
const all = (node: Node, selector: string) => [...node.querySelectorAll(selector)];
const text = (node: LinkedElement | null) => node!.textContent.replace(/\s+/g, ' ').trim();

const KINDS = Object.entries(MISMATCH_KINDS).map(([kind, { severity }]) => ({ kind, severity }));
const ROWS = manySites(HOSTILE_NAMES, KINDS);
const page = await reportOfRows(ROWS);
const document = parsed(page);

describe('a page of 60 sites, every kind of mismatch and names that mean harm', () => {
  test('holds every section in its order', () => {
    assert.deepEqual(
      all(document, 'main > section').map((section) => section.getAttribute('id')),
      ['today', 'table1', 'flow', 'mismatches', 'coverage', 'completeness', 'distributions', 'boxes', 'dictionary'],
    ); // prettier-ignore
    assert.ok(Buffer.byteLength(page) < 2_000_000);
  });

  test('shows the names as text: no element, attribute or comment comes from them', () => {
    assert.equal(all(document, 'script').length, 1);
    assert.deepEqual(all(document, 'img, iframe, object, link, b'), []);
    const handlers = all(document, '*').flatMap(({ attributes }) => [...attributes].filter(({ name }) => /^on|^style$|^src$/.test(name))); // prettier-ignore
    assert.deepEqual(handlers, []);
    for (const name of HOSTILE_NAMES.slice(0, 3)) {
      assert.ok(text(document.querySelector('#table1')).includes(name.replace(/\s+/g, ' ')), name);
      // Of a chart, and of its title.
      assert.ok(text(document.querySelector('#coverage svg')).includes(name.slice(0, 20)), name);
    }
  });

  test('shows what a browser obeys as an escape, and cuts what is too long', () => {
    const shown = text(document.querySelector('#table1'));
    assert.ok(shown.includes('a\\u202eright to left\\u0007'));
    assert.ok(!/[\u202e\u0007]/.test(page));
    assert.ok(shown.includes(`${'x'.repeat(60)}…`) && !page.includes('x'.repeat(61)));
  });

  test('lists every kind with its meaning and a query, and tells no value', () => {
    for (const { kind } of KINDS) {
      const row = document.querySelector(`#kind-${kind}`)!.closest('tr')!;
      assert.ok(text(row).includes(`WHERE kind = '${kind}'`), kind);
    }
    const row = document.querySelector('#kind-link_outside')!.closest('tr')!;
    assert.ok(text(row).includes(MISMATCH_KINDS.link_outside.description));
    assert.ok(!/free text|secret/.test(page.slice(0, page.indexOf('id="dictionary"'))));
  });

  test('allows itself nothing but its own style and script', () => {
    const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')!; // prettier-ignore
    const hash = (element: string) => {
      const content = new RegExp(`<${element}>([^]*?)</${element}>`).exec(page)![1]!;
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    };
    assert.deepEqual(policy.split('; '), [
      "default-src 'none'",
      `style-src ${hash('style')}`,
      `script-src ${hash('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    assert.ok(!/url\(|@import|https?:\/\/(?!www\.w3\.org\/)/.test(page), 'nothing is fetched');
  });

  test('says each chart in words, and has its numbers as a table', () => {
    const charts = all(document, 'svg');
    assert.ok(charts.length >= 9);
    for (const chart of charts) {
      assert.equal(chart.getAttribute('role'), 'img');
      const [title, description] = chart.getAttribute('aria-labelledby')!.split(' ');
      const words = [title, description].map((id) => text(chart.querySelector(`[id="${id!}"]`)));
      assert.ok(
        words.every((sentence) => sentence.length > 10),
        words.join(),
      );
      const figure = chart.closest('figure')!;
      assert.equal(text(figure.querySelector('figcaption')), words[0]);
      assert.ok(figure.querySelector('details table') !== null || /table below/.test(text(figure)));
    }
  });

  test('leads every link somewhere', () => {
    const ids = new Set(all(document, '[id]').map((element) => element.getAttribute('id')));
    assert.equal(ids.size, all(document, '[id]').length, 'no id stands twice');
    for (const link of all(document, 'a[href]')) assert.ok(ids.has(link.getAttribute('href')!.slice(1)), link.outerHTML); // prettier-ignore
  });

  test('is the same for the same tables', async () => {
    assert.equal(await reportOfRows(ROWS), page);
  });
});

describe('ids and paths', () => {
  // The dictionary explains columns by examples of its own.
  const withoutDictionary = (content: string) => content.slice(0, content.indexOf('id="dictionary"'));

  test('are not shown', () => {
    assert.ok(!/optm\d|\b1\.2\.\d/.test(withoutDictionary(page)));
    assert.ok(!withoutDictionary(page).includes('/secret/data'));
  });

  test('are shown with --with-ids: an example of each kind, and the folders', async () => {
    const shown = await reportOfRows(ROWS, { withIds: true });
    const row = parsed(shown).querySelector('#kind-link_outside')!.closest('tr')!;
    assert.match(text(row), /optm1/);
    assert.ok(withoutDictionary(shown).includes('/secret/data'));
    assert.ok(!withoutDictionary(shown).includes('free text'), 'but never values of free text');
  });
});

describe('counts below --min-count', () => {
  test('are hidden in each table, chart and sentence', async () => {
    // A site of 3 exams among two of 20: the numbers are found nowhere else.
    const sizes: [string, number][] = [['AAAA', 20], ['BBBB', 23], ['CCCC', 3]]; // prettier-ignore
    const images = sizes.flatMap(([site, exams]) =>
      Array.from({ length: exams }, (_, i) => ({
        client_id: `optm${site}${i}`,
        study_instance_uid: `${site}.${i}`,
        sop_instance_uid: `${site}.${i}`,
        site,
        study_date: '2015-06-01',
      })),
    );
    const rows = { clients: images, studies: images, images, image_summary: images, exams: images };
    const sites = (content: string) => {
      const rows = all(parsed(content).querySelector('#table1')!, 'tr');
      const lines = rows.map((row) => all(row, 'th, td').map(text).join(' ').trim());
      return lines.filter((line) => /^(AAAA|BBBB|CCCC) /.test(line));
    };
    assert.deepEqual(sites(await reportOfRows(rows)), ['BBBB 23 23 23 50.0 %', 'AAAA 20 20 20 43.5 %', 'CCCC 3 3 3 6.5 %']); // prettier-ignore
    const masked = await reportOfRows(rows, { minCount: 10 });
    assert.deepEqual(sites(masked), ['BBBB 23 23 23 50.0 %', 'AAAA · · ·', 'CCCC · · ·']);
    const coverage = all(parsed(masked).querySelector('#coverage')!, 'td').map(text);
    assert.deepEqual(coverage, ['·', '·', '23', '23', '·', '·']);
    assert.equal(all(parsed(masked), '#coverage svg rect:not([fill="none"])').length, 1, 'one cell is drawn');
  });

  test('leave out what could be compared with other runs', async () => {
    const shared = await reportOfRows(ROWS, { minCount: 10 });
    const rows = text(parsed(shared).querySelector('#dictionary'));
    assert.ok(!/\d rows/.test(rows));
  });
});

describe('the gate', () => {
  const result = { what: 'clients', direction: 'fall', limit: '2%', allowed: 3, before: 200, now: 180, over: 17 } as const; // prettier-ignore
  const kept = {
    what: 'error',
    direction: 'rise',
    limit: '5',
    allowed: 5,
    before: 2,
    now: 4,
    over: 0,
  } as const;
  const rowsOf = (content: string) =>
    all(parsed(content), '#today table tbody tr').map((row) => all(row, 'th, td').map(text));

  test('is told with what it held the snapshot to, and a snapshot that it refused says so first', async () => {
    const gate = { against: '20260101T000000.000Z-000000', results: [result, kept] };
    const refused = await reportOfRows({}, {}, { gate });
    assert.match(text(parsed(refused).querySelector('.verdict')), /^When it was made, the gate refused/);
    assert.deepEqual(rowsOf(refused), [
      ['clients', '200', '180', 'fall by 3 (2%)', 'refused, over by 17'],
      ['error', '2', '4', 'rise by 5 (5)', 'kept'],
    ]);
    const passed = await reportOfRows({}, {}, { gate: { ...gate, results: [kept] } });
    assert.match(text(parsed(passed).querySelector('.verdict')), /^No error/);
  });

  test('is left out where small counts are hidden: a difference may be one woman', async () => {
    const shared = await reportOfRows({}, { minCount: 10 }, { gate: { against: null, results: [result] } });
    assert.deepEqual(rowsOf(shared), []);
    assert.ok(!text(parsed(shared).querySelector('#today')).includes('refused'));
  });
});

test('a page without a row says so in each section', async () => {
  const empty = parsed(await reportOfRows({}));
  const sections = all(empty, 'main > section').map((section) => [section.getAttribute('id'), text(section)] as const); // prettier-ignore
  const said: Record<string, RegExp> = {
    today: /No error: whatever was found pairs up/,
    flow: /There are no images to follow/,
    mismatches: /There is no mismatch of any kind/,
    coverage: /No exam has a date/,
    completeness: /There are no images/,
    distributions: /No image has a value/,
    boxes: /No image has a box/,
  };
  for (const [id, words] of sections) assert.match(words, said[id!] ?? /./, id!);
  assert.equal(sections.length, 9);
});
