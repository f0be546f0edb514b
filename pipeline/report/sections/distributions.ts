import { histograms } from '../charts/histograms.js';
import type { Distribution, MakerDistribution } from '../figures/distributions.js';
import { html, nameText, type Html } from '../page/html.js';
import { chartFigure, section, table } from '../page/parts.js';
import { type Shown } from '../page/shown.js';
import type { View } from '../view.js';

/** Age, thickness, dose and time to cancer, by manufacturer. */
export function distributionSection(view: View): Html {
  const figures = view.figures.distributions.map((distribution) => distributionFigure(distribution, view));
  return section(
    'distributions',
    'How measures are spread',
    'A row for each manufacturer, each to its own whole, so that shapes can be compared. Makers that differ were used on other women, at other times, or measure in another way.',
    figures.length === 0 ? html`<p>This snapshot has none of the columns that are drawn here.</p>` : figures,
  );
}

function distributionFigure({ measure, makers }: Distribution, { pen, shown, makerColours }: View): Html {
  const { name, title, unit, counted, from, width } = measure;
  if (makers.length === 0)
    return html`<h3>${title}</h3>
      <p>No image has a value.</p>`;
  const spreads = makers.map((maker) => ({
    name: nameText(maker.maker, 22),
    shares: maker.bins.map((bin) => shareOf(bin.n, shown.number(bin), maker)),
    label: medianText(maker, unit, shown),
    series: makerColours.get(maker.maker) ?? 0,
  }));
  const finding = findingOf(title, unit, makers, shown);
  const chart = histograms(pen, spreads, { from, width, unit }, {
    id: `spread-${name}`,
    title: finding,
    text: `A histogram of ${counted} for each manufacturer, from ${from} to ${measure.to} ${unit} in steps of ${width}.`,
  }); // prettier-ignore
  return chartFigure(finding, chart, numbersOf({ measure, makers }, shown));
}

/** A column for each manufacturer. */
function numbersOf({ measure, makers }: Distribution, shown: Shown): Html {
  const { title, unit, counted, from, width } = measure;
  const bins = makers[0]!.bins.map((_, bin) => [
    rounded(from + bin * width),
    ...makers.map((maker) => shown.text(maker.bins[bin]!)),
  ]);
  return table({
    caption: `${title}: how many ${counted}`,
    heads: [
      { title: `from (${unit})` },
      ...makers.map(({ maker }) => ({ title: nameText(maker), isNumber: true })),
    ],
    rows: [
      ...bins,
      ['outside of these', ...makers.map(({ outside }) => shown.text(outside))],
      ['all', ...makers.map(({ measured }) => shown.text(measured))],
    ],
  });
}

function shareOf(n: number, told: number | null, { measured }: MakerDistribution): number | null {
  return told === null || measured.n === 0 ? null : n / measured.n;
}

function medianText({ measured, median }: MakerDistribution, unit: string, shown: Shown): string {
  const n = shown.label(measured);
  return shown.number(measured) === null || median === null
    ? n
    : `median ${rounded(median)} ${unit}, of ${n}`;
}

function findingOf(title: string, unit: string, makers: readonly MakerDistribution[], shown: Shown): string {
  const medians = makers.flatMap(({ measured, median }) =>
    shown.number(measured) === null || median === null ? [] : [median],
  );
  if (medians.length === 0) return title;
  const [least, most] = [rounded(Math.min(...medians)), rounded(Math.max(...medians))];
  return least === most
    ? `${title}: the median is ${least} ${unit}`
    : `${title}: the median is ${least} to ${most} ${unit}, by maker`;
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
