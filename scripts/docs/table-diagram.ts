import type { Table } from '../../schemas/column.js';

/** Tables, their keys and their parents as an entity diagram of Mermaid, which GitHub and many editors draw. */
export function tableDiagram(tables: readonly Table[]): string {
  const linked = tables.filter(({ name, parents }) => parents.length > 0 || isParent(name, tables));
  return ['erDiagram', ...linked.flatMap(box), ...linked.flatMap(lines)].join('\n');
}

function isParent(name: string, tables: readonly Table[]): boolean {
  return tables.some(({ parents }) => parents.some(({ table }) => table === name));
}

function box({ name, key, columns }: Table): string[] {
  const keys = key.map(
    (column) => `    ${columns.find(({ name: each }) => each === column)!.type} ${column} PK`,
  );
  return [`  ${name} {`, ...keys, '  }'];
}

function lines({ name, parents }: Table): string[] {
  return parents.map(({ table, columns }) => `  ${table} ||--o{ ${name} : "${columns.join(', ')}"`);
}
