import { COUNTED, type Flow } from '../flow.js';
import { markdownText } from '../markdown.js';
import { number, type BoxText, type FlowText } from './flow-text.js';

/** flow.md: the flow as a Mermaid chart, which GitHub and others draw, and all its counts. */
export function flowMarkdown(title: string, text: FlowText, flow: Flow): string {
  return [`# ${markdownText(title)}`, '', '```mermaid', mermaid(text), '```', '', countTable(flow), ''].join(
    '\n',
  );
}

function mermaid({ start, steps, labels }: FlowText): string {
  const lines = ['flowchart TD', `  left0[${quoted(start)}]`];
  steps.forEach(({ excluded, left }, i) => {
    lines.push(`  left${i} --> left${i + 1}[${quoted(left)}]`);
    lines.push(`  left${i} --> out${i + 1}[${quoted(excluded)}]`);
  });
  labels.forEach((label, i) => lines.push(`  left${steps.length} --> label${i + 1}[${quoted(label)}]`));
  return lines.join('\n');
}

/** In quotes any character may stand, written as its number where Mermaid, HTML or Markdown would make something of it. */
function quoted({ title, lines }: BoxText): string {
  const text = [title, ...lines].filter((line) => line !== '').map(plain);
  return `"${text.join('<br/>')}"`;
}

function plain(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
    .replace(/[^\p{L}\p{N} ,:()/']/gu, (found) => `#${found.codePointAt(0)!};`);
}

function countTable({ steps, cohort }: Flow): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = ['step', ...COUNTED.flatMap((thing) => [`${thing} excluded`, 'cannot be told', 'left'])];
  return [
    line(head),
    `| --- |${' ---: |'.repeat(head.length - 1)}`,
    ...steps.map((step) =>
      line([
        `${step.number}. ${markdownText(step.name)}`,
        ...COUNTED.flatMap((thing) =>
          [step.dropped[thing], step.unknown[thing], step.left[thing]].map(number),
        ),
      ]),
    ),
    '',
    `Cohort: ${COUNTED.map((thing) => `${number(cohort[thing])} ${thing}`).join(', ')}.`,
    'A woman, exam, breast or image counts as lost at the step that takes the last of its rows.',
  ].join('\n');
}
