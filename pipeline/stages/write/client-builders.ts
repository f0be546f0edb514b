import type { Column } from '../../../schemas/column.js';
import { clientTables, type ClientTableName, type ClientTableNamed } from '../../../schemas/tables/index.js';
import { TableBuilder } from './columns.js';

/** A builder for each table whose rows come from clients. */
export type ClientBuilders = {
  readonly [Name in ClientTableName]: TableBuilder<ClientTableNamed<Name>>;
};

export function clientBuilders(tagColumns: readonly Column[]): ClientBuilders {
  const builders = clientTables(tagColumns).map((table) => [table.name, new TableBuilder(table)] as const);
  // The list of tables is what the type is made of; `images` has its tags besides.
  return Object.fromEntries(builders) as unknown as ClientBuilders;
}
