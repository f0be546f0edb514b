/** Text of the database or of a spec in Markdown: nothing in it is a table, a link or markup. */
export function markdownText(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]<>()#!|~]/g, '\\$&');
}

/** As code, also within a table. */
export function markdownCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${text.replace(/\s+/g, ' ').trim().replaceAll('|', '\\|')}${space}${fence}`;
}
