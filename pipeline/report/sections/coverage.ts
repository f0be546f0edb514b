import { heatChart, type HeatCell } from '../charts/heat.js';
import { amountLegend } from './amount-legend.js';
import type { Coverage } from '../figures/coverage.js';
import { nameText, html, type Html } from '../page/html.js';
import { chartFigure, section, table } from '../page/parts.js';
import { grouped, percent, type Shown } from '../page/shown.js';
import type { View } from '../view.js';

const WIDTH = 1000;
const ROW_HEIGHT = 18;
/** Of a site's name beside its row. */
const MOST_CHARACTERS = 24;

/** Exams of each site over time. */
export function coverageSection(view: View): Html {
  const { coverage } = view.figures;
  const purpose = 'A gap in a row is a time from which a site sent nothing, or nothing that could be read.';
  if (coverage.periods.length === 0)
    return section('coverage', 'Exams by site and month', purpose, html`<p>No exam has a date.</p>`);
  return section('coverage', `Exams by site and ${coverage.period}`, purpose, [
    coverageFigure(coverage, view),
    coverage.undated.n === 0
      ? null
      : html`<p>
          Not drawn, because they have no date, or one that cannot be right:
          ${view.shown.label(coverage.undated)} exams.
        </p>`,
  ]);
}

function coverageFigure(coverage: Coverage, { pen, shown }: View): Html {
  const { sites, periods, period } = coverage;
  const cells = sites.flatMap(({ exams }, y) =>
    exams.flatMap((count, x): HeatCell[] => {
      const amount = count === null ? null : shown.number(count);
      return amount === null || amount === 0 ? [] : [{ x, y, amount }];
    }),
  ); // prettier-ignore
  const finding = findingOf(coverage, shown);
  const words = {
    id: 'coverage-chart',
    title: finding,
    text: `A row for each site and a cell for each ${period}; the more exams, the stronger the colour.`,
  };
  if (cells.length === 0)
    return html`<p>Every cell is hidden.</p>
      ${byYear(coverage, shown)}`;
  const rows = sites.map(({ site }) => nameText(site, MOST_CHARACTERS));
  const options = { cells, columns: periods.length, rows, ticks: yearTicks(periods), width: WIDTH, rowHeight: ROW_HEIGHT }; // prettier-ignore
  return chartFigure(
    finding,
    heatChart(pen, options, words),
    byYear(coverage, shown),
    amountLegend(cells, 'exams'),
  );
}

/** Years that are named below: not more than there is room for. */
const MOST_TICKS = 15;

function yearTicks(periods: readonly string[]): { x: number; name: string }[] {
  const years = periods.flatMap((day, x) => (day.slice(5, 7) === '01' ? [{ x, name: day.slice(0, 4) }] : []));
  const step = Math.ceil(years.length / MOST_TICKS);
  const ticks = years.filter((_, i) => i % step === 0);
  return ticks.length > 0 ? ticks : [{ x: 0, name: periods[0]!.slice(0, 7) }];
}

function findingOf({ sites, periods, period }: Coverage, shown: Shown): string {
  const most = sites.reduce((a, b) => (b.total.n > a.total.n ? b : a));
  const all = sites.reduce((sum, { total }) => sum + total.n, 0);
  const length = period === 'year' ? 4 : 7;
  const span = `Exams run from ${periods[0]!.slice(0, length)} to ${periods.at(-1)!.slice(0, length)}`;
  if (sites.length === 1) return span;
  return shown.tell(
    [most.total],
    (n) => `${span}; ${nameText(most.site)} has the most, ${percent(n / all)} of them`,
    span,
  );
}

/** The numbers, by year: months would be too many to read. */
function byYear({ sites, periods, period }: Coverage, shown: Shown): Html {
  const years = [...new Set(periods.map((day) => day.slice(0, 4)))];
  const rows = sites.map(({ site, total, exams }) => [
    nameText(site),
    shown.text(total),
    ...years.map((year) => {
      const counts = exams.filter((count, i) => count !== null && periods[i]!.startsWith(year));
      const numbers = counts.map((count) => shown.number(count!));
      const isTold = numbers.every((n) => n !== null);
      return isTold ? grouped(numbers.reduce((sum, n) => sum + n, 0)) : '·';
    }),
  ]);
  const note = period === 'year' ? '' : `; a year of which a ${period} is hidden is hidden`;
  return table({
    caption: `Exams by site and year${note}`,
    heads: [
      { title: 'site' },
      { title: 'exams', isNumber: true },
      ...years.map((title) => ({ title, isNumber: true })),
    ],
    rows,
  });
}
