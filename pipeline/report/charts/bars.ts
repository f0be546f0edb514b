import type { Html } from '../page/html.js';
import { series } from './palette.js';
import type { ChartWords, Pen } from './pen.js';

/** A bar of a chart. */
export interface Bar {
  readonly name: string;
  /** Length; null where it must not be told: then there is no bar. */
  readonly value: number | null;
  /** Stands at its end. */
  readonly label: string;
  /** Place of its colour. */
  readonly series: number;
}

const WIDTH = 880;
const BAR_HEIGHT = 24;
/** Of a character of a label, in pixels, about. */
const CHARACTER = 7;

/** Bars that lie, one below the other in the order given, each with its number at its end. */
export function barChart(pen: Pen, bars: readonly Bar[], words: ChartWords): Html {
  const { barX, text, ruleX } = pen.library;
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  // Names may be equal, where long ones were cut: bars are told apart by their place.
  const rows = bars.map((bar, place) => ({ ...bar, place, length: bar.value ?? 0 }));
  const names = rows.map(({ name }) => name);
  return pen.draw(
    {
      width: WIDTH,
      height: bars.length * BAR_HEIGHT + 10,
      marginTop: 5,
      marginBottom: 5,
      marginLeft: Math.min(320, longest(names) * CHARACTER + 12),
      marginRight: longest(bars.map(({ label }) => label)) * CHARACTER + 12,
      x: { axis: null, domain: [0, Math.max(1, ...rows.map(({ length }) => length))] },
      y: { domain: rows.map(({ place }) => place), tickFormat: (place: number) => names[place] ?? '', tickSize: 0, label: null, padding: 0.25 },
      color: { type: 'identity' },
      marks: [
        barX(rows, { x: 'length', y: 'place', fill: (row: Bar) => series(row.series) }),
        text(rows, { x: 'length', y: 'place', text: 'label', textAnchor: 'start', dx: 5 }),
        ruleX([0]),
      ],
    },
    words,
  ); // prettier-ignore
}
