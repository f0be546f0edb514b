import { showControls } from '../base/text.js';
import type { QueryPage, QueryRow } from '../engine/duckdb.js';
import { csvField, csvLine } from './csv.js';
import { columnWidths, plainTable, tableWidth } from './plain-table.js';
import { print, write } from './print.js';
import { screenWidth } from './terminal.js';
import { displayWidth, pad, wrapText } from './text-layout.js';

/** Printing the result of a query, a page at a time: what is in memory does not grow with it. */

export type QueryFormat = 'table' | 'json' | 'csv';

/** A printer of the pages of one result, in order. */
export function pagePrinter(format: QueryFormat): (page: QueryPage) => Promise<void> {
  if (format === 'json') return printJsonLines;
  return format === 'csv' ? csvPrinter() : tablePrinter();
}

/** So many characters are printed at once, about. */
const TEXT_AT_ONCE = 1 << 16;

async function printLines(lines: Iterable<string>, out: (text: string) => Promise<void>): Promise<void> {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < TEXT_AT_ONCE) continue;
    await out(text);
    text = '';
  }
  await out(text);
}

function printJsonLines({ rows }: QueryPage): Promise<void> {
  return printLines(
    mapLines(rows, (row) => `${JSON.stringify(row)}\n`),
    print,
  );
}

function* mapLines(rows: readonly QueryRow[], line: (row: QueryRow, i: number) => string): Generator<string> {
  for (const [i, row] of rows.entries()) yield line(row, i);
}

/** To a file or another program every value goes as it is; a terminal is shown its control characters. */
function csvPrinter(): (page: QueryPage) => Promise<void> {
  const shown = (text: string) => (process.stdout.isTTY ? showControls(text, false) : text);
  let isFirst = true;
  return async ({ columns, types, rows }) => {
    if (isFirst) await write(csvLine(columns.map((name) => csvField(shown(name), ''))));
    isFirst = false;
    const line = (row: QueryRow) => csvLine(columns.map((name, i) => shown(csvField(row[name], types[i]!))));
    await printLines(mapLines(rows, line), write);
  };
}

/** A result of several pages is a table for each; from the first row on that is wider than the screen they are shown on their side. */
function tablePrinter(): (page: QueryPage) => Promise<void> {
  let before = 0;
  let isOnSide = false;
  return async ({ columns, types, rows }) => {
    const width = screenWidth();
    const head = columns.map((name) => showControls(name, false));
    const cells = rows.map((row) => columns.map((name) => cellText(row[name])));
    isOnSide ||= width !== null && tableWidth(columnWidths(head, cells)) > width;
    if (!isOnSide || width === null) await print(`${asTable(head, types, cells)}\n`);
    else {
      const line = (row: readonly string[], i: number) => onItsSide(head, row, before + i + 1, width);
      await printLines(cells.map(line), print);
    }
    before += rows.length;
  };
}

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL)/;

function asTable(
  head: readonly string[],
  types: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  // plainTable knows columns by their names, which are each there once.
  const numbers = head.filter((_, i) => NUMBERS.test(types[i]!) && !types[i]!.endsWith(']'));
  return plainTable(head, rows, numbers, { width: null });
}

/** A row as a line for each value; long names and values go on below their beginning. */
function onItsSide(head: readonly string[], row: readonly string[], number: number, width: number): string {
  const names = Math.min(Math.max(...head.map(displayWidth)), Math.floor(width / 2));
  const lines = head.flatMap((name, i) => {
    const [labels, values] = [wrapText(name, names), wrapText(row[i]!, Math.max(1, width - names - 4))];
    return Array.from({ length: Math.max(labels.length, values.length) }, (_, line) =>
      `  ${pad(labels[line] ?? '', names, 'left')}  ${values[line] ?? ''}`.trimEnd(),
    );
  });
  return `row ${number}\n${lines.join('\n')}\n`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  // Before the table is laid out: a character that is not shown takes no room.
  return showControls(typeof value === 'string' ? value : JSON.stringify(value), false);
}
