import type { Html } from '../page/html.js';
import { series } from './palette.js';
import type { ChartWords, Pen } from './pen.js';

/** A bar of a chart. */
export interface Bar {
  readonly name: string;
  /** Length; null where it must not be told: then there is no bar. */
  readonly value: number | null;
  /** Its number, in words. */
  readonly label: string;
  /** Place of its colour. */
  readonly series: number;
}

/** Narrow, so that it can be read on a telephone; the page makes it larger where there is room. */
const WIDTH = 400;
const ROW_HEIGHT = 31;
const BAR_HEIGHT = 10;

/** Bars that lie, one below the other in the order given, each below its name and number. */
export function barChart(pen: Pen, bars: readonly Bar[], words: ChartWords): Html {
  const { barX, text, ruleX } = pen.library;
  // Names may be equal, where long ones were cut: bars are told apart by their place.
  const rows = bars.map((bar, place) => ({ ...bar, place, length: bar.value ?? 0 }));
  const most = rows.reduce((length, row) => Math.max(length, row.length), 1);
  const above = { y: 'place', frameAnchor: 'left', dx: 3, dy: -5 } as const;
  return pen.draw(
    {
      width: WIDTH,
      height: bars.length * ROW_HEIGHT + 6,
      marginTop: 4,
      marginBottom: 2,
      marginLeft: 2,
      marginRight: 2,
      x: { axis: null, domain: [0, most] },
      y: { axis: null, domain: rows.map(({ place }) => place), padding: 0 },
      color: { type: 'identity' },
      marks: [
        barX(rows, {
          x: 'length',
          y: 'place',
          insetTop: ROW_HEIGHT - BAR_HEIGHT - 3,
          insetBottom: 3,
          fill: (row: Bar) => series(row.series),
        }),
        text(rows, { ...above, text: ({ name, label }: Bar) => `${name}: ${label}` }),
        ruleX([0]),
      ],
    },
    words,
  );
}
