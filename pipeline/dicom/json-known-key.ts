import { COLON } from './json-characters.js';
import { BytePattern, startsWith } from './bytes.js';
import type { Place } from './familiar-order.js';
import type { JsonElement, JsonElementReader } from './json-element.js';
import { AFTER_VR, hasVr, QUOTED_LENGTH, VALUE, VR_LENGTH } from './json-plain-bytes.js';
import type { SequenceParts } from './json-sequence-parts.js';
import type { WholeValues } from './json-whole-values.js';
import { Remembered } from './remembered.js';
import { vrAt } from './value-representation.js';

const INTEGER = /^[1-9]\d*$/;

/** What is known of a key of headers in DICOM JSON. */
export class KnownKey implements Place<KnownKey> {
  /** By their bytes, those of the key too: `"00080060":{"vr":"CS","Value":["MG"]}`. */
  readonly elements = new Remembered<JsonElement>();
  /** The number that the key looks like, in decimal digits without a zero in front; else 0. */
  readonly integer: number;
  /** Whether anything of its elements goes to a column. */
  readonly isSelected: boolean;
  /** Whether tags may find it by its creator, another element. */
  readonly isPrivate: boolean;
  /** How its elements are read where columns hold them wholly; null where that is not known. */
  readonly whole: WholeValues | null;
  /** What is read of its elements where they are sequences; null where that is not known. */
  readonly parts: SequenceParts | null;
  /** What the last element with values began with: `"00080060":{"vr":"CS","Value":[`. */
  #start: BytePattern | null = null;
  #vr = '';
  seenIn = 0;
  next: KnownKey | null = null;

  /** @param quoted the key as it is written, between quotation marks */
  constructor(
    readonly key: string,
    readonly quoted: BytePattern,
    reader: JsonElementReader,
  ) {
    this.integer = INTEGER.test(key) ? Number(key) : 0;
    this.isSelected = reader.isSelected(key);
    this.isPrivate = reader.isPrivate(key);
    this.whole = reader.wholeOf(key);
    this.parts = reader.partsOf(key);
  }

  /** VR of the last element with values. */
  get vr(): string {
    return this.#vr;
  }

  /**
   * Offset of the first value of the element whose key stands at an offset; -1 where it has none, or is not plain.
   * `vr` is that of the element then.
   */
  valuesAt(bytes: Buffer, view: DataView, at: number): number {
    if (this.#start?.standsAt(view, at) === true) return at + this.#start.length;
    const element = at + QUOTED_LENGTH + 1;
    const values = element + AFTER_VR + VALUE.length;
    if (bytes[element - 1] !== COLON || !hasVr(bytes, element)) return -1;
    if (!startsWith(bytes, element + AFTER_VR, VALUE)) return -1;
    this.#start = new BytePattern(view, at, values);
    this.#vr = vrAt(bytes, element + AFTER_VR - 1 - VR_LENGTH)!;
    return values;
  }
}
