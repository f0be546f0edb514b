import type { Html } from '../page/html.js';
import { series } from './palette.js';
import type { ChartWords, Pen } from './pen.js';

/** How a group is spread over bins. */
export interface Spread {
  readonly name: string;
  /** Share of the group in each bin; null where it must not be told. */
  readonly shares: readonly (number | null)[];
  /** Stands below the name. */
  readonly label: string;
  readonly series: number;
}

export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly unit: string;
}

const WIDTH = 880;
const GROUP_HEIGHT = 66;
/** For the names, at the left. */
const NAMES_WIDTH = 170;

interface Column {
  readonly from: number;
  readonly to: number;
  readonly share: number;
  readonly group: number;
  readonly series: number;
}

/** A histogram for each group, one below the other over the same scale, so that they can be compared. */
export function histograms(pen: Pen, spreads: readonly Spread[], bins: Bins, words: ChartWords): Html {
  const { rectY, ruleY, text, axisX } = pen.library;
  const columns = spreads.flatMap(({ shares, series: place }, group) =>
    shares.flatMap((share, bin): Column[] => {
      const from = bins.from + bin * bins.width;
      return share === null || share === 0 ? [] : [{ from, to: from + bins.width, share, group, series: place }];
    }),
  ); // prettier-ignore
  const to = bins.from + bins.width * (spreads[0]?.shares.length ?? 1);
  const titles = spreads.map(({ name, label }, group) => ({ group, words: `${name}\n${label}` }));
  return pen.draw(
    {
      width: WIDTH,
      height: spreads.length * GROUP_HEIGHT + 44,
      marginTop: 2,
      marginBottom: 42,
      marginLeft: NAMES_WIDTH,
      marginRight: 12,
      x: { domain: [bins.from, to], axis: null },
      y: { axis: null, domain: [0, Math.max(0.0001, ...columns.map(({ share }) => share)) * 1.1] },
      fy: { domain: spreads.map((_, group) => group), axis: null, padding: 0.05 },
      color: { type: 'identity' },
      marks: [
        rectY(columns, { x1: 'from', x2: 'to', y: 'share', fy: 'group', insetLeft: 0.5, insetRight: 0.5, fill: (column: Column) => series(column.series) }),
        ruleY(titles, { y: 0, fy: 'group', strokeOpacity: 0.5 }),
        text(titles, { text: 'words', fy: 'group', frameAnchor: 'bottom-left', dx: 4 - NAMES_WIDTH, dy: -4, lineHeight: 1.3 }),
        axisX({ anchor: 'bottom', label: bins.unit, labelArrow: 'none', labelOffset: 38, tickFormat: String }),
      ],
    },
    words,
  ); // prettier-ignore
}
