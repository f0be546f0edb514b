import type { Html } from '../page/html.js';
import { amountSteps, stepColour, stepOf } from './palette.js';
import type { ChartWords, Pen } from './pen.js';

/** A coloured cell; what has none is 0, or must not be told. */
export interface HeatCell {
  readonly x: number;
  readonly y: number;
  readonly amount: number;
}

export interface HeatOptions {
  readonly cells: readonly HeatCell[];
  readonly columns: number;
  /** Names of the rows, from the top; empty texts where they have none. */
  readonly rows: readonly string[];
  /** Places between columns that have a name, from 0. */
  readonly ticks: readonly { readonly x: number; readonly name: string }[];
  readonly width: number;
  readonly rowHeight: number;
}

/** Of a character of a name, in pixels, about: most are capitals. */
const CHARACTER = 8.5;

/** Amounts by colour, on a grid. */
export function heatChart(pen: Pen, options: HeatOptions, words: ChartWords): Html {
  const { barX, axisX, frame } = pen.library;
  const { cells, columns, rows, ticks, width, rowHeight } = options;
  const steps = amountSteps(cells.map(({ amount }) => amount));
  const names = new Map(ticks.map(({ x, name }) => [x, name]));
  const longest = Math.max(0, ...rows.map(({ length }) => length));
  return pen.draw(
    {
      width,
      height: rows.length * rowHeight + 30,
      marginTop: 4,
      marginBottom: 26,
      marginLeft: Math.min(320, longest * CHARACTER + 14),
      marginRight: 12,
      x: { domain: [0, columns], axis: null },
      y: { domain: rows.map((_, place) => place), tickFormat: (place: number) => rows[place] ?? '', tickSize: 0, label: null, padding: 0 },
      color: { type: 'identity' },
      marks: [
        barX(cells, { x1: 'x', x2: (cell: HeatCell) => cell.x + 1, y: 'y', inset: 0.5, fill: (cell: HeatCell) => stepColour(stepOf(cell.amount, steps), steps) }),
        axisX([...names.keys()], { tickFormat: (x: number) => names.get(x) ?? '', label: null }),
        frame({ stroke: 'currentColor', strokeOpacity: 0.2 }),
      ],
    },
    words,
  ); // prettier-ignore
}
