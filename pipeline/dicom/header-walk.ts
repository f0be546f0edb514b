import { viewOf } from './bytes.js';
import { isPlausibleElement, looksLikeElement, tagAt, UNDEFINED_LENGTH } from './element-header.js';
import type { HeaderMemories } from './element-memory.js';
import type { ElementSteps } from './element-steps.js';
import { EXPLICIT_LITTLE, IMPLICIT_LITTLE, type Encoding } from './encoding.js';
import type { OddElements } from './odd-elements.js';
import { isOddGroup, stepOverOddGroup } from './odd-groups.js';
import { isKnownVr, vrAt } from './value-representation.js';

export interface PixelElement {
  /** Where in the file the element starts, and where its value does. */
  readonly offset: number;
  readonly dataOffset: number;
  /** Declared length of the value in bytes; null when undefined (encapsulated). */
  readonly length: number | null;
}

/** What a walk came to: the pixel data, the end of the bytes, or an element that is not wholly there. */
export type WalkOutcome = 'pixels' | 'end' | 'more';

const META_GROUP = 0x0002;
const TWICE = 'stands twice; the first one counts';
const META_LENGTH = 0x00020000;
const AFTER_META =
  'comes after the file meta group, which ends before it by its length; it was read as one of it';
const NO_PADDING = 'has a length without the padding that stands here, which was stepped over';
const PIXEL_TAGS: ReadonlySet<number> = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);

/** Whether an element of the file meta group without a VR is in implicit VR: only then another one comes after its length. */
function isImplicitMeta(bytes: Buffer, at: number): boolean {
  return isPlausibleElement(bytes, at + 8 + bytes.readUInt32LE(at + 4), 0, false);
}

/**
 * A walk over the top-level elements of a dataset that is only partly read. It stops before the first element that
 * is not wholly there, and goes on from it when there are more bytes. What is not wanted is stepped over by its length, and
 * need not be loaded.
 */
export class HeaderWalk {
  readonly steps: ElementSteps;
  pixel: PixelElement | null = null;
  readonly #memories: HeaderMemories;
  readonly #odd: OddElements;
  /** Tag of the element that was met last, and where in the file it begins: one may be begun again when there are more bytes. */
  #last = 0;
  #begun = -1;
  /** Where the file meta group says that it ends. */
  #metaEnd: number | null = null;
  /** Whether the element before was of an odd number of bytes. */
  #isOdd = false;
  #view: DataView | null = null;

  /** @param steps at the first element */
  constructor(memories: HeaderMemories, steps: ElementSteps, odd: OddElements) {
    this.#memories = memories;
    memories.begin();
    this.#odd = odd;
    this.steps = steps;
  }

  /** Walks over the file meta group, which should be explicit little endian; 'end' at the first other group. */
  walkMeta(bytes: Buffer): WalkOutcome {
    const { steps } = this;
    const view = this.#viewOf(bytes);
    if (!steps.goOn(bytes)) return 'more';
    while (steps.position + 8 <= bytes.length) {
      const at = steps.position;
      const tag = tagAt(view, at, false);
      if (tag >>> 16 !== META_GROUP) return 'end';
      const vr = vrAt(bytes, at + 4);
      const isExplicit = vr !== null && isKnownVr(vr);
      if (tag === META_LENGTH && vr === 'UL' && at + 12 <= bytes.length)
        this.#metaEnd = at + 12 + bytes.readUInt32LE(at + 8);
      else if (at === this.#metaEnd) this.#odd.note('group', tag, at, AFTER_META);
      else if (!isExplicit && isImplicitMeta(bytes, at))
        this.#odd.note('meta', tag, at, 'is in implicit VR in the file meta group; it was read');
      else if (steps.found.isKnownMeta(tag)) this.#odd.note('order', tag, at, TWICE);
      const encoding = isExplicit || !isImplicitMeta(bytes, at) ? EXPLICIT_LITTLE : IMPLICIT_LITTLE;
      if (!steps.step(bytes, view, tag, encoding, this.#memories.of(encoding, isExplicit))) return 'more';
    }
    return steps.more(null, steps.position + 8);
  }

  /**
   * Walks over the dataset.
   * @returns 'pixels' when the pixel data was met, 'end' when the bytes end with an element, 'more' when they end within one
   * @throws MalformedHeader where it is not known how to go on
   */
  walkDataset(bytes: Buffer, encoding: Encoding): WalkOutcome {
    const memory = this.#memories.of(encoding, false);
    const { steps } = this;
    const view = this.#viewOf(bytes);
    for (;;) {
      if (!steps.goOn(bytes)) return 'more';
      if (!this.#isOdd) this.#last = steps.walkPlain(bytes, view, this.#last, encoding, memory);
      const at = steps.position;
      if (at === bytes.length) return 'end';
      if (at > bytes.length) return steps.more(steps.unfinished, at + 8);
      steps.droppable = null;
      if (at + 8 > bytes.length) return steps.more(null, at + 8);
      if (this.#isOdd && this.#skipPadding(bytes, encoding)) continue;
      const tag = tagAt(view, at, encoding.bigEndian);
      const { around } = steps;
      if (isOddGroup(tag)) {
        const next = stepOverOddGroup(bytes, at, tag, this.#last, { encoding, around }, this.#odd);
        if (next === null) return steps.more(null, bytes.length + 1);
        if (next > at) {
          steps.stepTo(next, at, tag);
          continue;
        }
      } else if (at + this.#odd.origin !== this.#begun) this.#checkOrder(tag, at);
      if (PIXEL_TAGS.has(tag)) return this.#meetPixels(bytes, tag, encoding);
      if (!steps.step(bytes, view, tag, encoding, memory)) return 'more';
      this.#isOdd = ((steps.position - at) & 1) === 1;
    }
  }

  /** One view serves both parts of a header. */
  #viewOf(bytes: Buffer): DataView {
    const view = this.#view;
    const isSame =
      view !== null &&
      view.buffer === bytes.buffer &&
      view.byteOffset === bytes.byteOffset &&
      view.byteLength === bytes.length;
    return isSame ? view : (this.#view = viewOf(bytes));
  }

  /** Steps over the byte that makes a value even (PS3.5 7.1.1), where its length leaves that out. */
  #skipPadding(bytes: Buffer, { bigEndian }: Encoding): boolean {
    const { around, position } = this.steps;
    const begins = (offset: number) =>
      looksLikeElement(bytes, offset, this.#last, bigEndian, around) === true;
    this.#isOdd = false;
    if (begins(position) || !begins(position + 1)) return false;
    this.#odd.note('length', this.#last, position, NO_PADDING);
    this.steps.stepTo(position + 1, position, this.#last);
    return true;
  }

  #meetPixels(bytes: Buffer, tag: number, encoding: Encoding): WalkOutcome {
    const at = this.steps.position;
    const header = this.steps.header(bytes, tag, encoding);
    if (header === null) return 'more';
    const length = header.length === UNDEFINED_LENGTH ? null : header.length;
    const { origin } = this.#odd;
    this.pixel = { offset: at + origin, dataOffset: header.dataOffset + origin, length };
    return 'pixels';
  }

  #checkOrder(tag: number, at: number): void {
    if (tag <= this.#last) {
      const reason =
        tag === this.#last ? TWICE : 'comes after an element of a higher tag; it was read all the same';
      this.#odd.note('order', tag, at, reason);
    }
    this.#last = tag;
    this.#begun = at + this.#odd.origin;
  }
}
