import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { MISMATCH_KINDS } from '../../schemas/mismatch-kinds.js';
import { noBrowser, openBrowser } from '../helpers/browser.js';
import { temporaryFolder } from '../helpers/cli.js';
import { itemsOf } from '../helpers/extent.js';
import { HOSTILE_NAMES, manySites, reportOf, reportOfRows, writePage } from '../helpers/report.js';
import { sharedRun } from '../helpers/shared-run.js';

const folder = temporaryFolder();
const KINDS = Object.entries(MISMATCH_KINDS).map(([kind, { severity }]) => ({ kind, severity }));

/** The pages that are looked at, by name; of what is seen of all of them a small set sees one. */
const PAGES: Readonly<Record<string, () => Promise<string>>> = {
  sample: () => reportOf(sharedRun('faulty').current),
  many: () => reportOfRows(manySites(HOSTILE_NAMES, KINDS), { withIds: true }),
  empty: () => reportOfRows({}),
};

describe('the report in a browser', { skip: noBrowser }, () => {
  let browser: Browser;
  const files = new Map<string, string>();

  before(async () => {
    browser = await openBrowser();
  });

  after(() => browser.close());

  /** Opens a page; what the browser says of it is collected. */
  async function open(
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; said: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) said.push(`asked for ${request.url()}`);
    });
    const file = files.get(name) ?? writePage(folder, `${name}.html`, await PAGES[name]!());
    files.set(name, file);
    await page.goto(pathToFileURL(file).href);
    return { page, said };
  }

  const SOME = itemsOf(Object.keys(PAGES), 1);

  for (const name of SOME)
    test(`${name}: no message, nothing is fetched, and 360 to 1,600 px are enough without scrolling sideways`, async () => {
      const { page, said } = await open(name);
      assert.match(await page.title(), /^Report of OMI-DB snapshot \d{8}T/);
      for (const width of [360, 800, 1600]) {
        await page.setViewportSize({ width, height: 900 });
        const content = await page.evaluate<number>('document.documentElement.scrollWidth');
        assert.ok(content <= width, `${content} px of content on ${width}`);
      }
      assert.deepEqual(said, []);
    });

  const looked = [['sample', 'light'], ['sample', 'dark'], ['many', 'light'], ['empty', 'light']] as const; // prettier-ignore
  for (const [name, colorScheme] of itemsOf(looked, 1))
    test(`${name}, ${colorScheme}: axe finds nothing serious`, async () => {
      // axe itself is no part of the page, whose policy would not let it run.
      const { page } = await open(name, { colorScheme, bypassCSP: true });
      // The numbers of each chart, and one table of the dictionary: it takes seconds for a thousand rows.
      await page.evaluate(`
        for (const part of document.querySelectorAll('figure details, #table-mark_lesions')) part.open = true;
        for (const row of document.querySelectorAll('#completeness tbody tr:nth-child(n + 20)')) row.remove();`);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      assert.deepEqual(
        serious.map(({ id, nodes }) => [id, nodes.length, nodes[0]?.html.slice(0, 200), nodes[0]?.failureSummary]),
        [],
      ); // prettier-ignore
    });

  test('without script everything is there, and nothing that does nothing', async () => {
    const { page } = await open('sample', { javaScriptEnabled: false });
    assert.equal(await page.locator('input, button').count(), 0);
    assert.ok(await page.locator('#mismatches tbody tr').first().isVisible());
    await page.locator('#table-images summary').click();
    assert.ok(await page.locator('[id="images.kvp"]').isVisible());
  });

  test('a table is sorted by a click, as numbers where they are numbers, and back by another', async () => {
    const { page } = await open('sample');
    const column = async () =>
      (await page.locator('#mismatches tbody tr td:nth-child(3)').allTextContents()).map((number) =>
        Number(number.replaceAll(',', '')),
      );
    const head = page.locator('#mismatches thead th:nth-child(3)');
    await head.locator('button').click();
    const up = await column();
    assert.deepEqual(
      up,
      up.toSorted((a, b) => a - b),
    );
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    await head.locator('button').click();
    assert.deepEqual(
      await column(),
      up.toReversed().toSorted((a, b) => b - a),
    );
    assert.notDeepEqual(up, await column());
  });

  test('the dictionary is searched: what fits is open, the rest is gone', async () => {
    const { page } = await open('sample');
    await page.locator('#dictionary input').fill('compressed thickness');
    const shown = await page.locator('#dictionary tbody tr:visible code').allTextContents();
    assert.ok(shown.includes('body_part_thickness') && shown.length < 10, shown.join());
    await page.locator('#dictionary input').fill('');
    assert.equal(await page.locator('#dictionary details:visible').count(), 24);
  });

  test('names that mean harm are shown, and do none', async () => {
    const { page } = await open('many');
    assert.match(await page.title(), /^Report of/);
    assert.ok(await page.getByText(HOSTILE_NAMES[0]!).first().isVisible());
  });

  for (const name of SOME)
    test(`${name}: is printed on some pages, not hundreds`, async () => {
      const { page } = await open(name);
      const pdf = (await page.pdf({ format: 'A4', path: join(folder, `${name}.pdf`) })).toString('latin1');
      const pages = pdf.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
      assert.ok(pages >= 2 && pages <= 40, `${pages} pages`);
      assert.ok(pdf.length < 2_000_000, `${pdf.length} bytes`);
    });
});
