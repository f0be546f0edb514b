import { parseDate } from '../../../schemas/dates.js';
import type { Cell } from '../../../schemas/column.js';
import type { SideType } from '../../../schemas/tables/side-table.js';
import { isHeldByDouble } from '../../base/decimal.js';

/** What the texts of a column of a CSV file are. Nothing is guessed: one text that does not fit, and all stay texts. */

const BOOL = 1;
const LONG = 2;
const DOUBLE = 4;
const DATE = 8;

const TRUE = /^(?:true|True|TRUE)$/;
const FALSE = /^(?:false|False|FALSE)$/;
/** Without zeros before it: 007 is the name of something. */
const WHOLE = /^(?:0|-?[1-9]\d*)$/;
const NUMBER = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Finds the type of a column whose texts it is shown. */
export class TypeFinder {
  private fits = BOOL | LONG | DOUBLE | DATE;
  private isEmpty = true;

  /** An empty text is no value, and says nothing. */
  see(text: string): void {
    if (text === '') return;
    this.isEmpty = false;
    if (this.fits !== 0) this.fits &= typesOf(text);
  }

  get type(): SideType {
    if (this.isEmpty) return 'string';
    if ((this.fits & LONG) !== 0) return 'long';
    if ((this.fits & DOUBLE) !== 0) return 'double';
    if ((this.fits & DATE) !== 0) return 'date';
    return (this.fits & BOOL) !== 0 ? 'bool' : 'string';
  }
}

/** Types that a text can be read as without loss. */
function typesOf(text: string): number {
  if (WHOLE.test(text) && Number.isSafeInteger(Number(text))) return LONG | DOUBLE;
  if (NUMBER.test(text)) return isHeldByDouble(text) ? DOUBLE : 0;
  if (ISO_DATE.test(text)) return parseDate(text) === null ? 0 : DATE;
  return TRUE.test(text) || FALSE.test(text) ? BOOL : 0;
}

/** A text as a cell of the type that its column was found to have; null for an empty one. */
export function cellOf(text: string, type: SideType): Cell {
  if (text === '') return null;
  switch (type) {
    case 'string':
      return text;
    case 'bool':
      return TRUE.test(text);
    case 'date':
      return parseDate(text);
    default:
      return Number(text);
  }
}
