import { COUNT_OF_UNIT, type CountedLine, type Counts, type Flow } from '../flow.js';

/** What the boxes of a flow say, for every form that it is drawn in. */

/** A box: its lines of text, the first ones stressed. */
export interface BoxText {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface FlowText {
  readonly start: BoxText;
  /** In order; a line that follows from the spec and lost nothing is not shown. */
  readonly steps: readonly { readonly excluded: BoxText; readonly left: BoxText }[];
  readonly labels: readonly BoxText[];
}

/** Labels that have a box each, in a row. */
const BOXES_AT_MOST = 4;
/** Labels that have a line each, where they are more. */
const LINES_AT_MOST = 20;

/** `1234567` -> `1,234,567`. */
export function number(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @param label its name */
export function flowText(flow: Flow, label: string): FlowText {
  const shown = flow.steps.filter(isShown);
  return {
    start: { title: `All ${COUNT_OF_UNIT[flow.unit]} of the snapshot`, lines: countLines(flow.start, flow) },
    steps: shown.map((step, i) => ({
      // With its number, as in excluded.parquet: the name may say what stays or what goes.
      excluded: { title: `${step.number}. ${step.name}`, lines: excludedLines(step, flow) },
      left: { title: i === shown.length - 1 ? 'Cohort' : '', lines: countLines(step.left, flow) },
    })),
    labels: labelBoxes(flow, label),
  };
}

function isShown({ kind, dropped, unknown }: CountedLine): boolean {
  const isStep = kind === 'keep' || kind === 'drop';
  return isStep || [dropped, unknown].some((counts) => Object.values(counts).some((count) => count > 0));
}

function countLines(counts: Counts, flow: Flow): string[] {
  const unit = COUNT_OF_UNIT[flow.unit];
  return [countOf(counts[unit], unit), countOf(counts.women, 'women')];
}

function countOf(count: number, what: string): string {
  return `${number(count)} ${count === 1 ? SINGULAR[what]! : what}`;
}

const SINGULAR: Readonly<Record<string, string>> = {
  women: 'woman',
  exams: 'exam',
  breasts: 'breast',
  images: 'image',
  boxes: 'box',
};

function excludedLines({ dropped, unknown }: CountedLine, flow: Flow): string[] {
  const unit = COUNT_OF_UNIT[flow.unit];
  // Women of whom a row is left are not lost.
  const line = (what: string, counts: Counts) =>
    `${countOf(counts[unit], unit)} ${what}${counts.women === 0 ? '' : `, and ${countOf(counts.women, 'women')} with them`}`;
  return [line('excluded', dropped), ...(unknown[unit] > 0 ? [line('cannot be told', unknown)] : [])];
}

/** A box for each label where they are few; else one box with a line for each, and one for those that are too many. */
function labelBoxes(flow: Flow, label: string): BoxText[] {
  const { labels } = flow;
  if (labels.length <= BOXES_AT_MOST)
    return labels.map(({ label: value, counts }) => ({
      title: `${label}: ${value}`,
      lines: countLines(counts, flow),
    }));
  const shown = labels.length <= LINES_AT_MOST ? labels : labels.slice(0, LINES_AT_MOST - 1);
  const others = labels.slice(shown.length);
  const unit = COUNT_OF_UNIT[flow.unit];
  const rows = others.reduce((sum, { counts }) => sum + counts[unit], 0);
  const lines = shown.map(({ label: value, counts }) => `${value}: ${countLines(counts, flow).join(', ')}`);
  if (others.length > 0) lines.push(`${others.length} other values: ${countOf(rows, unit)}`);
  return [{ title: label, lines }];
}

/** A line for each step and label, for a terminal: head first. */
export function flowSummary(flow: Flow, label: string): string[][] {
  const unit = COUNT_OF_UNIT[flow.unit];
  const of = (counts: Counts) => [number(counts[unit]), number(counts.women)];
  return [
    ['', unit, 'women', 'excluded', 'unknown'],
    [`All ${unit} of the snapshot`, ...of(flow.start), '', ''],
    ...flow.steps
      .filter(isShown)
      .map(({ name, left, dropped, unknown }) => [
        name,
        ...of(left),
        number(dropped[unit]),
        number(unknown[unit]),
      ]),
    ...flow.labels.map(({ label: value, counts }) => [`${label}: ${value}`, ...of(counts), '', '']),
  ];
}
