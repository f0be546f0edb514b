import { viewOf } from './bytes.js';
import { GivenCells, type DicomElement } from './dicom-element.js';
import { NO_CELLS } from './element-cells.js';
import { UNDEFINED_LENGTH, type ElementHeader } from './element-header.js';
import type { TagMemory } from './element-memory.js';
import type { Encoding } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';
import type { OddElements } from './odd-elements.js';
import { SequenceReader, type ReadValue, type SequenceTags } from './sequence-reader.js';

/** A longer value is not loaded, whatever it is. */
const LONGEST_VALUE = 60 * 1024 * 1024;

/** Reads the wanted elements of one header, and keeps those that others may repeat. */
export class ElementReader {
  readonly #odd: OddElements;
  readonly #sequences: SequenceReader;

  /** @param tags what of sequences is read */
  constructor(tags: SequenceTags, odd: OddElements) {
    this.#odd = odd;
    this.#sequences = new SequenceReader(tags, odd);
  }

  /** What is known of sequences is counted as if it were read again; false where that is too much. */
  affords(tag: number, reads: number, at: number): boolean {
    if (reads === 0) return true;
    try {
      this.#sequences.spend(reads);
      return true;
    } catch (error) {
      this.#unread(tag, at, 'sequence', error);
      return false;
    }
  }

  /**
   * The value of a wanted element that begins at an offset, and where it ends; 'unread' when it cannot be read, but may be
   * stepped over; how many bytes it takes where it is not wholly within these.
   */
  read(
    bytes: Buffer,
    at: number,
    encoding: Encoding,
    header: ElementHeader,
    isSequence: boolean,
  ): ReadValue | 'unread' | number {
    const { tag, length, dataOffset } = header;
    const end = dataOffset + length;
    if (length !== UNDEFINED_LENGTH && length > LONGEST_VALUE)
      return this.#unread(tag, at, 'length', `has ${length} bytes, which are not read`);
    if (length !== UNDEFINED_LENGTH && end > bytes.length) return end;
    if (!isSequence && length === UNDEFINED_LENGTH)
      return this.#unread(tag, at, 'length', 'has a length that is not defined, and is no sequence');
    if (!isSequence) return { length, items: null, end, reads: 0 };
    try {
      const value = this.#sequences.read(bytes, encoding, header);
      if (value !== null) return value;
      if (bytes.length - dataOffset <= LONGEST_VALUE) return bytes.length + 1;
      return this.#unread(tag, at, 'length', `does not end within ${LONGEST_VALUE} bytes; it is not read`);
    } catch (error) {
      return this.#unread(tag, at, 'sequence', error);
    }
  }

  /** @param reason in words, or what a sequence was refused with */
  #unread(tag: number, at: number, oddity: 'length' | 'sequence', reason: unknown): 'unread' {
    if (typeof reason !== 'string' && !(reason instanceof MalformedHeader)) throw reason;
    const text = typeof reason === 'string' ? reason : `${reason.clause}; it was stepped over`;
    this.#odd.note(oddity, tag, at, text);
    return 'unread';
  }

  /** The element of a value that was just read; remembered by its tag where that is worth it. */
  keep(
    bytes: Buffer,
    at: number,
    encoding: Encoding,
    header: ElementHeader,
    value: ReadValue,
    memory: TagMemory | null,
  ): DicomElement {
    const size = value.end - at;
    const known = memory?.elements ?? null;
    if (known === null || !known.wants(size)) return elementOf(bytes, header, value, encoding);
    // With bytes of its own it outlives the file. It is read once more, and counted once.
    const own = Buffer.from(bytes.subarray(at, value.end));
    const moved = { ...header, dataOffset: header.dataOffset - at };
    this.#sequences.unspend(value.reads);
    const again = value.items === null ? value : this.#sequences.read(own, encoding, moved)!;
    const element = elementOf(own, moved, again, encoding);
    known.remember(viewOf(own), 0, size, { reads: value.reads, element, cells: NO_CELLS });
    return element;
  }
}

function elementOf(
  bytes: Buffer,
  header: ElementHeader,
  value: ReadValue,
  { bigEndian }: Encoding,
): DicomElement {
  const { tag, vr, dataOffset: offset } = header;
  const { length, items } = value;
  return { tag, bytes, vr, offset, length, bigEndian, items, given: new GivenCells() };
}
