import type { Severity } from '../../schemas/mismatch-kind.js';
import { MISMATCH_KINDS } from '../../schemas/mismatch-kinds.js';
import { mismatches } from '../../schemas/tables/mismatches.js';
import { cell, code, markdownTable } from './markdown.js';

const INTRODUCTION = `# Mismatches

Every kind of row in \`mismatches.jsonl\` and in the table \`mismatches\`. This page is made from \`schemas/mismatch-kinds.ts\` by
\`make docs\`: do not edit it.

One cause gives one row. A study folder that is missing does not also report each image in it. The names of kinds stay; kinds may
be added. Percentages (\`--max-mismatches KIND=5%\`) are of the rows of the table named: images where every mismatch of the kind is about
one image, studies where it is about one study, else clients.
`;

const SECTIONS: readonly (readonly [Severity, string])[] = [
  ['error', 'Something was lost or is contradictory. Look at these first.'],
  ['warning', 'The record is usable, but incomplete.'],
  ['info', 'Worth knowing.'],
];

/** The page of every kind of mismatch, worst first. */
export function mismatchesPage(): string {
  const sections = SECTIONS.map(([severity, meaning]) => {
    const rows = Object.entries(MISMATCH_KINDS)
      .filter(([, kind]) => kind.severity === severity)
      .map(([name, { description, per }]) => [code(name), cell(description), per]);
    return `## ${severity}\n\n${meaning}\n\n${markdownTable(['kind', 'when', 'percent of'], rows)}\n`;
  });
  return [INTRODUCTION, ...sections, columnSection()].join('\n');
}

function columnSection(): string {
  const rows = mismatches.columns.map(({ name, description, nullable }) => [
    code(name),
    cell(description),
    nullable ? 'yes' : 'no',
  ]);
  const note =
    '`expected` and `found` hold values of the source as they stand, and so may hold free text: treat the file as you treat the data.';
  return `## Columns\n\n${markdownTable(['column', 'description', 'null'], rows)}\n\n${note}\n`;
}
