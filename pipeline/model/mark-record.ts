import type { Cell } from '../../schemas/column.js';
import { isFieldColumn } from '../../schemas/row-cells.js';
import { matchName } from '../../schemas/nbss/fields.js';
import { noValues } from '../../schemas/no-values.js';
import type { Report } from '../../schemas/mismatch-kinds.js';
import type { FieldsOf, TypedRecord } from '../../schemas/row.js';
import { marks } from '../../schemas/tables/marks.js';
import { canonicalCode } from '../nbss/codes.js';
import { emptyExtra, extraText, type Extra } from '../omi-db/extra.js';
import type { ImagedbImage, ImagedbMark } from '../omi-db/imagedb.js';
import { asFound, isExactNumber, isNoValue, parseNumber, textOrNull } from '../omi-db/raw-values.js';
import type { UnknownFields } from '../omi-db/unknown-fields.js';

/** Where a mark stands, and who hears what is wrong with it. */
export interface MarkPlace {
  readonly clientId: string;
  readonly studyUid: string;
  /** The place of the image in imagedb that has the mark. */
  readonly image: ImagedbImage;
  /** Path of the imagedb file. */
  readonly path: string;
  readonly report: Report;
  readonly unknown: UnknownFields;
}

const COORDINATES = new Set(['X1', 'Y1', 'X2', 'Y2']);

type MarkColumn = Extract<(typeof marks.columns)[number], { readonly field: string }>;

const FIELD_COLUMNS = marks.columns.filter((column): column is MarkColumn => isFieldColumn(column));

/** Column of each field, by the field's name in the source. */
const COLUMNS = new Map(FIELD_COLUMNS.map((column) => [column.field, column]));

/** What a record begins as. */
const NO_VALUES: Readonly<Record<string, Cell>> = noValues(FIELD_COLUMNS);

/** The typed form of a mark's record (format page of OMI-DB). Never throws on data. */
export function readMark(mark: ImagedbMark, place: MarkPlace): TypedRecord<typeof marks> {
  const fields = { ...NO_VALUES };
  let extra: Extra | null = null;
  for (const field of Object.keys(mark.fields)) {
    const raw = mark.fields[field];
    const column = COLUMNS.get(field);
    if (field === 'MarkID') {
      if (textOrNull(raw) !== mark.id) (extra ??= emptyExtra())[field] = raw;
    } else if (column === undefined) {
      (extra ??= emptyExtra())[field] = raw;
      place.unknown.noteAll(place.path, 'marks', { [field]: raw });
    } else if (!isNoValue(raw)) {
      const converted = convert(column, raw);
      fields[column.name] = converted.cell;
      if (!converted.kept) (extra ??= emptyExtra())[field] = raw;
      reportProblem(converted, field, raw, mark, place);
    }
  }
  return { fields: fields as FieldsOf<typeof marks>, extra: extra === null ? null : extraText(extra) };
}

type Problem = 'number_invalid' | 'code_unknown' | 'code_respelled';

const PROBLEMS: Readonly<Record<Problem, string>> = {
  number_invalid: 'is no number',
  code_unknown: 'has a value that its vocabulary does not hold',
  code_respelled: 'has a value of its vocabulary in a spelling of its own',
};

function reportProblem(
  { problem, cell }: Conversion,
  field: string,
  raw: unknown,
  mark: ImagedbMark,
  { clientId, studyUid, image, path, report, unknown }: MarkPlace,
): void {
  if (problem === null) return;
  if (problem === 'unfit') {
    unknown.noteUnfit(path, 'marks', field);
    return;
  }
  report({
    kind: problem,
    client_id: clientId,
    study_instance_uid: studyUid,
    series_instance_uid: image.seriesUid,
    sop_instance_uid: image.uid,
    path,
    detail: `${field} of mark ${mark.id} ${PROBLEMS[problem]}.`,
    ...(problem === 'code_respelled' ? { expected: String(cell) } : {}),
    found: asFound(raw),
  });
}

interface Conversion {
  readonly cell: Cell;
  /** False where the raw value is not (wholly) in the cell and must be kept elsewhere. */
  readonly kept: boolean;
  /** `unfit`: a list or an object where one value belongs. */
  readonly problem: Problem | 'unfit' | null;
}

function convert({ field, type, codes }: MarkColumn, raw: unknown): Conversion {
  if (type === 'double') {
    const cell = parseNumber(raw);
    // A coordinate that is no number makes the whole mark invalid: reconcile reports that, once.
    const problem = cell === null && !COORDINATES.has(field) ? 'number_invalid' : null;
    return { cell, kept: cell !== null && isExactNumber(raw), problem };
  }
  if (type === 'bool') {
    const cell = isSet(field, raw) ? true : null;
    return { cell, kept: cell !== null, problem: cell === null ? 'code_unknown' : null };
  }
  const text = typeof raw === 'boolean' ? String(raw) : textOrNull(raw);
  if (text === null) return { cell: null, kept: false, problem: 'unfit' };
  if (codes === null) return { cell: text, kept: true, problem: null };
  // As it came, where no code answers to it.
  const { code, known, respelled } = canonicalCode(codes, typeof raw === 'string' ? raw : text);
  if (!known) return { cell: code, kept: true, problem: 'code_unknown' };
  return { cell: code, kept: true, problem: respelled ? 'code_respelled' : null };
}

/** A finding holds its own name when set, Mass holds 1 (format page of OMI-DB). */
function isSet(field: string, raw: unknown): boolean {
  if (raw === true || raw === 1 || raw === '1') return true;
  return raw === field || (typeof raw === 'string' && matchName(raw) === matchName(field));
}
