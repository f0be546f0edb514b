import type { Cell } from '../../schemas/column.js';
import type { TagCell } from './header-cells.js';
import { toScalar } from './header-values.js';
import type { SelectedTag, TagPlace } from './selected-tag.js';

/** VRs whose values need nothing to be put right in. Not: AS, AT, FL and PN. */
const VRS: ReadonlySet<string> = new Set(
  'AE CS DA DS DT FD IS LO LT SH SL SS ST TM UC UI UL UR US UT US/SS'.split(' '),
);
/** `YYYYMMDD`; the older form is another spelling of its cell. */
const DATE_LENGTH = 8;

/**
 * The short way for an element that has one value, in the VR of its tag, and goes to columns whole, as most do. It gives
 * what elementCells and jsonValues would make of it, or nothing.
 */
export class SingleValue {
  readonly #places: readonly SinglePlace[];
  /** Index of the first tag whose column holds the element wholly. */
  readonly heldBy: number;

  private constructor(places: readonly TagPlace[], heldBy: number) {
    this.#places = places.map((place) => new SinglePlace(place));
    this.heldBy = heldBy;
  }

  /**
   * For the places of one element.
   * @param columns how many there are: tags from there on have none
   * @returns null where one of them is within it or of another VR, or none is that of a column
   */
  static of(places: readonly TagPlace[], columns: number): SingleValue | null {
    if (!places.every(({ tag }) => tag.path.length === 1 && VRS.has(tag.vr))) return null;
    const own = places.find(({ index, rank }) => rank === 0 && index < columns);
    return own === undefined ? null : new SingleValue(places, own.index);
  }

  /**
   * The cells of a value.
   * @param value a text in printable ASCII without a backslash, or a number; NaN is none
   * @returns null where it needs a closer look
   */
  cells(vr: string, value: string | number): TagCell[] | null {
    let cells: TagCell[] | null = null;
    for (const place of this.#places) {
      const cell = place.cell(vr, value);
      if (cell === null) return null;
      // Most elements have one: made with it, a list takes a tenth of the memory of one that grows.
      if (cells === null) cells = [cell];
      else cells.push(cell);
    }
    return cells;
  }
}

/** A place of one value. */
class SinglePlace {
  readonly #tag: SelectedTag;
  readonly #index: number;
  readonly #rank: number;
  readonly #isList: boolean;
  readonly #isNumber: boolean;
  readonly #isDate: boolean;

  constructor({ tag, index, rank }: TagPlace) {
    const { type } = tag.column;
    this.#tag = tag;
    this.#index = index;
    this.#rank = rank;
    this.#isList = type.startsWith('list<');
    this.#isDate = type.includes('date');
    this.#isNumber = !this.#isDate && !type.includes('string');
  }

  cell(vr: string, value: string | number): TagCell | null {
    const isFitting = this.#isNumber ? isNumber(value) : this.#isWhole(value);
    if (!isFitting || !this.#isOfVr(vr)) return null;
    const scalar = toScalar(this.#tag, value);
    if (scalar === null) return null;
    const cell = (this.#isList ? [scalar] : scalar) as Cell;
    return { index: this.#index, rank: this.#rank, cell };
  }

  /** Whether a value is a text with nothing to be left out of it. */
  #isWhole(value: string | number): boolean {
    if (typeof value !== 'string' || value === '' || value.startsWith(' ') || value.endsWith(' '))
      return false;
    return !this.#isDate || value.length === DATE_LENGTH;
  }

  #isOfVr(vr: string): boolean {
    const selected = this.#tag.vr;
    return vr === selected || (selected === 'US/SS' && (vr === 'US' || vr === 'SS'));
  }
}

function isNumber(value: string | number): boolean {
  return typeof value === 'number' && !Number.isNaN(value);
}
