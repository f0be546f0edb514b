import { emptyExtra, isJsonObject, NO_EXTRA } from '../omi-db/extra.js';
import type { JsonObject } from '../omi-db/json.js';
import type { KeyOrder } from '../omi-db/key-order.js';
import { isNoValue, parseInt32 } from '../omi-db/raw-values.js';
import { blockName, LESION_BLOCKS, type LesionEvent, type Side } from './blocks.js';
import { Rest, type Leftover } from './leftover.js';

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
  /** Lesions under keys that are no number: no table has a row for them. L first. */
  readonly unnumbered: readonly SideRecord[];
  /** Keys of lesions that are numbers in a spelling of their own, as `01`. */
  readonly respelledKeys: readonly string[];
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

/** Zeros before the number, and blanks around it, are a matter of spelling. */
const LESION_KEY = /^\s*\d+\s*$/;

/** The number that the key of a lesion stands for: 32 bits; else null. */
function lesionNumberOf(key: string): number | null {
  return LESION_KEY.test(key) ? parseInt32(key) : null;
}

/** What stands below one side key: the lesions, or the fields of a screen. */
type SideContent<Item> = Leftover & Pick<Block<Item>, 'items' | 'unnumbered' | 'respelledKeys'>;
type ReadSide<Item> = (side: Side, value: JsonObject) => SideContent<Item>;

const NONE: readonly never[] = [];

const screenSide: ReadSide<SideRecord> = (side, fields) => ({
  items: [{ side, fields }],
  unnumbered: NONE,
  respelledKeys: NONE,
  rest: NO_EXTRA,
  unknown: NONE,
});

const lesionsOfSide: ReadSide<LesionRecord> = (side, value) => {
  const left = new Rest();
  const lesions = new Map<number, LesionRecord>();
  const unnumbered: SideRecord[] = [];
  const respelledKeys: string[] = [];
  // Keys in their plain spelling come first in an object of JavaScript, so that `1` goes before `01`.
  for (const key of Object.keys(value)) {
    const fields = value[key];
    const lesionNumber = lesionNumberOf(key);
    if (!isJsonObject(fields)) left.keep(key, fields);
    else if (lesionNumber === null || lesions.has(lesionNumber)) {
      unnumbered.push({ side, fields });
      left.keep(key, fields);
    } else {
      lesions.set(lesionNumber, { side, lesionNumber, fields });
      if (key !== String(lesionNumber)) respelledKeys.push(key);
    }
  }
  const items = [...lesions.values()].sort((a, b) => a.lesionNumber - b.lesionNumber);
  return { items, unnumbered, respelledKeys, rest: left.rest, unknown: left.unknown };
};

const SIDE_OF_KEY: Readonly<Record<string, Side>> = { L: 'L', l: 'L', R: 'R', r: 'R' };

function readBlock<Item>(record: JsonObject, readSide: ReadSide<Item>): Block<Item> {
  const left = new Rest();
  const sideKeys = new Set<string>();
  const found: Record<Side, SideContent<Item> | null> = { L: null, R: null };
  for (const key of Object.keys(record)) {
    // Of the many keys of a block only those of one letter need a look.
    if (key.length !== 1) continue;
    const side = SIDE_OF_KEY[key];
    if (side === undefined) continue;
    sideKeys.add(key);
    const value = record[key];
    if (isNoValue(value)) continue;
    if (!isJsonObject(value) || found[side] !== null) {
      left.keep(key, value);
      continue;
    }
    const read = readSide(side, value);
    found[side] = read;
    left.keepBelow(key, read);
  }
  const { L: l, R: r } = found;
  return {
    record,
    sideKeys,
    items: joined(l?.items, r?.items),
    unnumbered: joined(l?.unnumbered, r?.unnumbered),
    respelledKeys: joined(l?.respelledKeys, r?.respelledKeys),
    rest: left.rest,
    unknown: left.unknown,
  };
}

/** What stands below L, then what stands below R. */
function joined<Item>(left: readonly Item[] = NONE, right: readonly Item[] = NONE): readonly Item[] {
  if (right.length === 0) return left;
  return left.length === 0 ? right : [...left, ...right];
}

function readScreen(record: JsonObject, sourceKey: string | null, eventNumber: number): Screen {
  const { sideKeys, items, unnumbered, respelledKeys, rest, unknown } = readBlock(record, screenSide);
  return { record, sideKeys, items, unnumbered, respelledKeys, rest, unknown, sourceKey, eventNumber };
}

function readEvent(record: JsonObject, event: LesionEvent): EventBlock {
  const { sideKeys, items, unnumbered, respelledKeys, rest, unknown } = readBlock(record, lesionsOfSide);
  return { record, sideKeys, items, unnumbered, respelledKeys, rest, unknown, event };
}

/** Further screens, numbered from 2 in the order of the file, whatever their keys. @param keys in that order */
function readOtherScreens(
  value: JsonObject,
  keys: readonly string[],
): Leftover & { readonly screens: Screen[] } {
  const left = new Rest();
  const screens: Screen[] = [];
  for (const sourceKey of keys) {
    const record = value[sourceKey];
    if (!isJsonObject(record)) left.keep(sourceKey, record);
    else screens.push(readScreen(record, sourceKey, screens.length + 2));
  }
  return { screens, rest: left.rest, unknown: left.unknown };
}

/** The blocks of an episode by name; what has the name of a block but is none goes to `left`. */
function findBlocks(record: JsonObject, left: Rest): { keys: Map<string, string>; blockKeys: Set<string> } {
  const keys = new Map<string, string>();
  const blockKeys = new Set<string>();
  for (const key of Object.keys(record)) {
    const name = blockName(key);
    if (name === null) continue;
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
    rest: Object.assign(emptyExtra(), left.rest, block.rest),
    unknown: [...left.unknown, ...block.unknown],
  };
}

/**
 * Takes an episode of the nbss file apart. Never throws; what does not fit is in `rest`.
 * @param order of the keys in the file, for that of further screens
 */
export function readEpisode(episodeId: string, record: JsonObject, order: KeyOrder): Episode {
  const left = new Rest();
  const { keys, blockKeys } = findBlocks(record, left);
  const block = (name: string): JsonObject | undefined => {
    const key = keys.get(name);
    return key === undefined ? undefined : (record[key] as JsonObject);
  };
  const screening = block('SCREENING');
  let screens = screening === undefined ? [] : [readScreen(screening, null, 1)];
  const others = block('OTHERSCREENING');
  if (others !== undefined) {
    const key = keys.get('OTHERSCREENING')!;
    const read = readOtherScreens(others, order.at([episodeId, key], Object.keys(others)));
    screens = screens.concat(read.screens);
    left.keepBelow(key, read);
  }
  const events: EventBlock[] = [];
  for (const { block: name, event } of LESION_BLOCKS) {
    const value = block(name);
    if (value !== undefined) events.push(readEvent(value, event));
  }
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
    unknown: left.unknown,
  };
}
