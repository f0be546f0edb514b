import type { Html } from '../page/html.js';
import { series } from './palette.js';
import type { ChartWords, Pen } from './pen.js';

/** A number over the kept runs, oldest first. */
export interface Course {
  readonly name: string;
  readonly values: readonly number[];
  readonly label: (value: number) => string;
  readonly series: number;
}

const WIDTH = 880;
const COURSE_HEIGHT = 74;

interface Point {
  readonly place: number;
  readonly height: number;
  readonly course: number;
  readonly words: string;
  readonly series: number;
}

/** A line for each number, each on a scale of its own from 0, with its first and last value beside it. */
export function courseChart(
  pen: Pen,
  courses: readonly Course[],
  runs: readonly string[],
  words: ChartWords,
): Html {
  const { lineY, dot, text, ruleY, axisX } = pen.library;
  const points = courses.flatMap(({ values, label, series: place }, course) => {
    const most = Math.max(1, ...values);
    return values.map((value, i): Point => ({ place: i, height: value / most, course, words: label(value), series: place }));
  }); // prettier-ignore
  const ends = points.filter(({ place }) => place === 0 || place === runs.length - 1);
  const names = courses.map(({ name }, course) => ({ course, name }));
  return pen.draw(
    {
      width: WIDTH,
      height: courses.length * COURSE_HEIGHT + 26,
      marginTop: 2,
      marginBottom: 24,
      marginLeft: 90,
      marginRight: 110,
      x: { domain: [0, runs.length - 1], axis: null },
      y: { axis: null, domain: [0, 1.35] },
      fy: { domain: courses.map((_, course) => course), axis: null, padding: 0.1 },
      color: { type: 'identity' },
      marks: [
        ruleY(names, { y: 0, fy: 'course', strokeOpacity: 0.3 }),
        lineY(points, { x: 'place', y: 'height', fy: 'course', z: 'course', stroke: (point: Point) => series(point.series), strokeWidth: 2 }),
        dot(points, { x: 'place', y: 'height', fy: 'course', r: 3, fill: (point: Point) => series(point.series) }),
        text(ends, { x: 'place', y: 'height', fy: 'course', text: 'words', dx: (6), filter: ({ place }: Point) => place > 0, textAnchor: 'start' }),
        text(ends, { x: 'place', y: 'height', fy: 'course', text: 'words', dx: -6, filter: ({ place }: Point) => place === 0, textAnchor: 'end' }),
        text(names, { text: 'name', fy: 'course', frameAnchor: 'top-left', dx: 4 }),
        axisX(runs.map((_, place) => place), { tickFormat: (place: number) => runs[place] ?? '', label: null }),
      ],
    },
    words,
  ); // prettier-ignore
}
