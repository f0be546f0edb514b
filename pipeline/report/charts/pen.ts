import type { PlotOptions } from '@observablehq/plot';
import type { LinkedDocument, LinkedElement } from 'linkedom';
import { Html } from '../page/html.js';

/** What a chart says in words. */
export interface ChartWords {
  /** Unique on the page: of the parts that the words are tied to. */
  readonly id: string;
  /** What the chart shows: the finding. */
  readonly title: string;
  /** How it shows it, for those who do not see it. */
  readonly text: string;
}

type Library = typeof import('./library.js');

/** A chart of this width (px) or more scrolls where a page is narrow, rather than become too small to read. */
const WIDE = 500;

/** Draws charts as static SVG. Observable Plot is loaded for it, and a document to draw in, which a browser would have. */
export class Pen {
  private constructor(
    readonly library: Library,
    private readonly document: LinkedDocument,
  ) {}

  static async load(): Promise<Pen> {
    const library = await import('./library.js');
    return new Pen(library, library.parseHTML('<!doctype html><html><body></body></html>').document);
  }

  /** A chart without style of its own: the page has it. */
  draw(options: PlotOptions, { id, title, text }: ChartWords): Html {
    // Its types are those of a browser.
    const plot = this.library.plot as unknown as (options: object) => LinkedElement;
    const svg = plot({ ...options, document: this.document });
    svg.querySelector('style')?.remove();
    svg.removeAttribute('height');
    svg.setAttribute('class', (options.width ?? 0) >= WIDE ? 'chart wide' : 'chart narrow');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-labelledby', `${id}-title ${id}-text`);
    for (const element of svg.querySelectorAll('*')) tidy(element);
    svg.prepend(this.words('title', `${id}-title`, title), this.words('desc', `${id}-text`, text));
    return new Html(svg.outerHTML);
  }

  private words(name: 'title' | 'desc', id: string, text: string): LinkedElement {
    const element = this.document.createElementNS('http://www.w3.org/2000/svg', name);
    element.setAttribute('id', id);
    element.textContent = text;
    return element;
  }
}

/** Attributes that hold coordinates. */
const COORDINATES = ['transform', 'd', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height'];

/** A tenth of a pixel is finer than anybody sees. Labels for readers of screens are those of the whole chart. */
function tidy(element: LinkedElement): void {
  element.removeAttribute('aria-label');
  element.removeAttribute('aria-hidden');
  for (const name of COORDINATES) {
    const value = element.getAttribute(name);
    if (value === null || !/\.\d\d/.test(value)) continue;
    element.setAttribute(name, value.replace(/-?\d+\.\d+/g, (number: string) => String(Math.round(Number(number) * 10) / 10))); // prettier-ignore
  }
}
