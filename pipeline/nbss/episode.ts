import { matchName } from '../../schemas/nbss/fields.js';
import { emptyExtra, isEmptyExtra, isJsonObject, type Extra } from '../omi-db/extra.js';
import type { JsonObject } from '../omi-db/json.js';
import { LESION_BLOCKS, SIDES, type LesionEvent, type Side } from './blocks.js';
import { isNoValue, parseInt32 } from '../omi-db/raw-values.js';

/** A part of the file that is not what the format says, and stays as it is. */
export interface Leftover {
  /** Raw values by key, nested as in the file. */
  readonly rest: Extra;
  /** The keys of `rest` that nothing knows, at whatever depth. */
  readonly unknownKeys: readonly string[];
}

export interface SideRecord {
  readonly side: Side;
  readonly fields: JsonObject;
}

export interface LesionRecord extends SideRecord {
  readonly lesionNumber: number;
}

/** A block of an episode: its own fields, and what stands below L and R. */
interface Block<Item> extends Leftover {
  readonly record: JsonObject;
  /** Keys of the record that are sides, not fields. */
  readonly sideKeys: ReadonlySet<string>;
  /** By side, L first, then by lesion number. */
  readonly items: readonly Item[];
}

export type LesionBlock = Block<LesionRecord>;

export interface Screen extends Block<SideRecord> {
  readonly eventNumber: number;
  /** Key in OTHERSCREENING; null for SCREENING itself. */
  readonly sourceKey: string | null;
}

export interface EventBlock extends LesionBlock {
  readonly event: LesionEvent;
}

/** An episode taken apart by the format page of OMI-DB; its fields are still raw. */
export interface Episode extends Leftover {
  readonly episodeId: string;
  readonly record: JsonObject;
  /** Keys of the record that are blocks, or have gone to `rest`: not fields. */
  readonly blockKeys: ReadonlySet<string>;
  readonly hasScreening: boolean;
  readonly screens: readonly Screen[];
  readonly events: readonly EventBlock[];
  /** The LESION block; what it leaves over is in the episode's `rest`. */
  readonly lesions: LesionBlock | null;
}

const LESION_KEY = /^(0|[1-9]\d*)$/;

/** The number that a key of a lesion or a further screen stands for: canonical, 32 bits; else null. */
function keyNumber(key: string): number | null {
  return LESION_KEY.test(key) ? parseInt32(key) : null;
}

/** As `to.push(...items)`, which fails on some 100,000 items: a call takes no more arguments. */
export function append<Item>(to: Item[], items: readonly Item[]): void {
  for (const item of items) to.push(item);
}

class Rest {
  readonly rest = emptyExtra();
  readonly unknownKeys: string[] = [];

  keep(key: string, value: unknown): void {
    this.rest[key] = value;
    this.unknownKeys.push(key);
  }

  /** Keeps what was left over below `key`, if anything was. */
  keepBelow(key: string, below: Leftover): void {
    if (isEmptyExtra(below.rest)) return;
    this.rest[key] = below.rest;
    append(this.unknownKeys, below.unknownKeys);
  }
}

/** The lesions or the screen's fields below one side key. */
type ReadSide<Item> = (side: Side, value: JsonObject) => Leftover & { readonly items: readonly Item[] };

const screenSide: ReadSide<SideRecord> = (side, fields) => ({
  items: [{ side, fields }],
  rest: emptyExtra(),
  unknownKeys: [],
});

const lesionsOfSide: ReadSide<LesionRecord> = (side, value) => {
  const left = new Rest();
  const items: LesionRecord[] = [];
  for (const key of Object.keys(value)) {
    const lesionNumber = keyNumber(key);
    const fields = value[key];
    if (lesionNumber !== null && isJsonObject(fields)) items.push({ side, lesionNumber, fields });
    else left.keep(key, fields);
  }
  items.sort((a, b) => a.lesionNumber - b.lesionNumber);
  return { items, rest: left.rest, unknownKeys: left.unknownKeys };
};

