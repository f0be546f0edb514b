import type { Column, Table } from '../../schemas/column.js';
import type { CodeList } from '../../schemas/nbss/code-lists.js';
import { cell, code, codes, markdownTable } from './markdown.js';
import { tableDiagram } from './table-diagram.js';

const INTRODUCTION = `# Tables

Every table and every column. This page is made from \`schemas/\` by \`make docs\`: do not edit it.

How to read the column lists:

- **key**: the columns that name a row together; unique, never null. A key column stands before all others.
- **parent**: each row has its row in that table, with the same values in the columns named. The run checks this.
- **null**: \`yes\` where a cell may be null, which means 'no value in the source', never 'no' and never 'none'. An empty list means 'none'.
- **codes**: the list that the values are from; table \`codes\` has the text of each code. A value that the list does not have
  is kept as it stands and reported as \`code_unknown\`.
- **free text**: people typed what they liked. It may hold something that identifies a person.
- **source**: the file and the field, in the words of the source. \`<…>\` stands for a key that differs from record to record.

| type here | in Parquet | in DuckDB |
| --- | --- | --- |
| string, json (JSON text) | UTF-8 string | VARCHAR |
| bool | BOOLEAN | BOOLEAN |
| int | INT32 | INTEGER |
| long | INT64 | BIGINT |
| double | DOUBLE | DOUBLE |
| date | INT32 (DATE) | DATE |
| list<…> | LIST of the type | …[] |

The columns of \`images\` from \`sop_class_uid\` on come from the tag selection that is shipped, \`schemas/dicom/tags.csv\`. A run with
\`--tags\` has those of its own selection instead; \`schema.json\` beside the tables always describes the columns that are there.
`;

/**
 * The data dictionary.
 * @param tables in the order of the page
 * @param lists  every code list, by name
 */
export function tablesPage(tables: readonly Table[], lists: ReadonlyMap<string, CodeList>): string {
  const parts = [
    INTRODUCTION,
    contents(tables),
    diagram(tables),
    ...tables.map(tableSection),
    listSection(tables, lists),
  ];
  return parts.join('\n');
}

function contents(tables: readonly Table[]): string {
  const rows = tables.map(({ name, description, columns }) => [
    `[${name}](#${name})`,
    cell(description),
    String(columns.length),
  ]);
  return `${markdownTable(['table', 'what it holds', 'columns'], rows)}\n`;
}

function diagram(tables: readonly Table[]): string {
  const text =
    'How they hang together. Each box has the key of its table; a line leads from a table to those whose rows each have a row in it, and names the columns to join by.';
  return `## Keys and joins\n\n${text}\n\n\`\`\`mermaid\n${tableDiagram(tables)}\n\`\`\`\n`;
}

function tableSection({ name, description, key, parents, columns }: Table): string {
  const parent = parents.map(({ table, columns: by }) => `[${table}](#${table}) by ${codes(by)}`).join('; ');
  return [
    `## ${name}`,
    '',
    description,
    '',
    `- key: ${key.length === 0 ? 'none' : codes(key)}`,
    `- parent: ${parent === '' ? 'none' : parent}`,
    '',
    markdownTable(
      ['column', 'type', 'description', 'unit', 'codes', 'null', 'free text', 'source'],
      columns.map(columnCells),
    ),
    '',
  ].join('\n');
}

function columnCells(column: Column): string[] {
  return [
    code(column.name),
    cell(column.type),
    cell(column.description),
    cell(column.unit ?? ''),
    codesCell(column),
    column.nullable ? 'yes' : 'no',
    column.freeText ? 'yes' : '',
    cell(column.source),
  ];
}

function codesCell({ codes: list, otherText }: Column): string {
  if (list === null) return '';
  return otherText === null ? code(list) : `${code(list)} or other text: ${cell(otherText)}`;
}

function listSection(tables: readonly Table[], lists: ReadonlyMap<string, CodeList>): string {
  const rows = [...lists.values()]
    .map((list) => [list, usersOf(list.name, tables)] as const)
    .filter(([, users]) => users.length > 0)
    .sort(([a], [b]) => (a.name < b.name ? -1 : 1))
    .map(([{ name, title, note, codes: entries }, users]) => [
      code(name),
      cell(note === null ? title : `${title}. ${note}`),
      String(entries.length),
      codes(users),
    ]);
  return [
    '## Code lists',
    '',
    'The lists that columns name. Their codes and texts are in table `codes`, which also holds the lists of NBSS that no column uses.',
    '',
    markdownTable(['list', 'about', 'codes', 'columns'], rows),
    '',
  ].join('\n');
}

function usersOf(list: string, tables: readonly Table[]): string[] {
  return tables.flatMap(({ name, columns }) =>
    columns.filter((column) => column.codes === list).map((column) => `${name}.${column.name}`),
  );
}
