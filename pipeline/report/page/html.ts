import { showControls } from '../../base/text.js';

/** HTML that may stand in a page as it is. Everything else is text, and is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

export type Content = string | number | null | Html | readonly Content[];

/** A piece of a page: what stands between the texts of the template is escaped, unless it is Html. */
export function html(texts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(texts.map((text, i) => text + (i < values.length ? rendered(values[i]!) : '')).join(''));
}

function rendered(content: Content): string {
  if (content === null) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(rendered).join('');
  return escaped(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Characters of a name that are shown, at most. */
const MOST_CHARACTERS = 60;

/** A name that stands in the data, as it can be shown: a line of bounded length, without anything that a browser obeys. */
export function nameText(name: string, most = MOST_CHARACTERS): string {
  // No more than is shown is looked at: a name may be of any length.
  const characters = Array.from(name.slice(0, 4 * most));
  const isLong = characters.length > most || name.length > 4 * most;
  return showControls(characters.slice(0, most).join('') + (isLong ? '…' : ''), false);
}
