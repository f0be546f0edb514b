import type { Column, Table } from '../../../schemas/column.js';
import { html, type Html } from '../page/html.js';
import { section, table, type Cell } from '../page/parts.js';
import { grouped } from '../page/shown.js';
import type { Content } from '../page/html.js';
import type { View } from '../view.js';

/** Every table and column, to search in. */
export function dictionarySection({ figures: { tables, rows }, input }: View): Html {
  const mayCount = input.minCount <= 1;
  return section(
    'dictionary',
    'Tables and columns',
    'Open a table to see its columns. An empty cell (null) means that the source has no value; it never means no, or none.',
    [
      html`<div class="search onscreen" data-of="dictionary" data-label="Find a column"></div>`,
      tables.map((described) => tablePart(described, mayCount ? (rows.get(described.name) ?? 0) : null)),
    ],
  );
}

function tablePart({ name, description, key, columns }: Table, rows: number | null): Html {
  const count = rows === null ? null : html` <span class="quiet">${grouped(rows)} rows</span>`;
  const keys = key.length === 0 ? null : html`<p>Key: <code>${key.join(', ')}</code></p>`;
  return html`<details id="table-${name}"><summary><code>${name}</code>${count} ${description}</summary>${keys}${table({
    caption: `Columns of ${name}`,
    heads: [{ title: 'column' }, { title: 'type' }, { title: 'unit' }, { title: 'what it is' }, { title: 'source' }],
    rows: columns.map((column) => columnRow(name, column)),
  })}</details>
`; // prettier-ignore
}

function columnRow(table: string, { name, type, unit, description, source, freeText }: Column): (Content | Cell)[] {
  return [
    { content: html`<code${table === 'images' ? html` id="images.${name}"` : null}>${name}</code>` },
    type,
    unit ?? '',
    { content: freeText ? `${description} Free text.` : description, className: 'words' },
    source,
  ];
} // prettier-ignore
