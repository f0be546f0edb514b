import type { ImageModel, MarkModel, StudyModel } from '../../model/client-model.js';
import { isNoValue } from '../../omi-db/raw-values.js';
import type { BoxVerdicts } from '../../semantics/box.js';
import type { ReconcileContext } from './context.js';

const COORDINATES = ['X1', 'Y1', 'X2', 'Y2'] as const;

/** Boxes that cannot be used or leave their image, and lesions that marks name in vain. */
export function checkMarks(study: StudyModel, image: ImageModel, context: ReconcileContext): void {
  for (const mark of image.marks) {
    checkBox(study, image, mark, context);
    checkLesions(study, image, mark, context);
  }
}

function checkBox(study: StudyModel, image: ImageModel, mark: MarkModel, context: ReconcileContext): void {
  const { source, box } = mark;
  const path = context.imagedbPath;
  if (box === null) {
    const raw = COORDINATES.map((name) => [name, source.fields[name] ?? null] as const);
    const missing = raw.every(([, value]) => isNoValue(value));
    const detail = `Mark ${source.id} has ${missing ? 'no' : 'unusable'} box coordinates.`;
    const found = JSON.stringify(Object.fromEntries(raw));
    context.ofImage('mark_invalid', study, image, { path, detail, found });
    return;
  }
  const problem = boxProblem(box.verdicts);
  if (problem === null) return;
  const { rows, columns } = image.geometry;
  const { x1, y1, x2, y2 } = mark.record.fields;
  context.ofImage('mark_out_of_bounds', study, image, {
    path,
    detail: `The box of mark ${source.id} ${problem}.`,
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
  study: StudyModel,
  image: ImageModel,
  { source, linked, lesionsOfOtherBreast }: MarkModel,
  context: ReconcileContext,
): void {
  // Without an episode there are no lesions to find; that was reported of the study.
  const known = study.episode?.lesionSides ?? null;
  const unresolved = known === null ? [] : linked.numbers.filter((number) => !known.has(number)).map(String);
  for (const found of [...unresolved, ...linked.invalid]) {
    const detail = `Mark ${source.id} names a lesion that the episode of its study does not have.`;
    context.ofImage('mark_lesion_unresolved', study, image, { path: context.imagedbPath, detail, found });
  }
  if (lesionsOfOtherBreast.length === 0) return;
  const detail = `Mark ${source.id} names a lesion that the episode has in the other breast only.`;
  const found = lesionsOfOtherBreast.map((number) => `lesion ${number} in ${known!.get(number)!.join()}`);
  const details = { path: context.imagedbPath, detail, expected: image.breast, found: found.join(', ') };
  context.ofImage('mark_side_conflict', study, image, details);
}
