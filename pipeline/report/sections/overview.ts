import { courseChart } from '../charts/lines.js';
import type { Overview } from '../figures/overview.js';
import { html, type Content, type Html } from '../page/html.js';
import type { GateReport } from '../../snapshot/manifest.js';
import { chartFigure, section, table } from '../page/parts.js';
import { grouped, type Shown } from '../page/shown.js';
import type { View } from '../view.js';

/** What this is, and whether it can be trusted today. */
export function overviewSection(view: View): Html {
  const { overview } = view.figures;
  return section(
    'today',
    'Can this be trusted today?',
    'Tables are published only when every file was read back and every key, parent and code was checked. What does not pair up is never put right in silence: it is counted here.',
    [
      verdict(overview, view.shown),
      facts(overview, view.shown),
      gateAndBudgets(overview),
      trend(view),
      settings(view),
    ],
  );
}

function verdict({ errors, warnings, history, gate: held }: Overview, shown: Shown): Html {
  const isRefused = held !== null && held.results.some(({ over }) => over > 0);
  const sentence = shown.tell(
    [errors],
    (n) => {
      if (n === 0) return 'No error: whatever was found pairs up.';
      return n === 1
        ? 'One error: something was lost or contradicts itself.'
        : `${grouped(n)} errors: something was lost or contradicts itself.`;
    },
    'There are errors, fewer than may be told or told with others.',
  );
  const news =
    history === null
      ? null
      : html` Since run <code>${history.since}</code>: ${grouped(history.new)} mismatches are new,
          ${grouped(history.resolved)} are resolved.`;
  const gates = isRefused
    ? html`<p>
        <strong>When it was made, the gate refused this snapshot:</strong> it holds much less than the one
        before, or much more is wrong. See <a href="#gate">the gate</a>; <code>omidb-etl use</code> accepts
        it.
      </p>`
    : null;
  return html`<div class="verdict${errors.n > 0 || isRefused ? ' bad' : ''}">
    ${gates}
    <p>
      <strong>${sentence}</strong> ${shown.text(warnings)} warnings besides.
      <a href="#mismatches">What they are</a>.${news}
    </p>
  </div> `;
}

function facts(overview: Overview, shown: Shown): Html {
  const { clients, studies, images, dicomFiles, finished, runId, version } = overview;
  const entries: [string, Content][] = [
    ['women', shown.text(clients)],
    ['studies', shown.text(studies)],
    ['images', shown.text(images)],
    ['DICOM files', shown.text(dicomFiles)],
    ['made (UTC)', finished.slice(0, 16).replace('T', ' ')],
    ['omidb-etl', version],
  ];
  const items = entries.map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  return html`<dl class="facts">${items}</dl>
    <p>Run <code>${runId}</code>, which took ${grouped(Math.round(overview.seconds))} s.</p> `;
}

function gateAndBudgets({ gate, budgets }: Overview): Html {
  return html`${gate === null || gate.results.length === 0 ? null : gateTable(gate)}${budgets.length === 0 ? null : budgetTable(budgets)}`;
}

function gateTable({ against, results }: GateReport): Html {
  const rows = results.map(({ what, direction, before, now, allowed, limit, over }) => [
    html`<code>${what}</code>`,
    grouped(before),
    grouped(now),
    `${direction} by ${grouped(allowed)} (${limit})`,
    over > 0 ? `refused, over by ${grouped(over)}` : 'kept',
  ]);
  const heads = [
    { title: 'what' },
    { title: 'before', isNumber: true },
    { title: 'now', isNumber: true },
    { title: 'may' },
    { title: 'result' },
  ];
  const caption = `What the snapshot was held to, against run ${against ?? 'none'}`;
  return html`<h3 id="gate">Gate</h3>
    ${table({ caption, heads, rows })}`;
}

function budgetTable(budgets: Overview['budgets']): Html {
  const rows = budgets.map(({ budget, found, allowed, over }) => [
    html`<code>${budget}</code>`,
    grouped(found),
    grouped(allowed),
    over > 0 ? `over by ${grouped(over)}` : 'kept',
  ]);
  const heads = [
    { title: 'budget' },
    { title: 'found', isNumber: true },
    { title: 'allowed', isNumber: true },
    { title: 'result' },
  ];
  return html`<h3>Budgets</h3>
    ${table({ caption: 'How many mismatches there may be', heads, rows })}`;
}

/** Snapshots that a chart shows, at most: the last ones. */
const MOST_RUNS = 12;

function trend({ figures: { overview }, pen }: View): Html | null {
  const points = overview.trend.slice(-MOST_RUNS);
  if (points.length < 2) return null;
  const [first, last] = [points[0]!, points.at(-1)!];
  const change = (what: 'clients' | 'errors') => signed(last[what] - first[what]);
  const finding = `Over the last ${points.length} snapshots: ${change('clients')} women, ${change('errors')} errors`;
  const courses = [
    { name: 'women', values: points.map(({ clients }) => clients), series: 0 },
    { name: 'images', values: points.map(({ images }) => images), series: 2 },
    { name: 'errors', values: points.map(({ errors }) => errors), series: 1 },
    { name: 'warnings', values: points.map(({ warnings }) => warnings), series: 6 },
  ].map((course) => ({ ...course, label: grouped }));
  const dates = points.map(({ runId }) => `${runId.slice(4, 6)}-${runId.slice(6, 8)}`);
  const chart = courseChart(pen, courses, dates, {
    id: 'trend',
    title: finding,
    text: 'Lines of the number of women, images, errors and warnings in each snapshot that is kept, oldest first, each on a scale from 0.',
  });
  return chartFigure(
    finding,
    chart,
    table({
      caption: 'The snapshots that are kept, up to this one',
      heads: [
        { title: 'run' },
        ...['women', 'images', 'errors', 'warnings'].map((title) => ({ title, isNumber: true })),
      ],
      rows: points.map(({ runId, clients, images, errors, warnings }) => [
        html`<code>${runId}</code>`,
        ...[clients, images, errors, warnings].map(grouped),
      ]),
    }),
  );
}

function signed(n: number): string {
  return n < 0 ? `-${grouped(-n)}` : `+${grouped(n)}`;
}

function settings({ figures: { overview }, input }: View): Html {
  const { roots } = input.manifest.inputs;
  const folders = (['data', 'images', 'nbss'] as const).flatMap((tree) => {
    const path = input.withIds ? roots[tree] : null;
    return path === null ? [] : [[tree, path] as const];
  });
  const rows = [...overview.options, ...folders].map(([name, value]) => html`<li><code>${name}</code>: ${value}</li>`); // prettier-ignore
  return rows.length === 0
    ? html``
    : html`<details>
        <summary>What the run was told</summary>
        <ul>
          ${rows}
        </ul>
      </details> `;
}
