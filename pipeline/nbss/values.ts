import type { Cell } from '../../schemas/column.js';
import { isoDate, isPaddedDate, parseDate } from '../../schemas/dates.js';
import type { MismatchKind } from '../../schemas/mismatch-kinds.js';
import type { NbssColumn } from '../../schemas/nbss/column.js';
import { isExactNumber, isNoValue, parseInt32, parseNumber, asFound } from '../omi-db/raw-values.js';
import { canonicalCode, type CanonicalCode } from './codes.js';
import { splitCodes } from './code-text.js';

export interface ValueProblem {
  readonly kind: MismatchKind;
  /** What is wrong, to follow the name of the column: `is not …`. Quotes no value. */
  readonly detail: string;
  /** What stands in the cell, where that is not what the source says. */
  readonly expected?: string;
  /** The raw value as text. */
  readonly found: string;
}

export interface Converted {
  readonly cell: Cell;
  /** False where the raw value is not (wholly) in the cell and must be kept elsewhere. */
  readonly kept: boolean;
  readonly problems: readonly ValueProblem[];
  /** True where the column cannot hold structure such as this at all: a list or an object in place of one value. */
  readonly unfit: boolean;
}

type Scalar = string | number | boolean;

const NO_PROBLEMS: readonly ValueProblem[] = [];
const YES_NO: ReadonlyMap<string, boolean> = new Map([
  ['y', true],
  ['yes', true],
  ['n', false],
  ['no', false],
]);

const good = (cell: Cell): Converted => ({ cell, kept: true, problems: NO_PROBLEMS, unfit: false });

const UNFIT: Converted = { cell: null, kept: false, problems: NO_PROBLEMS, unfit: true };

function bad(kind: MismatchKind, detail: string, raw: unknown): Converted {
  return { cell: null, kept: false, problems: [{ kind, detail, found: asFound(raw) }], unfit: false };
}

function isScalar(raw: unknown): raw is Scalar {
  return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean';
}

function numberCell(column: NbssColumn, raw: unknown): Converted {
  const whole = column.type === 'int';
  const value = whole ? parseInt32(raw) : parseNumber(raw);
  if (value === null) return bad('number_invalid', `is not a ${whole ? 'whole ' : ''}number`, raw);
  // `+ 0` turns -0 into 0.
  return { cell: value + 0, kept: isExactNumber(raw), problems: NO_PROBLEMS, unfit: false };
}

function dateCell(raw: unknown): Converted {
  const text = isScalar(raw) ? String(raw).trim() : '';
  const days = parseDate(text);
  if (days === null) return bad('date_invalid', 'is not a date', raw);
  if (isPaddedDate(text)) return good(days);
  const detail = 'is a date without its zeros';
  const problem: ValueProblem = { kind: 'value_respelled', detail, expected: isoDate(days), found: text };
  return { cell: days, kept: true, problems: [problem], unfit: false };
}

/** Y or N, Yes or No in any case, or a JSON boolean; null where it is none of them. */
export function parseYesNo(raw: unknown): boolean | null {
  if (typeof raw === 'boolean') return raw;
  return typeof raw === 'string' ? (YES_NO.get(raw.trim().toLowerCase()) ?? null) : null;
}

function yesNoCell(raw: unknown): Converted {
  const value = parseYesNo(raw);
  return value === null ? bad('code_unknown', 'is neither yes nor no', raw) : good(value);
}

function textCell(raw: unknown): Converted {
  return isScalar(raw) ? good(String(raw)) : UNFIT;
}

const notOfList = (column: NbssColumn): string => `is not a code of list ${String(column.codes)}`;

function codeCell(column: NbssColumn, raw: unknown): Converted {
  if (!isScalar(raw)) return UNFIT;
  const text = String(raw);
  if (column.codes === null) return good(text);
  const found = canonicalCode(column.codes, text, column.labels);
  const problem = codeProblem(column, found, text);
  if (problem === null) return good(found.code);
  return { cell: found.code, kept: true, problems: [problem], unfit: false };
}

/** @param found the code of a text of the column */
function codeProblem(
  column: NbssColumn,
  { code, known, respelled }: CanonicalCode,
  text: string,
): ValueProblem | null {
  if (!known) return { kind: 'code_unknown', detail: notOfList(column), found: text };
  if (!respelled) return null;
  const detail = `is a code of list ${String(column.codes)} in a spelling of its own`;
  return { kind: 'code_respelled', detail, expected: code, found: text };
}

function codeListCell(column: NbssColumn, raw: unknown): Converted {
  const items = Array.isArray(raw) ? (raw as unknown[]) : [raw];
  const cell: string[] = [];
  const problems: ValueProblem[] = [];
  for (const item of items) {
    if (isNoValue(item)) continue;
    if (!isScalar(item)) return UNFIT;
    for (const found of splitCodes(column, String(item), !Array.isArray(raw))) {
      cell.push(found.code);
      const problem = codeProblem(column, found, found.text);
      if (problem !== null) problems.push(problem);
    }
  }
  return { cell, kept: true, problems: problems.length === 0 ? NO_PROBLEMS : problems, unfit: false };
}

/**
 * The cell of a column for a raw JSON value that is not 'no value' (see `isNoValue`).
 * Never throws: what is not what the field holds becomes a problem, with a null cell and `kept` false; a code that
 * no list has stays in the cell as it came.
 */
export function convert(column: NbssColumn, raw: unknown): Converted {
  switch (column.kind) {
    case 'number':
      return numberCell(column, raw);
    case 'date':
      return dateCell(raw);
    case 'yes_no':
      return yesNoCell(raw);
    case 'code':
      return column.type === 'list<string>' ? codeListCell(column, raw) : codeCell(column, raw);
    case 'code_list':
      return codeListCell(column, raw);
    case 'text':
    case 'time':
      return textCell(raw);
  }
}
