/** A source of repeatable random choices: the same seed gives the same choices on every machine. */
export interface Random {
  /** A number in [0, 1). */
  float(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** A number from `low` to `high`, rounded to so many decimals. */
  decimal(low: number, high: number, decimals: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  bytes(length: number): Buffer;
  /** A new DICOM UID made from a random UUID (PS3.5 B.2, `2.25.` and the UUID as a decimal number). */
  uid(): string;
}

/** 32-bit hash of a text (FNV-1a with a final avalanche), started differently for each lane. */
function hash(text: string, lane: number): number {
  let h = 0x811c9dc5 ^ Math.imul(lane, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Chris Doty-Humphrey's sfc32: four words of state, passes PractRand, far more than a sample needs. */
function sfc32(text: string): () => number {
  let a = hash(text, 1);
  let b = hash(text, 2);
  let c = hash(text, 3);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Random choices for one purpose: `seed` names it, e.g. `(7, 'client', 12)`. Different names are independent. */
export function random(...seed: readonly (string | number)[]): Random {
  const next = sfc32(seed.join('/'));
  const float = (): number => next() / 0x1_0000_0000;
  const int = (low: number, high: number): number => low + Math.floor(float() * (high - low + 1));
  const bytes = (length: number): Buffer => {
    const words = new Uint32Array(Math.ceil(length / 4));
    for (let i = 0; i < words.length; i++) words[i] = next();
    return Buffer.from(words.buffer).subarray(0, length);
  };
  return {
    float,
    int,
    bytes,
    decimal: (low, high, decimals) => Number((low + float() * (high - low)).toFixed(decimals)),
    chance: (probability) => float() < probability,
    pick: (items) => items[Math.floor(float() * items.length)]!,
    uid: () => {
      const uuid = Buffer.from(bytes(16));
      uuid[6] = (uuid[6]! & 0x0f) | 0x40;
      uuid[8] = (uuid[8]! & 0x3f) | 0x80;
      return `2.25.${BigInt(`0x${uuid.toString('hex')}`)}`;
    },
  };
}
