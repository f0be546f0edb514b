import { basename, resolve } from 'node:path';
import { withScratchDb } from '../engine/scratch-db.js';
import { compareSnapshots, openSide, type Difference, type Side } from '../snapshot/compare.js';
import { beforeCurrent, findSnapshot } from '../snapshot/published.js';
import { EXIT } from '../run/exit.js';
import type { DiffArguments } from './history-options.js';
import { print } from './print.js';
import { count, plainTable, wrapForScreen } from './plain-table.js';
import { stopSignal } from './stop.js';

/** `omidb-etl diff`: what changed from one snapshot to another. @returns the exit code */
export async function diffCommand({ a, b, out, format }: DiffArguments): Promise<number> {
  const folder = resolve(out);
  const earlier = a ?? beforeCurrent(folder);
  if (earlier === null) {
    if (format === 'table') await print(`${onlyOne(folder)}\n`);
    return EXIT.published;
  }
  const before = openSide(findSnapshot(folder, earlier));
  const after = openSide(findSnapshot(folder, b));
  await withScratchDb(async (db) => {
    const differences = compareSnapshots(db, before, after);
    if (format === 'json') for await (const one of differences) await print(`${JSON.stringify(one)}\n`);
    else await print(await summary(differences, before, after));
  }, stopSignal());
  return EXIT.published;
}

function onlyOne(out: string): string {
  return `${out} holds no snapshot before the current one, ${basename(findSnapshot(out, 'current'))}: there is nothing to compare it with`;
}

interface Counts {
  new: number;
  gone: number;
  changed: number;
  readonly columns: Map<string, number>;
}

async function summary(differences: AsyncIterable<Difference>, before: Side, after: Side): Promise<string> {
  const tables = new Map<string, Counts>();
  for await (const { table, change, columns } of differences) {
    const counts = tables.get(table) ?? { new: 0, gone: 0, changed: 0, columns: new Map<string, number>() };
    tables.set(table, counts);
    counts[change]++;
    for (const column of columns) counts.columns.set(column, (counts.columns.get(column) ?? 0) + 1);
  }
  const lines = [`${basename(before.folder)} -> ${basename(after.folder)}`, ''];
  if (tables.size === 0) lines.push('no row is new, gone or changed');
  else lines.push(countTable(tables), ...columnTable(tables));
  return [...lines, ...schemaChanges(before, after), ''].join('\n');
}

const CHANGES = ['new', 'gone', 'changed'] as const;

function countTable(tables: ReadonlyMap<string, Counts>): string {
  const rows = [...tables].map(([name, counts]) => [name, ...CHANGES.map((change) => count(counts[change]))]);
  return plainTable(['table', ...CHANGES], rows, CHANGES);
}

/** Which columns changed in how many rows, the most frequent first. */
function columnTable(tables: ReadonlyMap<string, Counts>): string[] {
  const rows = [...tables].flatMap(([table, { columns }]) =>
    [...columns].sort((a, b) => b[1] - a[1]).map(([column, rows]) => [`${table}.${column}`, count(rows)]),
  );
  return rows.length === 0
    ? []
    : ['', plainTable(['column changed', 'rows'], rows, ['rows'], { wrap: 'column changed' })];
}

/** Columns that one of the two has not: they are not compared. */
function schemaChanges(before: Side, after: Side): string[] {
  const [was, is] = [before, after].map(
    ({ tables }) =>
      new Set(tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`))),
  ) as [Set<string>, Set<string>];
  const lines = [
    ['columns that are new', [...is].filter((name) => !was.has(name))],
    ['columns that are gone', [...was].filter((name) => !is.has(name))],
  ] as const;
  return lines
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `\n${wrapForScreen(`${what}: ${names.join(', ')}`)}`);
}
