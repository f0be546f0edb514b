import { barChart } from '../charts/bars.js';
import type { Flow } from '../figures/flow.js';
import { html, type Html } from '../page/html.js';
import { chartFigure, section, table } from '../page/parts.js';
import { grouped, percent, withShare, type Shown } from '../page/shown.js';
import type { View } from '../view.js';

/** From the files found to complete exams: what is lost where. */
export function flowSection(view: View): Html {
  return section(
    'flow',
    'From files to complete exams',
    'Each bar is what is left of the one above: images or exams that fulfil this condition too. The kinds of mismatch named say why the others do not.',
    view.figures.flows.map((flow) => flowFigure(flow, view)),
  );
}

function flowFigure(flow: Flow, { pen, shown, figures }: View): Html {
  const { unit, steps } = flow;
  const bars = steps.map(({ title, left }, i) => ({
    name: i === 0 ? `${unit} ${title}` : title,
    value: shown.number(left),
    label: withShare(shown.label(left), shown.share(left, steps[0]!.left)),
    series: i === steps.length - 1 ? 2 : 0,
  }));
  const finding = findingOf(flow, shown);
  const chart = barChart(pen, bars, {
    id: `flow-${unit}`,
    title: finding,
    text: `Bars of how many ${unit} are left after each step.`,
  });
  const there = new Set(figures.mismatches.map(({ kind }) => kind));
  const numbers = table({
    caption: `${unit}: what is left and what is lost at each step`,
    heads: [{ title: unit }, { title: 'left', isNumber: true }, { title: 'lost', isNumber: true }, { title: 'see' }],
    rows: steps.map(({ title, left, lost, kinds }) => [
      title,
      shown.text(left),
      lost === null ? '' : shown.text(lost),
      kinds.filter((kind) => there.has(kind)).map((kind) => html`<a href="#kind-${kind}"><code>${kind}</code></a> `),
    ]),
  }); // prettier-ignore
  return chartFigure(finding, chart, numbers);
}

function findingOf({ unit, steps }: Flow, shown: Shown): string {
  const [start, end] = [steps[0]!.left, steps.at(-1)!.left];
  const neutral = `What is left of the ${unit} after each step`;
  if (start.n === 0 || steps.length === 1) return `There are no ${unit} to follow`;
  const worst = steps.slice(1).reduce((a, b) => (b.lost!.n > a.lost!.n ? b : a));
  return shown.tell(
    [start, end, worst.lost!],
    (all, left, lost) => {
      const first = `${percent(left / all)} of the ${unit} (${grouped(left)} of ${grouped(all)}) pass every step`;
      return lost === 0 ? first : `${first}; most are lost at “${worst.title}” (${grouped(lost)})`;
    },
    neutral,
  );
}
