import type { Cell } from '../../schemas/column.js';
import type { TagCell } from './header-cells.js';
import { isRespelledAge, toScalar } from './header-values.js';
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
  readonly #places: readonly WholePlace[];
  /** Index of the first tag whose column holds the element wholly. */
  readonly heldBy: number;

  private constructor(places: readonly TagPlace[], heldBy: number) {
    this.#places = places.map((place) => new WholePlace(place));
    this.heldBy = heldBy;
  }

  /**
   * For the places of one element.
   * @param columns how many there are: tags from there on have none
   * @returns null where one of them is within it or of another VR, or none is that of a column
   */
  static of(places: readonly TagPlace[], columns: number): WholeValues | null {
    if (!places.every(({ tag }) => tag.path.length === 1 && VRS.has(tag.vr))) return null;
    const own = places.find(({ index, rank }) => rank === 0 && index < columns);
    return own === undefined ? null : new WholeValues(places, own.index);
  }

  /**
   * The cells of one or more values.
   * @returns null where they need a closer look: a number that is NaN, for one
   */
  cells(vr: string, values: PlainValues): TagCell[] | null {
    let cells: TagCell[] | null = null;
    for (const place of this.#places) {
      const cell = place.cell(vr, values);
      if (cell === null) return null;
      // Most elements have one: made with it, a list takes a tenth of the memory of one that grows.
      if (cells === null) cells = [cell];
      else cells.push(cell);
    }
    return cells;
  }
}

/** A place that values go to. */
class WholePlace {
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

  cell(vr: string, values: PlainValues): TagCell | null {
    const selected = this.#tag.vr;
    if (vr !== selected && !(selected === 'US/SS' && (vr === 'US' || vr === 'SS'))) return null;
    const cell = this.#isList ? this.#list(values) : values.length === 1 ? this.#scalar(values[0]!) : null;
    return cell === null ? null : { index: this.#index, rank: this.#rank, cell };
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
