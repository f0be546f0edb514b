import type { ImagedbMark } from '../../omi-db/imagedb.js';
import { isNoValue, parseNumber } from '../../nbss/values.js';
import { markBox, type BoxVerdicts } from '../../semantics/box.js';
import { linkedLesions } from '../flatten/marks.js';
import { textOrNull, type JoinedImage, type JoinedStudy } from '../join.js';
import type { ReconcileContext } from './context.js';

const COORDINATES = ['X1', 'Y1', 'X2', 'Y2'] as const;

/** Boxes that cannot be used or leave their image, and lesions that marks name in vain. */
export function checkMarks(study: JoinedStudy, image: JoinedImage, context: ReconcileContext): void {
  for (const place of image.listed) {
    for (const mark of place.marks) {
      checkBox(study, image, mark, context);
      checkLesions(study, image, mark, context);
    }
  }
}

function checkBox(
  study: JoinedStudy,
  image: JoinedImage,
  mark: ImagedbMark,
  context: ReconcileContext,
): void {
  const path = context.imagedbPath;
  const [x1, y1, x2, y2] = COORDINATES.map((name) => parseNumber(mark.fields[name]));
  const { rows, columns } = image.header?.values.identity ?? { rows: null, columns: null };
  const raw = { x1: x1 ?? null, y1: y1 ?? null, x2: x2 ?? null, y2: y2 ?? null };
  const box = markBox(raw, {
    rows,
    columns,
    pixelSpacing: null,
    imagerPixelSpacing: null,
    magnification: null,
  });
  if (box === null) {
    const found = JSON.stringify(
      Object.fromEntries(COORDINATES.map((name) => [name, mark.fields[name] ?? null])),
    );
    const missing = COORDINATES.every((name) => isNoValue(mark.fields[name]));
    const detail = `Mark ${mark.id} has ${missing ? 'no' : 'unusable'} box coordinates.`;
    context.ofImage('mark_invalid', study, image, { path, detail, found });
    return;
  }
  const problem = boxProblem(box.verdicts);
  if (problem === null) return;
  context.ofImage('mark_out_of_bounds', study, image, {
    path,
    detail: `The box of mark ${mark.id} ${problem}.`,
    expected: rows === null || columns === null ? null : `${columns} columns, ${rows} rows`,
    found: JSON.stringify([x1, y1, x2, y2]),
  });
}

function boxProblem(verdicts: BoxVerdicts): string | null {
  if (verdicts.empty) return 'is empty';
  if (verdicts.cornersInverted) return 'is inverted: its first corner is not the upper left one';
  if (verdicts.axesSwappedSuspected) return 'leaves the image, and would fit with x and y exchanged';
  return verdicts.inBounds === false ? 'leaves the image' : null;
}

function checkLesions(
  study: JoinedStudy,
  image: JoinedImage,
  mark: ImagedbMark,
  context: ReconcileContext,
): void {
  const { episodeId } = study.link;
  const { numbers, invalid } = linkedLesions(textOrNull(mark.fields['LinkedNBSSLesionNumber']));
  // Without an episode there are no lesions to find; that was reported of the study.
  const lesions = episodeId === null ? null : context.flat.lesionSides.get(episodeId);
  const unresolved = lesions == null ? [] : numbers.filter((number) => !lesions.has(number)).map(String);
  for (const found of [...unresolved, ...invalid]) {
    const detail = `Mark ${mark.id} names a lesion that the episode of its study does not have.`;
    context.ofImage('mark_lesion_unresolved', study, image, { path: context.imagedbPath, detail, found });
  }
}
