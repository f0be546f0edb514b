import { BytePattern, startsWith } from './bytes.js';
import type { Place } from './familiar-order.js';
import type { JsonElement, JsonElementReader } from './json-element.js';
import { AFTER_VR, hasVr, QUOTED_LENGTH, VALUE, VR_LENGTH } from './json-plain-bytes.js';
import type { SequenceParts } from './json-sequence-parts.js';
import type { SingleValue } from './json-single-value.js';
import { Remembered } from './remembered.js';
import { vrAt } from './value-representation.js';

/** What is known of a key of headers in DICOM JSON. */
export class KnownKey implements Place<KnownKey> {
  /** By their bytes, those of the key too: `"00080060":{"vr":"CS","Value":["MG"]}`. */
  readonly elements = new Remembered<JsonElement>();
  /** Whether anything of its elements goes to a column. */
  readonly isSelected: boolean;
  /** How an element of one value is read; null where that is not known. */
  readonly single: SingleValue | null;
  /** What is read of its elements where they are sequences; null where that is not known. */
  readonly parts: SequenceParts | null;
  /** What its elements begin with: `"00080060":{"vr":"CS","Value":[`; null where none with values was met. */
  start: BytePattern | null = null;
  /** The VR in it. */
  vr = '';
  seenIn = 0;
  next: KnownKey | null = null;

  /** @param quoted the key as it is written, between quotation marks */
  constructor(
    readonly key: string,
    readonly quoted: BytePattern,
    reader: JsonElementReader,
  ) {
    this.isSelected = reader.isSelected(key);
    this.single = reader.singleOf(key);
    this.parts = reader.partsOf(key);
  }

  /** Notes what the element whose key stands at an offset begins with. */
  learnStart(bytes: Buffer, view: DataView, at: number): void {
    const afterVr = at + QUOTED_LENGTH + 1 + AFTER_VR;
    if (!startsWith(bytes, afterVr, VALUE) || !hasVr(bytes, afterVr - AFTER_VR)) return;
    this.start = new BytePattern(view, at, afterVr + VALUE.length);
    this.vr = vrAt(bytes, afterVr - VR_LENGTH - 1)!;
  }
}
