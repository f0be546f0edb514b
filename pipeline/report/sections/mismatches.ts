import { barChart } from '../charts/bars.js';
import type { MismatchLine } from '../figures/mismatches.js';
import { html, nameText, type Content, type Html } from '../page/html.js';
import { chartFigure, legend, section, table, type Cell } from '../page/parts.js';
import { grouped, type Shown } from '../page/shown.js';
import type { View } from '../view.js';

/** Place of the colour of each severity; the style has the same. */
const COLOURS = { error: 1, warning: 6, info: 0 } as const;

/** What does not pair up, by kind. */
export function mismatchSection(view: View): Html {
  const { mismatches } = view.figures;
  const purpose =
    'error: something was lost or is contradictory. warning: usable, but incomplete. info: worth knowing. One cause gives one mismatch.';
  if (mismatches.length === 0)
    return section('mismatches', 'Mismatches', purpose, html`<p>There is no mismatch of any kind.</p>`);
  return section('mismatches', 'Mismatches', purpose, [
    mismatchChart(view),
    html`<div class="search onscreen" data-of="mismatches" data-label="Find a kind"></div>`,
    mismatchTable(view),
  ]);
}

/** Kinds that are drawn, at most. */
const MOST_BARS = 20;

function mismatchChart({ figures: { mismatches }, shown, pen }: View): Html {
  // Errors come first.
  const told = mismatches.slice(0, MOST_BARS);
  const bars = told.map(({ kind, severity, count }) => ({
    name: kind,
    value: shown.number(count),
    label: shown.label(count),
    series: COLOURS[severity],
  }));
  const finding = findingOf(mismatches, shown);
  const chart = barChart(pen, bars, {
    id: 'mismatch-chart',
    title: finding,
    text: 'Bars of how many mismatches there are of each kind: errors, then warnings, then infos. The table below has every kind.',
  });
  const colours = (['error', 'warning', 'info'] as const)
    .filter((name) => told.some(({ severity }) => severity === name))
    .map((name) => ({
      className: `s${COLOURS[name]}`,
      name,
    }));
  const numbers = html`<p>They are in the table below, with what each kind means.</p>`;
  const rest = mismatches.length - told.length;
  const note =
    rest === 0
      ? null
      : html`<p class="quiet">The ${told.length} worst kinds; the table below has ${rest} more.</p>`;
  return html`${chartFigure(finding, chart, numbers, legend(colours))}${note}`;
}

function findingOf(lines: readonly MismatchLine[], shown: Shown): string {
  const errors = lines.filter(({ severity }) => severity === 'error');
  const worst = errors[0];
  if (worst === undefined) return 'There is no error';
  return shown.tell(
    [worst.count],
    (n) =>
      `There ${errors.length === 1 ? 'is one kind' : `are ${errors.length} kinds`} of error; the most frequent is ${worst.kind} (${grouped(n)})`,
    'Mismatches by kind',
  );
}

function mismatchTable({ figures: { mismatches }, shown, input }: View): Html {
  const hasBefore = mismatches.some(({ before }) => before !== null);
  const rows = mismatches.map((line): (Content | Cell)[] => [
    { content: html`<code id="kind-${line.kind}">${line.kind}</code>` },
    { content: html`<span class="severity ${line.severity}">${line.severity}</span>` },
    shown.text(line.count),
    ...(hasBefore ? [changeSince(line)] : []),
    shown.text(line.women),
    { content: line.meaning, className: 'words' },
    ...(input.withIds ? [{ content: html`<code>${nameText(line.example ?? '')}</code>` }] : []),
    { content: html`<code>${queryFor(line.kind)}</code>`, className: 'query' },
  ]);
  return table({
    caption: 'Each kind: how many, of how many women, what it means, and the query that lists them',
    heads: [
      { title: 'kind' },
      { title: 'severity' },
      { title: 'mismatches', isNumber: true },
      ...(hasBefore ? [{ title: 'change', isNumber: true }] : []),
      { title: 'women', isNumber: true },
      { title: 'what it means' },
      ...(input.withIds ? [{ title: 'an example' }] : []),
      { title: 'lists them' },
    ],
    rows,
    isSortable: true,
  });
}

function changeSince({ before, count }: MismatchLine): string {
  if (before === null || before === count.n) return '0';
  return count.n > before ? `+${grouped(count.n - before)}` : `-${grouped(before - count.n)}`;
}

function queryFor(kind: string): string {
  return `omidb-etl query "SELECT * FROM mismatches WHERE kind = '${kind}'"`;
}