function readBlock<Item>(record: JsonObject, readSide: ReadSide<Item>): Block<Item> {
  const left = new Rest();
  const sideKeys = new Set<string>();
  const bySide = new Map<Side, readonly Item[]>();
  for (const key of Object.keys(record)) {
    // Of the many keys of a block only those of one letter need a look.
    if (key.length !== 1) continue;
    const side = SIDES.find((name) => name === key.toUpperCase());
    if (side === undefined) continue;
    sideKeys.add(key);
    const value = record[key];
    if (isNoValue(value)) continue;
    if (!isJsonObject(value) || bySide.has(side)) {
      left.keep(key, value);
      continue;
    }
    const read = readSide(side, value);
    bySide.set(side, read.items);
    left.keepBelow(key, read);
  }
  const items = SIDES.flatMap((side) => bySide.get(side) ?? []);
  return { record, sideKeys, items, rest: left.rest, unknownKeys: left.unknownKeys };
}

/** Further screens, numbered from 2 in the order of their keys as numbers. */
function readOtherScreens(value: JsonObject): Leftover & { readonly screens: Screen[] } {
  const left = new Rest();
  const found: { sourceKey: string; order: number; record: JsonObject }[] = [];
  for (const key of Object.keys(value)) {
    const order = keyNumber(key);
    const record = value[key];
    if (order !== null && isJsonObject(record)) found.push({ sourceKey: key, order, record });
    else left.keep(key, record);
  }
  found.sort((a, b) => a.order - b.order);
  const screens = found.map(({ sourceKey, record }, index) => ({
    ...readBlock(record, screenSide),
    sourceKey,
    eventNumber: index + 2,
  }));
  return { screens, rest: left.rest, unknownKeys: left.unknownKeys };
}

const BLOCK_NAMES = new Set([
  'SCREENING',
  'OTHERSCREENING',
  'LESION',
  ...LESION_BLOCKS.map(({ block }) => block),
]);

/** The blocks of an episode by name; what has the name of a block but is none goes to `left`. */
function findBlocks(record: JsonObject, left: Rest): { keys: Map<string, string>; blockKeys: Set<string> } {
  const keys = new Map<string, string>();
  const blockKeys = new Set<string>();
  for (const key of Object.keys(record)) {
    const name = matchName(key).toUpperCase();
    if (!BLOCK_NAMES.has(name)) continue;
    blockKeys.add(key);
    const value = record[key];
    if (isNoValue(value)) continue;
    if (!isJsonObject(value) || keys.has(name)) left.keep(key, value);
    else keys.set(name, key);
  }
  return { keys, blockKeys };
}

/** What is left over of a block that has no row of its own: its own fields too. */
function withOwnFields(block: LesionBlock): Leftover {
  const left = new Rest();
  for (const key of Object.keys(block.record)) {
    if (!block.sideKeys.has(key)) left.keep(key, block.record[key]);
  }
  return {
    rest: Object.assign(left.rest, block.rest),
    unknownKeys: [...left.unknownKeys, ...block.unknownKeys],
  };
}

/** Takes an episode of the nbss file apart. Never throws; what does not fit is in `rest`. */
export function readEpisode(episodeId: string, record: JsonObject): Episode {
  const left = new Rest();
  const { keys, blockKeys } = findBlocks(record, left);
  const block = (name: string): JsonObject | undefined => {
    const key = keys.get(name);
    return key === undefined ? undefined : (record[key] as JsonObject);
  };
  const screening = block('SCREENING');
  let screens: Screen[] =
    screening === undefined ? [] : [{ ...readBlock(screening, screenSide), sourceKey: null, eventNumber: 1 }];
  const others = block('OTHERSCREENING');
  if (others !== undefined) {
    const read = readOtherScreens(others);
    screens = screens.concat(read.screens);
    left.keepBelow(keys.get('OTHERSCREENING') ?? '', read);
  }
  const events = LESION_BLOCKS.flatMap(({ block: name, event }) => {
    const value = block(name);
    return value === undefined ? [] : [{ ...readBlock(value, lesionsOfSide), event }];
  });
  const lesion = block('LESION');
  const lesions = lesion === undefined ? null : readBlock(lesion, lesionsOfSide);
  if (lesions !== null) left.keepBelow(keys.get('LESION') ?? '', withOwnFields(lesions));
  return {
    episodeId,
    record,
    blockKeys,
    hasScreening: screening !== undefined,
    screens,
    events,
    lesions,
    rest: left.rest,
    unknownKeys: left.unknownKeys,
  };
}
