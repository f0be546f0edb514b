import type { Cell } from '../../schemas/column.js';
import type { HeaderCells, TagCell } from './header-cells.js';
import { isRespelledAge, toScalar } from './header-values.js';
import { WrittenElement } from './json-held.js';
import type { SelectedTag, TagPlace } from './selected-tag.js';

/** VRs whose values need nothing to be put right in. Not: AT, FL and PN. */
const VRS: ReadonlySet<string> = new Set(
  'AE AS CS DA DS DT FD IS LO LT SH SL SS ST TM UC UI UL UR US UT US/SS'.split(' '),
);
/** `YYYYMMDD`; the older form is another spelling of its cell. */
const DATE_LENGTH = 8;

/** The values of an element: numbers, or texts in printable ASCII without a backslash. */
export type PlainValues = readonly (string | number)[];

/**
 * The short way for an element in the VR of its tag that goes to columns whole, as most do. It gives what elementCells
 * and jsonValues would make of it, or nothing.
 */
export class WholeValues {
  readonly #key: string;
  readonly #places: readonly WholePlace[];
  /** Index of the first tag whose column holds the element wholly. */
  readonly #heldBy: number;
  readonly #isDate: boolean;
  #held: WrittenElement | null = null;

  private constructor(key: string, places: readonly TagPlace[], heldBy: TagPlace) {
    this.#key = key;
    this.#places = places.map((place) => new WholePlace(place));
    this.#heldBy = heldBy.index;
    this.#isDate = isOfDates(heldBy.tag);
  }

  /**
   * For the places of the element of a key.
   * @param columns how many there are: tags from there on have none
   * @returns null where one of them is within it or of another VR, or none is that of a column
   */
  static of(key: string, places: readonly TagPlace[], columns: number): WholeValues | null {
    if (!places.every(({ tag }) => tag.path.length === 1 && VRS.has(tag.vr))) return null;
    const own = places.find(({ index, rank }) => rank === 0 && index < columns);
    return own === undefined ? null : new WholeValues(key, places, own);
  }

  /**
   * Gives the cells of one or more values to their columns.
   * @returns false where they need a closer look: a number that is NaN, for one
   */
  add(vr: string, values: PlainValues, cells: HeaderCells): boolean {
    const places = this.#places;
    for (let i = 0; i < places.length; i++) if (!places[i]!.read(vr, values)) return false;
    for (let i = 0; i < places.length; i++) places[i]!.add(cells);
    return true;
  }

  /** The cells of the values that were read last. */
  cells(): TagCell[] {
    return this.#places.map((place) => place.cell());
  }

  /** An element of this key. */
  held(vr: string): WrittenElement {
    const held = this.#held;
    if (held?.vr === vr) return held;
    return (this.#held = new WrittenElement(this.#key, this.#heldBy, vr, this.#isDate));
  }
}

function isOfDates({ column }: SelectedTag): boolean {
  return column.type === 'date' || column.type === 'list<date>';
}

/** A place that values go to. */
class WholePlace {
  readonly #tag: SelectedTag;
  readonly #index: number;
  readonly #rank: number;
  readonly #isList: boolean;
  readonly #isNumber: boolean;
  readonly #isDate: boolean;

  /** Of the values that were read last. */
  #cell: Cell = null;

  constructor({ tag, index, rank }: TagPlace) {
    const { type } = tag.column;
    this.#tag = tag;
    this.#index = index;
    this.#rank = rank;
    this.#isList = type.startsWith('list<');
    this.#isDate = isOfDates(tag);
    this.#isNumber = !this.#isDate && !type.includes('string');
  }

  /** Makes a cell of values; false where they need a closer look. */
  read(vr: string, values: PlainValues): boolean {
    const selected = this.#tag.vr;
    if (vr !== selected && !(selected === 'US/SS' && (vr === 'US' || vr === 'SS'))) return false;
    const cell = this.#isList ? this.#list(values) : values.length === 1 ? this.#scalar(values[0]!) : null;
    this.#cell = cell;
    return cell !== null;
  }

  add(cells: HeaderCells): void {
    cells.set(this.#index, this.#rank, this.#cell);
  }

  cell(): TagCell {
    return { index: this.#index, rank: this.#rank, cell: this.#cell };
  }

  #list(values: PlainValues): Cell {
    const list = values.slice();
    for (let i = 0; i < list.length; i++) {
      const scalar = this.#scalar(list[i]!);
      if (scalar === null) return null;
      list[i] = scalar;
    }
    return list as string[] | number[];
  }

  #scalar(value: string | number): string | number | null {
    if (this.#isNumber ? typeof value !== 'number' : !this.#isWhole(value)) return null;
    const scalar = toScalar(this.#tag, value);
    return isRespelledAge(this.#tag.vr, scalar) ? null : scalar;
  }

  /** Whether a value is a text with nothing to be left out of it. */
  #isWhole(value: string | number): boolean {
    if (typeof value !== 'string' || value === '' || value.startsWith(' ') || value.endsWith(' '))
      return false;
    return !this.#isDate || value.length === DATE_LENGTH;
  }
}
