import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { flowMarkdown } from '../../pipeline/cohort/figure/flow-markdown.js';
import { escaped, flowSvg } from '../../pipeline/cohort/figure/flow-svg.js';
import { flowSummary, flowText } from '../../pipeline/cohort/figure/flow-text.js';
import { textWidth, wrapText } from '../../pipeline/cohort/figure/text-width.js';
import type { Counts, Flow } from '../../pipeline/cohort/flow.js';

const counts = (n: number): Counts => ({ women: n, exams: 2 * n, breasts: 4 * n, images: 8 * n, boxes: n });

function flowOf(names: readonly string[], labels: readonly string[]): Flow {
  const total = 10_000;
  return {
    unit: 'exam',
    start: counts(total),
    steps: names.map((name, i) => ({
      number: i + 1,
      name,
      kind: i % 2 === 0 ? ('keep' as const) : ('drop' as const),
      condition: 'is_complete',
      before: counts(total - 10 * i),
      dropped: counts(7),
      unknown: counts(i % 2 === 0 ? 3 : 0),
      left: counts(total - 10 * (i + 1)),
    })),
    cohort: counts(total - 10 * names.length),
    labels: labels.map((label) => ({ label, counts: counts(5) })),
  };
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const attribute = (tag: string, name: string) => Number(new RegExp(` ${name}="([\\d.]+)"`).exec(tag)![1]);

/** Boxes of a figure; the first rectangle is its ground. */
function boxesOf(svg: string): Rectangle[] {
  return [...svg.matchAll(/<rect x[^>]*>/g)].map(([tag]) => {
    const [left, top] = [attribute(tag, 'x'), attribute(tag, 'y')];
    return { left, top, right: left + attribute(tag, 'width'), bottom: top + attribute(tag, 'height') };
  });
}

/** Where each line of text begins and ends, by the widths that browsers have, and its foot. */
function textsOf(svg: string): { left: number; right: number; foot: number; text: string }[] {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].map(([, tag, content]) => {
    const text = content!.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]!); // prettier-ignore
    const width = textWidth(text, 13, tag!.includes('bold'));
    const x = attribute(` ${tag!}`, 'x');
    const left = tag!.includes('middle') ? x - width / 2 : x;
    return { left, right: left + width, foot: attribute(` ${tag!}`, 'y'), text };
  });
}

