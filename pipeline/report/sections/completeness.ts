import type { ColumnCompleteness, Completeness } from '../figures/completeness.js';
import { html, nameText, type Html } from '../page/html.js';
import { section, table, type Cell } from '../page/parts.js';
import { HIDDEN, type Shown } from '../page/shown.js';
import type { View } from '../view.js';

/** In how many images each column has a value, by manufacturer. */
export function completenessSection({ figures: { completeness }, shown }: View): Html {
  const purpose =
    'Share of images with a value in each column of table images. A column that one maker never fills tells a model which maker it is, rather than what it says.';
  if (completeness === null || completeness.makers.length === 0)
    return section('completeness', 'How complete each column is', purpose, html`<p>There are no images.</p>`);
  const { makers, images, columns } = completeness;
  const cells = table({
    caption: 'Share of images with a value, by manufacturer',
    heads: [
      { title: 'column' },
      ...makers.map((maker, i) => ({ title: `${nameText(maker)} (${shown.text(images[i]!)})` })),
    ],
    rows: columns.map((column) => [
      html`<a href="#images.${column.name}"><code>${column.name}</code></a>`,
      ...makers.map((_, i) => cellOf(column, i, images[i]!.n, shown)),
    ]),
    isSortable: true,
  });
  return section('completeness', 'How complete each column is', purpose, [
    html`<p>${emptyColumns(completeness)}</p>`,
    html`<div class="search onscreen" data-of="completeness" data-label="Find a column"></div>`,
    cells,
  ]);
}

function cellOf({ filled, missing }: ColumnCompleteness, maker: number, images: number, shown: Shown): Cell {
  const share = shown.share(filled[maker]!, { id: '', n: images });
  if (shown.number(filled[maker]!) === null || shown.number(missing[maker]!) === null) return { content: HIDDEN, value: '' }; // prettier-ignore
  const part = images === 0 ? 0 : filled[maker]!.n / images;
  // Only what is whole looks whole, only what is empty looks empty.
  const step = part === 0 || part === 1 ? part * 10 : Math.min(9, Math.max(1, Math.round(part * 10)));
  return { content: share, value: part.toFixed(4), className: `fill f${step}` };
}

function emptyColumns({ columns }: Completeness): string {
  const empty = columns.filter(({ filled }) => filled.every(({ n }) => n === 0)).length;
  const whole = columns.filter(({ missing }) => missing.every(({ n }) => n === 0)).length;
  return `Of ${columns.length} columns ${whole} have a value in every image, and ${empty} in none.`;
}
