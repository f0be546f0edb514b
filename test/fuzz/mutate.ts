import { deflateRawSync } from 'node:zlib';
import type { Random } from './random.js';

/** Changes inputs in ways that have broken parsers before. */

const JSON_TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '\\udc00',
  '\\u2028',
  'null',
  'true',
  '{}',
  '[]',
  '""',
  '-0',
  '1e400',
  '9007199254740993',
  '-1e-400',
  '"__proto__":',
  '"constructor":',
  '"STUDIES":',
  '"L":',
  '"1.2.3":',
  '"vr":"SQ",',
  '"Value":[null]',
  '\ufeff',
  '\ufffd',
  '\0',
  ' '.repeat(50),
  '['.repeat(120),
  '"LESION":{"R":{"1":{}}}',
].map((token) => Buffer.from(token));

/** Values that take the place of others in a JSON file that stays one. */
const JSON_VALUES: readonly unknown[] = [
  null, true, false, 0, -0, -1, 1.5, 1e308, -1e308, 4294967296, 2147483648, '', ' ', '0', '-1', '1e400', '1,2,3', 'UNLINKED',
  '2010-02-30', '20100501', '00000000', '9999-12-31', 'Y', 'CI', 'OM', '\ud800', '\udfff\ud800', '\0', '\u2028', '1.2.3',
  '\\', '=', '==^', '055Y', '120000', [], {}, [null], [[]], [{}], { L: {} }, { '1': {} }, { vr: 'SQ' }, { vr: 'PN', Value: ['x'] },
  { vr: 'US', Value: [70000, -1, 1.5] }, { vr: 'DS', Value: ['1\\2', 3] }, { vr: 'DA', Value: [''] }, ['1.2', '1.3'],
]; // prettier-ignore

const DICOM_TOKENS = [
  'feff00e0', 'feff00e000000000', 'feff00e0ffffffff', 'feff0de000000000', 'feffdde000000000', 'e07f1000', 'e07f10004f570000',
  'e07f10004f570000ffffffff', '08000500435300', '28000301', '54002002', '540020025351', '5351', '554e', '4f420000', '5554', '5556',
  '5c', '00', 'ffff', '02001000', '00080008', '0800', '080018005549', '1b2442', '1b284a', '2d', '3d3d5e',
].map((hex) => Buffer.from(hex, 'hex')); // prettier-ignore
const LENGTHS = [
  0, 1, 2, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];
const LONGEST = 300_000;

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const splice = (bytes: Buffer, at: number, drop: number, insert: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + drop)]);

const flip: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes);
  if (changed.length > 0)
    for (let n = 1 + random.below(4); n > 0; n--) changed[random.below(changed.length)] = random.below(256);
  return changed;
};

const bitFlip: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes);
  const at = random.below(changed.length);
  if (changed.length > 0) changed[at] = changed[at]! ^ (1 << random.below(8));
  return changed;
};

const truncate: Mutation = (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1));

const drop: Mutation = (bytes, random) =>
  splice(bytes, random.below(bytes.length), 1 + random.below(random.pick([4, 64, 1024])), Buffer.alloc(0));

const repeat: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  const part = bytes.subarray(at, at + 1 + random.below(64));
  const times = random.pick([1, 2, 10, 500]);
  return splice(bytes, at, 0, Buffer.concat(Array.from({ length: times }, () => part)));
};

const graft: Mutation = (bytes, random, other) => {
  const from = random.below(other.length);
  return splice(
    bytes,
    random.below(bytes.length),
    random.below(16),
    other.subarray(from, from + random.below(512)),
  );
};

const length: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes);
  const value = random.pick(LENGTHS);
  const size = value > 0xffff || random.below(2) === 0 ? 4 : 2;
  if (changed.length < size) return changed;
  const at = random.below(changed.length - size + 1) & ~1;
  if (random.below(8) === 0) changed.writeUIntBE(value, at, size);
  else changed.writeUIntLE(value, at, size);
  return changed;
};

const token =
  (tokens: readonly Buffer[]): Mutation =>
  (bytes, random) => {
    const inserted = random.pick(tokens);
    return splice(bytes, random.below(bytes.length + 1), random.below(2) * inserted.length, inserted);
  };

/** Replaces a value, or adds one under a new key, in a file that stays JSON. */
const revalue: Mutation = (bytes, random) => {
  let root: unknown;
  try {
    root = JSON.parse(bytes.toString());
  } catch {
    return flip(bytes, random, bytes);
  }
  let place = root;
  for (let depth = random.below(9); ; depth--) {
    if (typeof place !== 'object' || place === null) return flip(bytes, random, bytes);
    const keys = Object.keys(place);
    const key =
      random.below(10) === 0 || keys.length === 0
        ? random.pick(['__proto__', '', '8', '1.9', 'L'])
        : random.pick(keys);
    const child = (place as Record<string, unknown>)[key];
    if (depth > 0 && Object.hasOwn(place, key) && typeof child === 'object' && child !== null) {
      place = child;
      continue;
    }
    const value = random.pick(JSON_VALUES);
    Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true });
    return Buffer.from(JSON.stringify(root));
  }
};

/** Deflates what follows the file meta group, whatever it is. */
const deflate: Mutation = (bytes, random) =>
  Buffer.concat([bytes.subarray(0, 164), deflateRawSync(bytes.subarray(164)).subarray(random.below(2))]);

const COMMON = [flip, bitFlip, truncate, drop, repeat, graft];
const MUTATIONS = {
  json: [...COMMON, token(JSON_TOKENS), ...Array.from({ length: 8 }, () => revalue)],
  dicom: [...COMMON, length, length, length, length, token(DICOM_TOKENS), token(DICOM_TOKENS), deflate],
} as const;

export type Format = keyof typeof MUTATIONS;

/** An input made from `bytes` by one to eight changes, some with parts of `other`. */
export function mutate(format: Format, bytes: Buffer, other: Buffer, random: Random): Buffer {
  let changed = bytes;
  for (let n = 1 + random.below(8); n > 0; n--)
    changed = random.pick(MUTATIONS[format])(changed, random, other);
  return changed.subarray(0, LONGEST);
}
