import { stringify } from 'yaml';
import type { SplitBalance } from './certificate.js';
import type { CohortFile } from './cohort-file.js';
import { number } from './figure/flow-text.js';
import type { ExportReport } from './export/export.js';
import { COUNT_OF_UNIT, type Flow } from './flow.js';
import type { MatchResult } from './match.js';
import { markdownCode, markdownText } from './markdown.js';
import { table1Markdown, type Table1 } from './table1.js';

/** What README.md of a cohort is made of. */
export interface CardFacts {
  readonly file: CohortFile;
  readonly flow: Flow;
  readonly balance: readonly SplitBalance[];
  readonly match: MatchResult | null;
  readonly table1: Table1;
  readonly exports: readonly ExportReport[];
}

/** README.md: the data card of a cohort, with the front matter that Hugging Face reads. */
export function dataCard(facts: CardFacts): string {
  const sections = [
    whatItIs(facts),
    howChosen(facts),
    howLabelled(facts),
    howSplit(facts),
    ...(facts.match === null ? [] : [howMatched(facts.match)]),
    `## The cohort by split and label\n\nRows where it does not say otherwise.\n\n${table1Markdown(facts.table1)}`,
    ...(facts.exports.length === 0 ? [] : [whatExported(facts.exports)]),
    LIMITS,
    howToUse(facts),
  ];
  return `${frontMatter(facts)}${sections.join('\n')}`;
}

const TASKS = {
  exam: 'image-classification',
  breast: 'image-classification',
  image: 'image-classification',
  box: 'object-detection',
};

function frontMatter({ file, flow }: CardFacts): string {
  const matter = {
    pretty_name: file.name,
    license: 'other',
    task_categories: [TASKS[flow.unit]],
    tags: ['medical', 'mammography', 'OMI-DB'],
    size_categories: [sizeCategory(flow.cohort[COUNT_OF_UNIT[flow.unit]])],
    configs: [{ config_name: 'default', data_files: 'cohort.parquet' }],
  };
  return `---\n${stringify(matter)}---\n\n`;
}

/** The words that Hugging Face has for numbers of rows. */
function sizeCategory(rows: number): string {
  const limits = ['1K', '10K', '100K', '1M', '10M'];
  const above = limits.findIndex((_, i) => rows < 10 ** (i + 3));
  if (above === -1) return 'n>10M';
  return above === 0 ? 'n<1K' : `${limits[above - 1]!}<n<${limits[above]!}`;
}

function whatItIs({ file, flow }: CardFacts): string {
  const { women, exams, images } = flow.cohort;
  const rows = flow.cohort[COUNT_OF_UNIT[flow.unit]];
  return `# ${markdownText(file.name)}

${markdownText(file.spec.description ?? 'A cohort of mammograms.')}

${number(rows)} rows, one for each ${ROW[flow.unit]}: ${number(women)} women, ${number(exams)} exams, ${number(images)} images.
Made by omidb-etl ${file.software.version} from snapshot \`${file.snapshot.run_id}\`; spec sha256 \`${file.spec_sha256.slice(0, 16)}\`.
`;
}

const ROW = { exam: 'exam', breast: 'breast at an exam', image: 'image', box: 'box on an image' };

function howChosen({ file, flow }: CardFacts): string {
  const unit = COUNT_OF_UNIT[flow.unit];
  const lines = flow.steps.map(
    ({ number: step, name, kind, condition, dropped, unknown, left }) =>
      `| ${step} | ${markdownText(name)} | ${ruleOf(kind, condition)} | ${[dropped, unknown, left].map((counts) => number(counts[unit])).join(' | ')} |`,
  );
  return `## How rows were chosen

![The flow](flow.svg)

Of ${number(flow.start[unit])} ${unit}, in this order. What a step cannot tell of a row is unknown, and such rows are left out too.
All that were left out are in \`excluded.parquet\`, with their step.

| step | name | rule | excluded | cannot be told | left |
| ---: | --- | --- | ---: | ---: | ---: |
${lines.join('\n')}

The whole spec is in \`cohort.json\`${file.earlier_splits === null ? '' : ', with the splits that were given earlier'}.
`;
}

