import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { discoverClient, type ClientEntry } from '../stages/discover.js';
import { ClientReader } from '../stages/extract.js';
import { flattenClient } from '../stages/flatten/client.js';
import { reconcile } from '../stages/reconcile/client.js';
import { stampClients } from '../stages/stamp.js';
import { writeArrowPart } from '../stages/write/arrow.js';
import { TableBuilder } from '../stages/write/columns.js';
import { mismatchRow } from '../stages/write/mismatches.js';
import { encodeParquet } from '../stages/write/parquet.js';
import { writeFileWhole } from '../stages/write/part-file.js';
import { clientTables } from '../../schemas/tables/index.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { serialise, type WorkerAnswer } from './pool.js';
import { findDamage } from './receipts.js';
import type { EncodeResult, EncodeTask, PlanResult, ReadResult, Task, WorkerSettings } from './tasks.js';

/** A worker thread: reads, flattens and encodes, one task at a time, with synchronous calls. */

const settings = workerData as WorkerSettings;
const { selection } = settings;
const reader = new ClientReader(settings.roots, selection);
const tables = clientTables(selection.tags.map((tag) => tag.column));

function processClient(client: ClientEntry, headers: boolean) {
  const mismatches: Mismatch[] = [];
  const report = (mismatch: Mismatch) => mismatches.push(mismatch);
  const plan = discoverClient(client, settings.roots, report);
  const record = reader.read(plan, headers, report);
  const flat = flattenClient(record, { selection, months: settings.months }, report);
  reconcile(record, flat, settings.roots, selection, report);
  return { plan, rows: flat.rows, mismatches };
}

function readClients(clients: readonly ClientEntry[]): ReadResult {
  // Before reading: what changes while it is read is then seen as changed by the next run.
  const stamp = stampClients(clients, settings.roots);
  const builders = tables.map((table) => ({ name: table.name, builder: new TableBuilder(table) }));
  const rows: Record<string, number> = {};
  const lines: string[] = [];
  for (const client of clients) {
    const { rows: byTable, mismatches } = processClient(client, true);
    for (const { name, builder } of builders) {
      const tableRows = byTable[name] ?? [];
      for (const row of tableRows) builder.append(row);
      rows[name] = (rows[name] ?? 0) + tableRows.length;
    }
    for (const mismatch of mismatches) lines.push(JSON.stringify(mismatchRow(mismatch)));
  }
  const batches = Object.fromEntries(builders.map(({ name, builder }) => [name, builder.finish()]));
  return { stamp, batches, rows, mismatches: lines, counts: reader.takeCounts() };
}

function planClients(clients: readonly ClientEntry[]): PlanResult {
  const lines: string[] = [];
  let images = 0;
  for (const client of clients) {
    const { plan, rows, mismatches } = processClient(client, false);
    images += rows['images']?.length ?? 0;
    lines.push(JSON.stringify({ plan }));
    for (const mismatch of mismatches) lines.push(JSON.stringify({ mismatch: mismatchRow(mismatch) }));
  }
  return { lines, images };
}

function encode({ table: name, batches, snapshot, path, arrowPath, rows }: EncodeTask): EncodeResult {
  const table = tables.find((candidate) => candidate.name === name)!;
  const content = encodeParquet(table, batches);
  return {
    parquet: { path, rows, ...writeFileWhole(join(snapshot, path), content) },
    arrow: arrowPath === null ? null : writeArrowPart(snapshot, arrowPath, table, content, rows),
  };
}

function perform(task: Task): ReadResult | PlanResult | EncodeResult | string | null {
  switch (task.type) {
    case 'read':
      return readClients(task.clients);
    case 'plan':
      return planClients(task.clients);
    case 'stamp':
      return stampClients(task.clients, settings.roots);
    case 'check':
      return findDamage(task.snapshot, task.receipt);
    case 'encode':
      return encode(task);
  }
}

parentPort!.on('message', (task: Task) => {
  let answer: WorkerAnswer;
  let handedOver: ArrayBuffer[] = [];
  try {
    const result = perform(task);
    answer = { result };
    if (task.type === 'read') handedOver = buffersOf(result as ReadResult);
  } catch (error) {
    answer = { error: serialise(error) };
  }
  parentPort!.postMessage(answer, handedOver);
});

/** The memory of the batches, which is handed over instead of copied. */
function buffersOf({ batches }: ReadResult): ArrayBuffer[] {
  return Object.values(batches)
    .filter(({ buffer, byteLength }) => byteLength === buffer.byteLength)
    .map(({ buffer }) => buffer as ArrayBuffer);
}
