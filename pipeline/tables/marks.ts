import type { RowOf } from '../../schemas/row.js';
import type { markLesions, marks } from '../../schemas/tables/marks.js';
import type { ClientModel, MarkModel, StudyModel } from '../model/client-model.js';
import type { Box, PixelBox } from '../semantics/box.js';

type MarkRow = RowOf<typeof marks>;
type MarkLesionRow = RowOf<typeof markLesions>;

/** The rows of a client in `marks`: of each image in the order of the source. */
export function markRows({ clientId, studies }: ClientModel): MarkRow[] {
  const rows: MarkRow[] = [];
  for (const { uid, images } of studies)
    for (const { marks } of images) for (const mark of marks) rows.push(markRow(clientId, uid, mark));
  return rows;
}

export function markRow(clientId: string, studyUid: string, mark: MarkModel): MarkRow {
  const { markId, place, record, box } = mark;
  const cells = box !== null && fitsColumns(box.pixels) ? boxCells(box) : NO_BOX;
  return {
    client_id: clientId,
    study_instance_uid: studyUid,
    sop_instance_uid: place.uid,
    mark_id: markId,
    series_instance_uid: place.seriesUid,
    box_x_min: cells.box_x_min,
    box_y_min: cells.box_y_min,
    box_x_max: cells.box_x_max,
    box_y_max: cells.box_y_max,
    box_width: cells.box_width,
    box_height: cells.box_height,
    box_x_min_normalised: cells.box_x_min_normalised,
    box_y_min_normalised: cells.box_y_min_normalised,
    box_x_max_normalised: cells.box_x_max_normalised,
    box_y_max_normalised: cells.box_y_max_normalised,
    box_width_mm: cells.box_width_mm,
    box_height_mm: cells.box_height_mm,
    box_spacing: cells.box_spacing,
    box_in_bounds: cells.box_in_bounds,
    box_corners_inverted: cells.box_corners_inverted,
    box_axes_swapped_suspected: cells.box_axes_swapped_suspected,
    box_agrees_with_lesion_side: mark.agreesWithLesionSide,
    duplicate_of: mark.duplicateOf,
    is_malignant: mark.isMalignant,
    fields: record.fields,
    extra: record.extra,
  };
}

type BoxCells = Pick<
  MarkRow,
  Exclude<Extract<keyof MarkRow, `box_${string}`>, 'box_agrees_with_lesion_side'>
>;

const NO_BOX: BoxCells = {
  box_x_min: null,
  box_y_min: null,
  box_x_max: null,
  box_y_max: null,
  box_width: null,
  box_height: null,
  box_x_min_normalised: null,
  box_y_min_normalised: null,
  box_x_max_normalised: null,
  box_y_max_normalised: null,
  box_width_mm: null,
  box_height_mm: null,
  box_spacing: null,
  box_in_bounds: null,
  box_corners_inverted: null,
  box_axes_swapped_suspected: null,
};

function boxCells({ pixels, normalised, size, verdicts }: Box): BoxCells {
  return {
    box_x_min: pixels.xMin,
    box_y_min: pixels.yMin,
    box_x_max: pixels.xMax,
    box_y_max: pixels.yMax,
    box_width: pixels.width,
    box_height: pixels.height,
    box_x_min_normalised: normalised?.xMin ?? null,
    box_y_min_normalised: normalised?.yMin ?? null,
    box_x_max_normalised: normalised?.xMax ?? null,
    box_y_max_normalised: normalised?.yMax ?? null,
    box_width_mm: size?.widthMm ?? null,
    box_height_mm: size?.heightMm ?? null,
    box_spacing: size?.source ?? null,
    box_in_bounds: verdicts.inBounds,
    box_corners_inverted: verdicts.cornersInverted,
    box_axes_swapped_suspected: verdicts.axesSwappedSuspected,
  };
}

/** Corners that are absurd but numbers stay in x1 to y2; the columns of whole pixels have 32 bits. */
function fitsColumns({ xMin, yMin, xMax, yMax, width, height }: PixelBox): boolean {
  return [xMin, yMin, xMax, yMax, width, height].every((value) => (value | 0) === value);
}

/** The rows of a client in `mark_lesions`: of each mark in the order of its text. */
export function markLesionRows({ clientId, studies }: ClientModel): MarkLesionRow[] {
  const rows: MarkLesionRow[] = [];
  for (const study of studies)
    for (const { marks } of study.images)
      for (const mark of marks)
        for (const number of mark.linked.numbers) rows.push(markLesionRow(clientId, study, mark, number));
  return rows;
}

function markLesionRow(
  clientId: string,
  { uid, link, episode }: StudyModel,
  { markId, place }: MarkModel,
  number: number,
): MarkLesionRow {
  return {
    client_id: clientId,
    study_instance_uid: uid,
    sop_instance_uid: place.uid,
    mark_id: markId,
    lesion_number: number,
    episode_id: link.episodeId,
    lesion_sides: episode === null ? null : (episode.lesionSides.get(number) ?? []),
  };
}
