import { screenWidth } from './terminal.js';
import { displayWidth, pad, wrapText } from './text-layout.js';

/** What to do with a table that is wider than the screen. */
export interface TableRoom {
  /** Columns to leave out while it is, the first of these first; a line below the table names them. */
  readonly leaveOut?: readonly string[];
  /** A column whose text may be broken into lines. */
  readonly wrap?: string;
  /** Columns of the screen; null where any number will do. */
  readonly width?: number | null;
}

const GAP = 2;
/** A column that is broken into lines has so much room at least. */
const LEAST_WRAPPED = 20;

/**
 * Columns with two blanks between them.
 * @param numbers the columns to align right, by default the last
 */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = head.slice(-1),
  { leaveOut = [], wrap, width = screenWidth() }: TableRoom = {},
): string {
  const widths = columnWidths(head, rows);
  const shown = columnsToShow(head, widths, leaveOut, width);
  const wrapped = wrap === undefined ? -1 : head.indexOf(wrap);
  if (width !== null && shown.includes(wrapped)) {
    const surplus = Math.max(0, tableWidth(shown.map((i) => widths[i]!)) - width);
    widths[wrapped] = Math.max(LEAST_WRAPPED, widths[wrapped]! - surplus);
  }
  const columns = shown.map((at) => ({
    at,
    width: widths[at]!,
    isWrapped: at === wrapped,
    side: numbers.includes(head[at]!) ? ('right' as const) : ('left' as const),
  }));
  const lines = [head, ...rows].flatMap((row) => linesOfRow(row, columns));
  const left = head.filter((_, i) => !shown.includes(i));
  return [...lines, ...(left.length === 0 ? [] : ['', `no room for: ${left.join(', ')}`])].join('\n');
}

interface ShownColumn {
  /** Its place in a row. */
  readonly at: number;
  readonly width: number;
  readonly isWrapped: boolean;
  readonly side: 'left' | 'right';
}

/** As many lines as the highest cell has. */
function linesOfRow(row: readonly string[], columns: readonly ShownColumn[]): string[] {
  const cells = columns.map(({ at, width, isWrapped }) =>
    isWrapped ? wrapText(row[at]!, width) : [row[at]!],
  );
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ width, side }, i) => pad(cells[i]![line] ?? '', width, side))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

/** What each column takes where nothing is broken. */
export function columnWidths(head: readonly string[], rows: readonly (readonly string[])[]): number[] {
  return head.map((name, i) =>
    rows.reduce((most, row) => Math.max(most, displayWidth(row[i]!)), displayWidth(name)),
  );
}

/** What a table of such columns takes. */
export function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP, -GAP);
}

/** Places of the columns that there is room for. */
function columnsToShow(
  head: readonly string[],
  widths: readonly number[],
  leaveOut: readonly string[],
  width: number | null,
): number[] {
  let shown = head.map((_, i) => i);
  for (const name of leaveOut) {
    if (width === null || tableWidth(shown.map((i) => widths[i]!)) <= width) break;
    shown = shown.filter((i) => head[i] !== name);
  }
  return shown;
}

/** A sentence in lines that the screen has room for, each after the same blanks. */
export function wrapForScreen(text: string, width = screenWidth(), indent = ''): string {
  const lines = width === null ? [text] : wrapText(text, width - indent.length);
  return lines.map((line) => indent + line).join('\n');
}

/** Made once, when the module is loaded: the rules of a language are a while in coming. */
const NUMBERS = new Intl.NumberFormat('en-GB');

/** `1234567` -> `1,234,567`. */
export function count(number: number): string {
  return NUMBERS.format(number);
}
