import { html, type Content, type Html } from './html.js';

/** Parts that several sections are made of. */

export interface Head {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
}

/** A cell: what it shows, and how. */
export interface Cell {
  readonly content: Content;
  /** What it is sorted by, where that is not what it shows. */
  readonly value?: string | number;
  readonly className?: string;
}

export interface TableOptions {
  /** What the table holds: for readers of screens, and for those who print. */
  readonly caption: string;
  readonly heads: readonly Head[];
  readonly rows: readonly (readonly (Content | Cell)[])[];
  readonly isSortable?: boolean;
}

/** A table that scrolls by itself where the page is narrow; its first column names the row. */
export function table({ caption, heads, rows, isSortable = false }: TableOptions): Html {
  const head = heads.map(
    ({ title, isNumber }) => html`<th scope="col" ${isNumber === true ? NUMBER : null}>${title}</th>`,
  );
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell, i) => cellOf(cell, heads[i]!, i === 0))}
      </tr>`,
  );
  return scrolling(
    caption,
    html`<table${isSortable ? html` class="sortable"` : null}><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${body.map((row) => [row, '\n'])}</tbody></table>`,
  );
}

const NUMBER = html` class="n"`;

function cellOf(cell: Content | Cell, { isNumber }: Head, isName: boolean): Html {
  const { content, value, className } = isCell(cell) ? cell : { content: cell };
  const names = [isNumber === true ? 'n' : '', className ?? ''].filter((name) => name !== '').join(' ');
  const attributes = [
    names === '' ? null : html` class="${names}"`,
    value === undefined ? null : html` data-v="${value}"`,
  ];
  return isName
    ? html`<th scope="row" ${attributes}>${content}</th>`
    : html`<td${attributes}>${content}</td>`;
}

function isCell(cell: Content | Cell): cell is Cell {
  return typeof cell === 'object' && cell !== null && 'content' in cell;
}

/** What may be wider than the page: it scrolls, by keys too. */
export function scrolling(label: string, content: Content): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}

/** A chart under its finding, with the numbers behind it for those who want or need them as text. */
export function chartFigure(finding: string, chart: Html, numbers: Html, legend: Html | null = null): Html {
  return html`<figure>
    <figcaption>${finding}</figcaption>
    ${legend}${scrolling(finding, chart)}
    <details class="onscreen">
      <summary>The numbers of this chart</summary>
      ${numbers}
    </details>
  </figure> `;
}

/** Names of colours. */
export function legend(entries: readonly { readonly className: string; readonly name: string }[]): Html {
  const items = entries.map(
    ({ className, name }) => html`<li><span class="key ${className}"></span>${name}</li>`,
  );
  return html`<ul class="legend">
    ${items}
  </ul>`;
}

/** A section of the page. @param purpose what it says and how to read it, in a sentence or two */
export function section(id: string, title: string, purpose: Content, content: Content): Html {
  return html`<section id="${id}" aria-labelledby="${id}-head">
    <h2 id="${id}-head">${title}</h2>
    <p class="quiet">${purpose}</p>
    ${content}
  </section> `;
}
