import type { AnyRow, Cell, RowOf } from '../../../schemas/column.js';
import { marks as marksTable, type markLesions } from '../../../schemas/tables/marks.js';
import { canonicalCode } from '../../nbss/codes.js';
import { isExactNumber, isNoValue, parseInt32, parseNumber } from '../../nbss/values.js';
import type { ImagedbImage, ImagedbMark } from '../../omi-db/imagedb.js';
import { emptyExtra, extraText } from '../../omi-db/extra.js';
import { textOrNull, type JoinedImage, type JoinedStudy } from '../join.js';
import type { ImagedbContext } from './imagedb-context.js';

type MarkLesionRow = RowOf<typeof markLesions>;

/** The sides on which an episode has lesions, by lesion number. */
export type LesionSides = ReadonlyMap<number, readonly string[]>;

const COORDINATES = new Set(['X1', 'Y1', 'X2', 'Y2']);

/** Column of each field, by the field's name in the source. */
const COLUMNS = new Map(
  marksTable.columns.flatMap((column) => {
    const field = /<mark>\.(\w+)$/.exec(column.source)?.[1];
    return field === undefined ? [] : [[field, column] as const];
  }),
);

/** The rows of an image in `marks`, in the order of the source. Where imagedb lists the image twice, of both places. */
export function markRows(study: JoinedStudy, image: JoinedImage, context: ImagedbContext): AnyRow[] {
  const taken = new Set<string>();
  return image.listed.flatMap((place) =>
    place.marks.map((mark) => {
      const row = markRow(study, place, mark, context);
      // Two series may give the same id to marks of one image: a key names one row.
      if (taken.has(mark.id)) row['mark_id'] = `${mark.id} (series ${place.seriesUid})`;
      taken.add(mark.id);
      return row;
    }),
  );
}

function markRow(
  study: JoinedStudy,
  place: ImagedbImage,
  mark: ImagedbMark,
  context: ImagedbContext,
): AnyRow {
  const row: AnyRow = {
    client_id: context.clientId,
    study_instance_uid: study.uid,
    sop_instance_uid: place.uid,
    mark_id: mark.id,
    series_instance_uid: place.seriesUid,
  };
  const extra = emptyExtra();
  const where = {
    client_id: context.clientId,
    study_instance_uid: study.uid,
    series_instance_uid: place.seriesUid,
    sop_instance_uid: place.uid,
    path: context.path,
  };
  for (const [field, raw] of Object.entries(mark.fields)) {
    const column = COLUMNS.get(field);
    if (field === 'MarkID') {
      if (textOrNull(raw) !== mark.id) extra[field] = raw;
    } else if (column === undefined) {
      extra[field] = raw;
      context.noteUnknown('marks', { [field]: raw });
    } else if (!isNoValue(raw)) {
      const { cell, kept, problem } = convert(column, field, raw);
      row[column.name] = cell;
      if (!kept) extra[field] = raw;
      if (problem === 'unfit') context.noteUnfit('marks', field);
      else if (problem !== null) {
        const detail = `${field} of mark ${mark.id} ${PROBLEMS[problem]}.`;
        const found = typeof raw === 'string' ? raw : JSON.stringify(raw);
        context.report({ kind: problem, ...where, detail, found });
      }
    }
  }
  row['extra'] = extraText(extra);
  return row;
}

type Problem = 'number_invalid' | 'code_unknown';

const PROBLEMS: Readonly<Record<Problem, string>> = {
  number_invalid: 'is no number',
  code_unknown: 'has a value that its vocabulary does not hold',
};

interface Conversion {
  readonly cell: Cell;
  /** False where the raw value is not (wholly) in the cell and must be kept elsewhere. */
  readonly kept: boolean;
  /** `unfit`: a list or an object where one value belongs. */
  readonly problem: Problem | 'unfit' | null;
}

function convert(column: (typeof marksTable.columns)[number], field: string, raw: unknown): Conversion {
  if (column.type === 'double') {
    const cell = parseNumber(raw);
    // A coordinate that is no number makes the whole mark invalid: reconcile reports that, once.
    const problem = cell === null && !COORDINATES.has(field) ? 'number_invalid' : null;
    return { cell, kept: cell !== null && isExactNumber(raw), problem };
  }
  if (column.type === 'bool') {
    const cell = isSet(field, raw) ? true : null;
    return { cell, kept: cell !== null, problem: cell === null ? 'code_unknown' : null };
  }
  const text = typeof raw === 'boolean' ? String(raw) : textOrNull(raw);
  if (text === null) return { cell: null, kept: false, problem: 'unfit' };
  if (column.codes === null) return { cell: text, kept: true, problem: null };
  // As it came, where no code answers to it.
  const { code, known } = canonicalCode(column.codes, typeof raw === 'string' ? raw : text);
  return { cell: code, kept: true, problem: known ? null : 'code_unknown' };
}

/** A finding holds its own name when set, Mass holds 1 (format page of OMI-DB). */
function isSet(field: string, raw: unknown): boolean {
  if (raw === true || raw === 1 || raw === '1') return true;
  return typeof raw === 'string' && fold(raw) === fold(field);
}

function fold(name: string): string {
  return name.replace(/[_\s-]/g, '').toLowerCase();
}

/** Longer texts are no list of an episode's lesions: a number of them would be a row each. */
const MAX_LINK_TEXT = 10_000;

/** NBSS lesion numbers that LinkedNBSSLesionNumber names; `invalid` are parts of it that are no number. */
export function linkedLesions(raw: string | null): { numbers: number[]; invalid: string[] } {
  const numbers = new Set<number>();
  const invalid: string[] = [];
  if (raw === null || raw.toUpperCase() === 'UNLINKED') return { numbers: [], invalid };
  if (raw.length > MAX_LINK_TEXT) return { numbers: [], invalid: [raw] };
  for (const part of raw.split(',').map((text) => text.trim())) {
    const number = parseInt32(part);
    if (number !== null) numbers.add(number);
    else if (part !== '') invalid.push(part);
  }
  return { numbers: [...numbers], invalid };
}

/** The rows of a mark in `mark_lesions`. @param sides of the study's episode; null when no episode is known */
export function markLesionRows(
  mark: AnyRow,
  episodeId: string | null,
  sides: LesionSides | null,
): MarkLesionRow[] {
  const { numbers } = linkedLesions((mark['linked_nbss_lesion_number'] ?? null) as string | null);
  return numbers.map((number) => ({
    client_id: mark['client_id'] as string,
    study_instance_uid: mark['study_instance_uid'] as string,
    sop_instance_uid: mark['sop_instance_uid'] as string,
    mark_id: mark['mark_id'] as string,
    lesion_number: number,
    episode_id: episodeId,
    lesion_sides: sides === null ? null : (sides.get(number) ?? []),
  }));
}
