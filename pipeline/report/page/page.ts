import { createHash } from 'node:crypto';
import { boxSection } from '../sections/boxes.js';
import { completenessSection } from '../sections/completeness.js';
import { coverageSection } from '../sections/coverage.js';
import { dictionarySection } from '../sections/dictionary.js';
import { distributionSection } from '../sections/distributions.js';
import { flowSection } from '../sections/flow.js';
import { mismatchSection } from '../sections/mismatches.js';
import { overviewSection } from '../sections/overview.js';
import { tableOneSection } from '../sections/table-one.js';
import type { View } from '../view.js';
import { html, Html } from './html.js';
import { HIDDEN } from './shown.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

/** How every page begins: by it the program knows its own files again. */
export const PAGE_START = '<!doctype html>\n<!-- omidb-etl report -->\n';

const CONTENTS = [
  ['today', 'Today'],
  ['table1', 'Table 1'],
  ['flow', 'Flow'],
  ['mismatches', 'Mismatches'],
  ['coverage', 'Coverage'],
  ['completeness', 'Completeness'],
  ['distributions', 'Distributions'],
  ['boxes', 'Boxes'],
  ['dictionary', 'Dictionary'],
] as const;

/** The whole page. It loads nothing: the only style and script that it may run are the ones that it brings, by their hashes. */
export function page(view: View): string {
  const { runId } = view.figures.overview;
  const parts = [
    PAGE_START,
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy()}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">',
    html`<title>Report of OMI-DB snapshot ${runId}</title>`.text,
    `<style>${STYLE}</style></head><body>\n`,
    body(view).text,
    `\n<script>${SCRIPT}</script></body></html>\n`,
  ];
  return parts.join('');
}

function body(view: View): Html {
  return html`<header>
      <h1>Report of an OMI-DB snapshot</h1>
      <p class="quiet">
        What is in this copy, what is wrong with it, and what its columns mean. Snapshot
        <code>${view.figures.overview.runId}</code>.
      </p>
      ${masked(view)}
      <nav aria-label="Contents">
        <ul>
          ${CONTENTS.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
        </ul>
      </nav>
    </header>
    <main>
      ${[
        overviewSection(view),
        tableOneSection(view),
        flowSection(view),
        mismatchSection(view),
        coverageSection(view),
        completenessSection(view),
        distributionSection(view),
        boxSection(view),
        dictionarySection(view),
      ]}
    </main>
    <footer>
      <p>
        Made by omidb-etl from the tables of the snapshot. It holds
        ${view.input.withIds ? 'ids of women: treat it as you treat the data' : 'no ids, no paths and no free text'}.
      </p>
    </footer>`;
}

function masked({ input: { minCount }, figures: { hidden } }: View): Html | null {
  if (minCount <= 1) return null;
  return html`<p>
    Counts below ${minCount} are hidden, and so are ${hidden.size === 0 ? 'none' : 'others'} from which they
    could be worked out: they stand as ${HIDDEN}. What could be compared with other runs is left out.
  </p> `;
}

function policy(): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    `script-src '${hashOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
