/** Text as a cell of a Markdown table: on one line, with nothing that would end the cell or be read as HTML. */
export function cell(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;');
}

/** `name` -> `` `name` ``. */
export function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** Codes with commas between them. */
export function codes(names: readonly string[]): string {
  return names.map(code).join(', ');
}

/** A Markdown table, one line a row; cells are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
