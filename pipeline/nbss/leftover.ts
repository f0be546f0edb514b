import { emptyExtra, isEmptyExtra, NO_EXTRA, type Extra } from '../omi-db/extra.js';

/** A value that nothing knows, under its key. */
export interface UnknownValue {
  readonly key: string;
  readonly value: unknown;
}

/** A part of the file that is not what the format says, and stays as it is. */
export interface Leftover {
  /** Raw values by key, nested as in the file. */
  readonly rest: Readonly<Extra>;
  /** What of `rest` nothing knows, at whatever depth. */
  readonly unknown: readonly UnknownValue[];
}

/** As `to.push(...items)`, which fails on some 100,000 items: a call takes no more arguments. */
export function append<Item>(to: Item[], items: readonly Item[]): void {
  for (const item of items) to.push(item);
}

/** Gathers what is left over. */
export class Rest implements Leftover {
  /** Made when it is needed: nothing is left over of nearly every block. */
  #rest: Extra | null = null;
  readonly unknown: UnknownValue[] = [];

  get rest(): Readonly<Extra> {
    return this.#rest ?? NO_EXTRA;
  }

  keep(key: string, value: unknown): void {
    (this.#rest ??= emptyExtra())[key] = value;
    this.unknown.push({ key, value });
  }

  /** Keeps what was left over below `key`, if anything was. */
  keepBelow(key: string, below: Leftover): void {
    if (isEmptyExtra(below.rest)) return;
    (this.#rest ??= emptyExtra())[key] = below.rest;
    append(this.unknown, below.unknown);
  }
}
