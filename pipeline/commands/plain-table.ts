import Table from 'cli-table3';

/** Columns with two spaces between them; `numbers` are the columns to align right, by default the last. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = head.slice(-1),
): string {
  const table = new Table({
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: head.map((name) => (numbers.includes(name) ? 'right' : 'left')),
  });
  table.push([...head], ...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const BARE = Object.fromEntries(
  [
    'top',
    'bottom',
    'left',
    'right',
    'mid',
    'top-mid',
    'top-left',
    'top-right',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left-mid',
    'mid-mid',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

/** `1234567` -> `1,234,567`. */
export function count(number: number): string {
  return number.toLocaleString('en-GB');
}
