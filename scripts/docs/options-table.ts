import type { OptionTable } from '../../pipeline/commands/option.js';
import { code, markdownTable } from './markdown.js';

/** The options of a command as a Markdown table, in their order: what each does, its choices and its default. */
export function optionsTable(command: string, options: OptionTable): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const names = option.default === true ? [`--${name}`, `--no-${name}`] : [`--${name}`];
    const text = option.readme ?? lowerFirst(option.describe);
    return [names.map(code).join(', '), `${text}${values(option)}`];
  });
  return markdownTable([`option of \`${command}\``, 'what it does'], rows);
}

/** ` (a, b or c; default a)`. */
function values({ choices, default: given, defaultDescription }: OptionTable[string]): string {
  const facts: string[] = [];
  if (choices !== undefined) facts.push(choices.map((choice) => code(String(choice))).join(', '));
  if (defaultDescription !== undefined) facts.push(`default: ${defaultDescription}`);
  else if (typeof given === 'string') facts.push(`default ${code(given)}`);
  return facts.length === 0 ? '' : ` (${facts.join('; ')})`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/**
 * A page with another text between `<!-- name -->` and `<!-- end of name -->`.
 * @throws Error when the page has no such marks
 */
export function replacePart(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)];
  if (start === -1 || stop < start) throw new Error(`the page has no part between ${begin} and ${end}`);
  return `${page.slice(0, start + begin.length)}\n${text}\n${page.slice(stop)}`;
}