const meet = (a: Rectangle, b: Rectangle) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe('the figure of a flow', () => {
  const long =
    'Neither an implant nor a clip of an earlier biopsy that hides more than a fifth of the breast in either view';
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['2 steps', ['Screening', 'Complete'], ['false', 'true']],
    ['6 steps, 3 labels', ['a', 'b', long, 'd', 'e', 'f'], ['1', '2', '3']],
    ['15 long steps, 10 labels', Array.from({ length: 15 }, (_, i) => `${i} ${long}`), 'a b c d e f g h i j'.split(' ')],
    ['a name without a space', ['x'.repeat(200), `side_${'density_'.repeat(24)}`], ['m'.repeat(100), 'false']],
    ['names of another script', ['日本語の長い名前のステップ'.repeat(5), 'Ωμέγα '.repeat(20)], ['ja', 'nein']],
    ['40 labels', ['a', 'b'], Array.from({ length: 40 }, (_, i) => String(i))],
  ]; // prettier-ignore
  for (const [name, steps, labels] of cases)
    test(`no box meets another, none leaves the figure, and all text is in its box: ${name}`, () => {
      const svg = flowSvg('A flow', flowText(flowOf(steps, labels), 'cancer'));
      const boxes = boxesOf(svg);
      assert.ok(boxes.length >= 2 * steps.length + 2);
      const [width, height] = [attribute(svg, 'width'), attribute(svg, 'height')];
      for (const [i, box] of boxes.entries()) {
        assert.ok(box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height);
        for (const other of boxes.slice(i + 1)) assert.ok(!meet(box, other), `${i}`);
      }
      const texts = textsOf(svg);
      for (const { left, right, foot, text } of texts)
        assert.ok(
          boxes.some(
            (box) => left >= box.left && right <= box.right && foot - 10 >= box.top && foot + 3 <= box.bottom,
          ),
          text,
        );
      // Nothing of a name is lost, wherever it is broken.
      const all = texts.map(({ text }) => text).join('').replace(/\s/g, ''); // prettier-ignore
      for (const step of steps) assert.ok(all.includes(step.replace(/\s/g, '')), step);
    });

  test('says what each step took, in units and women', () => {
    const svg = flowSvg('A flow', flowText(flowOf(['Screening', 'Complete'], ['false', 'true']), 'cancer'));
    const texts = textsOf(svg).map(({ text }) => text);
    assert.deepEqual(texts.slice(0, 6), [
      'All exams of the snapshot',
      '20,000 exams',
      '10,000 women',
      '1. Screening',
      '14 exams excluded, and 7 women with them',
      '6 exams cannot be told, and 3 women with them',
    ]);
    assert.deepEqual(texts.slice(-6), ['cancer: false', '10 exams', '5 women', 'cancer: true', '10 exams', '5 women']);
    assert.match(svg, /^<svg [^>]*role="img"/);
    assert.match(svg, /<title id="flow-title">A flow<\/title>\n<desc id="flow-desc">All exams of the snapshot, 20,000 exams/);
  }); // prettier-ignore

  test('holds whatever a name holds as text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (name) => {
        const svg = flowSvg(name, flowText(flowOf([name, 'b'], [name, 'c']), 'cancer'));
        // No tag of a figure but its own, and no character that XML has not.
        const tags = new Set([...svg.matchAll(/<\/?([^\s>/]*)/g)].map(([, tag]) => tag));
        assert.deepEqual([...tags].sort(), [
          'defs',
          'desc',
          'marker',
          'path',
          'rect',
          'svg',
          'text',
          'title',
        ]);
        assert.doesNotMatch(svg, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u);
        assert.doesNotMatch(svg.replace(/&(amp|lt|gt|quot);/g, ''), /&/);
      }),
      { numRuns: 50 },
    );
    assert.equal(escaped('<a href="x">&'), '&lt;a href=&quot;x&quot;&gt;&amp;');
  });

  test('is a Mermaid chart too, in which no name can close its box', () => {
    const text = flowMarkdown('A flow', flowText(flowOf(['a"] --> b["x`', '<b>|'], ['#1', '2']), 'cancer'), flowOf(['x|y', 'z'], ['1'])); // prettier-ignore
    const chart = /```mermaid\n([^]*?)\n```/.exec(text)![1]!;
    assert.deepEqual(
      chart.split('\n').map((line) => line.replace(/"[^"]*"/, '…')),
      [
        'flowchart TD',
        '  left0[…]',
        '  left0 --> left1[…]',
        '  left0 --> out1[…]',
        '  left1 --> left2[…]',
        '  left1 --> out2[…]',
        '  left2 --> label1[…]',
        '  left2 --> label2[…]',
      ],
    );
    assert.match(chart, /out1\["1#46; a#34;#93; #45;#45;#62; b#91;#34;x#96;<br\/>/);
    assert.match(text, /\| 1\. x\\\|y \| 7 \| 3 \| 9,990 \|/);
  });

  test('leaves out lines that follow from the spec and took nothing, in the summary too', () => {
    const flow = flowOf(['a', 'b', 'can be told'], ['1']);
    const none = { ...flow.steps[2]!, kind: 'label' as const, dropped: counts(0), unknown: counts(0) };
    const summary = flowSummary({ ...flow, steps: [...flow.steps.slice(0, 2), none] }, 'cancer');
    assert.deepEqual(
      summary.map(([name]) => name),
      ['', 'All exams of the snapshot', 'a', 'b', 'cancer: 1'],
    );
  });
});

describe('the width of text', () => {
  // Adobe's metrics of Helvetica: H 722, e 556, l 222, o 556; a space 278.
  test('is that of Helvetica', () => {
    assert.equal(textWidth('Hello', 10).toFixed(6), '22.780000');
    assert.equal(textWidth(' ', 100).toFixed(6), '27.800000');
  }); // prettier-ignore

  test('lines are broken between words, then after parts of a name, then anywhere', () => {
    assert.deepEqual(wrapText('one two three', 50, 13), ['one two', 'three']);
    assert.deepEqual(wrapText('cancer_within_3_years', 90, 13), ['cancer_within_', '3_years']);
    assert.deepEqual(wrapText('xxxxxxxx', 20, 13), ['xxx', 'xxx', 'xx']);
    assert.deepEqual(wrapText('  ', 20, 13), ['']);
  });
});
