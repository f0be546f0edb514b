import type { BoxText, FlowText } from './flow-text.js';
import { wrapText } from './text-width.js';

/**
 * The flow as a figure for a paper: what is left goes down, what is excluded stands at the right of where it left, and the
 * groups by label are the last row. Black on white, since it is printed; nothing in it is loaded from anywhere.
 */

const FONT = 'Helvetica, Arial, Liberation Sans, sans-serif';
const SIZE = 13;
const LINE = 17;
const PADDING = 10;
const MAIN_WIDTH = 250;
const SIDE_WIDTH = 330;
/** From the middle of the boxes that go down to those at the side. */
const SIDE_LEFT = 40 + MAIN_WIDTH + 40;
const MAIN_LEFT = 40;
const WIDTH = SIDE_LEFT + SIDE_WIDTH + 40;
const MIDDLE = MAIN_LEFT + MAIN_WIDTH / 2;
const GAP = 20;
const MARGIN = 30;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly titles: readonly string[];
  readonly lines: readonly string[];
  readonly isSide: boolean;
}

interface Arrow {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** An arrow that turns: down to this height, across, and down again. */
  readonly turn?: number;
}

/** @param title of the figure @param text its boxes @returns the whole SVG file */
export function flowSvg(title: string, text: FlowText): string {
  const boxes = [placed(text.start, MAIN_LEFT, MARGIN, MAIN_WIDTH)];
  const arrows: Arrow[] = [];
  let above = boxes[0]!;
  let sideBottom = 0;
  for (const { excluded, left } of text.steps) {
    const sized = placed(excluded, SIDE_LEFT, 0, SIDE_WIDTH, true);
    // Where it leaves is the middle of the box at the side, which must not meet the one above it.
    const branch = Math.max(bottom(above) + GAP, sideBottom + GAP / 2 + sized.height / 2);
    const side = { ...sized, top: branch - sized.height / 2 };
    const next = placed(left, MAIN_LEFT, branch + GAP, MAIN_WIDTH);
    arrows.push({ from: [MIDDLE, bottom(above)], to: [MIDDLE, next.top] });
    arrows.push({ from: [MIDDLE, branch], to: [SIDE_LEFT, branch] });
    boxes.push(side, next);
    above = next;
    sideBottom = bottom(side);
  }
  const groups = placedLabels(text.labels, Math.max(bottom(above) + 2 * GAP, sideBottom + GAP));
  for (const group of groups)
    arrows.push({
      from: [MIDDLE, bottom(above)],
      to: [group.left + group.width / 2, group.top],
      turn: group.top - GAP,
    });
  boxes.push(...groups);
  const height = Math.max(...boxes.map(bottom)) + MARGIN;
  return document(title, text, height, [...arrows.map(drawnArrow), ...boxes.map(drawnBox)]);
}

function placed({ title, lines }: BoxText, left: number, top: number, width: number, isSide = false): Box {
  const room = width - 2 * PADDING;
  const titles = title === '' ? [] : wrapText(title, room, SIZE, true);
  const wrapped = lines.flatMap((line) => wrapText(line, room, SIZE));
  const height = (titles.length + wrapped.length) * LINE + 2 * PADDING;
  return { left, top, width, height, titles, lines: wrapped, isSide };
}

function bottom({ top, height }: Box): number {
  return top + height;
}

/** A row of boxes of one height. */
function placedLabels(labels: readonly BoxText[], top: number): Box[] {
  const room = (WIDTH - 2 * MAIN_LEFT - (labels.length - 1) * GAP) / labels.length;
  const width = Math.min(MAIN_WIDTH, room);
  const boxes = labels.map((text, i) => placed(text, MAIN_LEFT + i * (width + GAP), top, width));
  const height = Math.max(...boxes.map((box) => box.height));
  return boxes.map((box) => ({ ...box, height }));
}

function drawnBox({ left, top, width, height, titles, lines, isSide }: Box): string {
  const x = left + width / 2;
  const first = top + PADDING + SIZE;
  const all = [
    ...titles.map((text) => ({ text, weight: ' font-weight="bold"' })),
    ...lines.map((text) => ({ text, weight: '' })),
  ];
  const texts = all.map(({ text, weight }, i) => {
    const place = isSide ? `x="${left + PADDING}"` : `x="${x}" text-anchor="middle"`;
    return `<text ${place} y="${first + i * LINE}"${weight}>${escaped(text)}</text>`;
  });
  const fill = isSide ? '#f4f4f4' : '#ffffff';
  return `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${fill}" stroke="#222222"/>\n${texts.join('\n')}`;
}

function drawnArrow({ from: [x1, y1], to: [x2, y2], turn }: Arrow): string {
  const way = turn === undefined ? `L${x2} ${y2}` : `V${turn} H${x2} V${y2}`;
  return `<path d="M${x1} ${y1} ${way}" fill="none" stroke="#222222" marker-end="url(#head)"/>`;
}

function document(title: string, text: FlowText, height: number, drawn: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="flow-title flow-desc" font-family="${FONT}" font-size="${SIZE}" fill="#000000">
<title id="flow-title">${escaped(title)}</title>
<desc id="flow-desc">${escaped(inWords(text))}</desc>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#222222"/></marker></defs>
<rect width="100%" height="100%" fill="#ffffff"/>
${drawn.join('\n')}
</svg>
`;
}

/** For those who hear the figure. */
function inWords({ start, steps, labels }: FlowText): string {
  const said = ({ title, lines }: BoxText) => [title, ...lines].filter((line) => line !== '').join(', ');
  return [
    said(start),
    ...steps.map(({ excluded, left }) => `${said(excluded)}; left ${left.lines.join(', ')}`),
    ...labels.map(said),
  ].join('. ');
}

/** Text for XML, which has no way at all to write some characters. */
export function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"]/g, (found) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[found]!);
}
