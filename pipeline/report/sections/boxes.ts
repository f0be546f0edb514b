import { barChart } from '../charts/bars.js';
import { heatChart, type HeatCell } from '../charts/heat.js';
import { histograms } from '../charts/histograms.js';
import type { Pen } from '../charts/pen.js';
import { GRID_COLUMNS, GRID_ROWS, type Boxes, type Place } from '../figures/boxes.js';
import { html, type Html } from '../page/html.js';
import { chartFigure, section, table } from '../page/parts.js';
import { grouped, percent, withShare, type Shown } from '../page/shown.js';
import type { View } from '../view.js';
import { amountLegend } from './amount-legend.js';

/** Place of the colour of each verdict. */
const COLOURS = { malignant: 1, benign: 2, 'not known': 7 } as const;

/** What experts drew. */
export function boxSection(view: View): Html {
  const { boxes } = view.figures;
  const purpose =
    'A mark is a box that an expert drew around a lesion; a box stands once, however often it was drawn. Malignant and benign are what tissue says; where it does not tell, a box is no negative.';
  if (boxes === null)
    return section('boxes', 'Marks and boxes', purpose, html`<p>This snapshot has no table of boxes: an earlier version made it.</p>`); // prettier-ignore
  if (boxes.boxes.n === 0)
    return section('boxes', 'Marks and boxes', purpose, html`<p>No image has a box.</p>`);
  const { shown } = view;
  return section('boxes', 'Marks and boxes', purpose, [
    html`<p>
      ${shown.text(boxes.marks)} marks draw ${shown.text(boxes.boxes)} boxes, of which
      ${shown.text(boxes.usable)} are usable: within an image that can be opened.
    </p>`,
    verdictFigure(boxes, view),
    sizeFigure(boxes, view),
    ...boxes.places.map((place) => placeFigure(place, view)),
    boxes.unplaced.n === 0
      ? null
      : html`<p>
          Not drawn, because they lie in other views, outside their image, or in images that do not tell where
          the chest wall is: ${shown.label(boxes.unplaced)}.
        </p>`,
  ]);
}

function verdictFigure({ verdicts, boxes }: Boxes, { pen, shown }: View): Html {
  const malignant = verdicts[0]!;
  const finding = shown.tell(
    [malignant.count, boxes],
    (n, all) => `${percent(n / all)} of the boxes (${grouped(n)} of ${grouped(all)}) are around cancer`,
    'What tissue says of the boxes',
  );
  const bars = verdicts.map(({ name, count }) => ({
    name,
    value: shown.number(count),
    label: withShare(shown.label(count), shown.share(count, boxes)),
    series: COLOURS[name],
  }));
  const chart = barChart(pen, bars, {
    id: 'verdicts',
    title: finding,
    text: 'Bars of the malignant boxes, the benign ones, and those of which tissue does not tell.',
  });
  const numbers = table({
    caption: 'Boxes by what tissue says',
    heads: [{ title: 'tissue says' }, { title: 'boxes', isNumber: true }],
    rows: verdicts.map(({ name, count }) => [name, shown.text(count)]),
  });
  return chartFigure(finding, chart, numbers);
}

function sizeFigure({ verdicts, sizeWidth }: Boxes, { pen, shown }: View): Html {
  const bins = verdicts[0]!.sizes.length;
  const finding = 'Longer side of the boxes, in mm, by what tissue says';
  const spreads = verdicts.map(({ name, count, sizes }) => ({
    name,
    shares: sizes.map((size) => {
      const n = shown.number(size);
      return n === null || count.n === 0 ? null : n / count.n;
    }),
    label: `${shown.label(count)} boxes`,
    series: COLOURS[name],
  }));
  const chart = histograms(pen, spreads, { from: 0, width: sizeWidth, unit: 'mm' }, {
    id: 'sizes',
    title: finding,
    text: `A histogram of boxes for each verdict, in steps of ${sizeWidth} mm up to ${sizeWidth * bins} mm.`,
  }); // prettier-ignore
  const numbers = table({
    caption: 'Boxes by the length of their longer side, in mm',
    heads: [{ title: 'from (mm)' }, ...verdicts.map(({ name }) => ({ title: name, isNumber: true }))],
    rows: [
      ...Array.from({ length: bins }, (_, bin) => [
        String(bin * sizeWidth),
        ...verdicts.map(({ sizes }) => shown.text(sizes[bin]!)),
      ]),
      ['longer, or not known', ...verdicts.map(({ unsized }) => shown.text(unsized))],
    ],
  });
  return chartFigure(finding, chart, numbers);
}

function placeFigure(place: Place, { pen, shown }: View): Html {
  const { view: name, total, cells } = place;
  const drawn = cells.flatMap((count, i): HeatCell[] => {
    const amount = shown.number(count);
    const [x, y] = [i % GRID_COLUMNS, Math.floor(i / GRID_COLUMNS)];
    return amount === null || amount === 0 ? [] : [{ x, y, amount }];
  });
  const near = cells.filter((_, i) => i % GRID_COLUMNS < GRID_COLUMNS / 2);
  const finding = shown.tell(
    [total, ...near],
    (all, ...counts) =>
      all === 0
        ? `No box lies in a ${name} view`
        : `${percent(counts.reduce((sum, n) => sum + n, 0) / all)} of the boxes in ${name} views lie in the half of the image at the chest wall`,
    `Where the boxes of ${name} views lie`,
  );
  if (drawn.length === 0)
    return html`<h3>${finding}</h3>
      <p>${total.n === 0 ? 'There is nothing to draw.' : 'Every cell is hidden.'}</p>`;
  const chart = placeChart(pen, drawn, name, finding);
  return chartFigure(finding, chart, placeTable(place, shown), amountLegend(drawn, 'boxes'));
}

function placeChart(pen: Pen, cells: readonly HeatCell[], name: string, title: string): Html {
  return heatChart(
    pen,
    {
      cells,
      columns: GRID_COLUMNS,
      rows: Array.from({ length: GRID_ROWS }, () => ''),
      ticks: [
        { x: 0, name: '  chest wall' },
        { x: GRID_COLUMNS, name: 'nipple side     ' },
      ],
      width: 400,
      rowHeight: 24,
    },
    {
      id: `place-${name}`,
      title,
      text: `A grid over the image of ${GRID_COLUMNS} by ${GRID_ROWS} cells, the chest wall at the left, left breasts and right ones laid over each other; the more boxes have their centre in a cell, the stronger its colour.`,
    },
  );
}

function placeTable({ view: name, cells }: Place, shown: Shown): Html {
  return table({
    caption: `Centres of boxes in ${name} views, from the top, the chest wall at the left`,
    heads: [
      { title: 'row' },
      ...Array.from({ length: GRID_COLUMNS }, (_, x) => ({ title: String(x + 1), isNumber: true })),
    ],
    rows: Array.from({ length: GRID_ROWS }, (_, y) => [
      String(y + 1),
      ...cells.slice(y * GRID_COLUMNS, (y + 1) * GRID_COLUMNS).map((count) => shown.text(count)),
    ]),
  });
}