/** What steps of the spec say in SQL; other lines say it in words. */
function ruleOf(kind: string, condition: string): string {
  return kind === 'earlier_split' || kind === 'match'
    ? markdownText(condition)
    : `${kind} ${markdownCode(condition)}`;
}

function howLabelled({ file, flow }: CardFacts): string {
  const { label } = file.spec;
  const unit = COUNT_OF_UNIT[flow.unit];
  const required =
    label.require === undefined
      ? ''
      : `\nIt can be told where ${markdownCode(label.require)}; a condition that is empty there counts as false.`;
  const counts = flow.labels.map((one) => `${markdownText(one.label)}: ${number(one.counts[unit])}`);
  return `## The label: ${markdownText(label.name)}

${label.description === undefined ? '' : `${markdownText(label.description)} `}By ${markdownCode(label.sql)}.${required}
${counts.join('; ')}.
`;
}

function howSplit({ file, balance }: CardFacts): string {
  const rows = balance.map(
    ({ split, label, rows, women, share }) =>
      `| ${split} | ${markdownText(label)} | ${number(rows)} | ${number(women)} | ${(100 * share).toFixed(1)} % |`,
  );
  const how =
    file.earlier_splits === null
      ? 'By the number of her group, so nobody moves when women are added.'
      : 'Women of an earlier cohort keep their splits; those who are new were shared out by label and maker.';
  return `## Splits

Women who share an image are a group (\`split_group\`), and a group is in one split. ${how} Nothing is in two splits: see \`certificate.json\`.

| split | label | rows | women | of the split |
| --- | --- | ---: | ---: | ---: |
${rows.join('\n')}
`;
}

function howMatched({ cases, controls, cases_by_controls: found, balance }: MatchResult): string {
  const counts = found.map((rows, i) => `${number(rows)} with ${i}`).reverse();
  const shown = (value: number | null) => (value === null ? '' : value.toFixed(3));
  const rows = balance.map(
    ({ column, value, before, after }) =>
      `| ${markdownText(value === null ? `${column} (mean)` : `${column}: ${value}`)} | ${shown(before)} | ${shown(after)} |`,
  );
  return `## Matching

${number(cases)} cases found ${number(controls)} controls: ${counts.join(', ')}. \`match_set\` is the number of a case and its controls.
Standardised differences between cases and controls; within 0.1 counts as alike.

| | before | after |
| --- | ---: | ---: |
${rows.join('\n')}
`;
}

/** What the form of another program cannot say is not in its file. */
function whatExported(exports: readonly ExportReport[]): string {
  const lines = exports.map(({ files, rows, left_out: leftOut }) => {
    const why = Object.entries(leftOut).map(([reason, count]) => `${number(count)} ${reason}`);
    return `- ${files.map((file) => `\`${file}\``).join(', ')}: ${number(rows)} rows of the cohort${why.length === 0 ? '' : `; left out: ${why.join(', ')}`}.`;
  });
  return `## For other programs\n\n${lines.join('\n')}\n`;
}

const LIMITS = `## Limits

- OMI-DB is enriched with cancers: shares of labels are not those of a screening population.
- No recorded cancer is no proof of health; \`days_to_last_follow_up\` says for how long something would have been recorded.
- Dates may be shifted for anonymity. Paths start at the folders that \`roots\` of \`cohort.json\` names.
- The images are under the licence of OMI-DB; this folder holds none of them.
`;

function howToUse({ file }: CardFacts): string {
  return `## Using it

\`\`\`python
import json, pandas
cohort = pandas.read_parquet("cohort.parquet")
roots = json.load(open("cohort.json"))["roots"]
training = cohort[cohort["split"] == "${Object.keys(file.spec.split)[0]!}"]
labels = training["${file.spec.label.name}"]
\`\`\`

The same again, from the same snapshot: \`omidb-etl cohort cohort.json --to FOLDER\`.
`;
}
