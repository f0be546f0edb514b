import { agreesWithLesionSide, markBox, type ImageGeometry } from '../semantics/box.js';
import type { Side } from '../nbss/blocks.js';
import type { ImagedbImage, ImagedbMark } from '../omi-db/imagedb.js';
import { readLinkedLesions } from '../omi-db/linked-lesions.js';
import { textOrNull } from '../omi-db/raw-values.js';
import { distinctBoxes } from '../semantics/mark/duplicates.js';
import { isMalignantMark, lesionsOfOtherBreast } from '../semantics/mark/mark-lesions.js';
import type { JoinedImage } from '../stages/join.js';
import type { EpisodeModel, MarkModel } from './client-model.js';
import type { InterpretContext } from './context.js';
import { readMark } from './mark-record.js';

/** What the marks of an image are judged by. */
export interface MarkedImage {
  readonly studyUid: string;
  readonly breast: Side | null;
  readonly geometry: ImageGeometry;
  /** Of the study; null when none is known. */
  readonly episode: EpisodeModel | null;
}

const NO_MARKS: readonly MarkModel[] = [];

/** The marks of an image in the order of the source. Where imagedb lists the image twice, of both places. */
export function interpretMarks(
  { listed }: JoinedImage,
  image: MarkedImage,
  context: InterpretContext,
): readonly MarkModel[] {
  if (listed.every((place) => place.marks.length === 0)) return NO_MARKS;
  const taken = new Set<string>();
  const marks = listed.flatMap((place) =>
    place.marks.map((source) => {
      const markId = taken.has(source.id) ? `${source.id} (series ${place.seriesUid})` : source.id;
      taken.add(source.id);
      return interpretMark(markId, source, place, image, context);
    }),
  );
  return marks.length < 2 ? marks : withDuplicates(marks);
}

/** The same marks, each with the first that draws its box. */
function withDuplicates(marks: readonly MarkModel[]): MarkModel[] {
  const boxed = marks.map((mark) => ({ markId: mark.markId, box: mark.record.fields }));
  const firstOf = new Map<string, string>();
  for (const { first, duplicates } of distinctBoxes(boxed))
    for (const { markId } of duplicates) firstOf.set(markId, first.markId);
  return marks.map((mark) => ({ ...mark, duplicateOf: firstOf.get(mark.markId) ?? null }));
}

function interpretMark(
  markId: string,
  source: ImagedbMark,
  place: ImagedbImage,
  { studyUid, breast, geometry, episode }: MarkedImage,
  { clientId, imagedbPath, report, unknown }: InterpretContext,
): MarkModel {
  // A mark stands in the file of that path.
  const where = { clientId, studyUid, image: place, path: imagedbPath!, report, unknown };
  const record = readMark(source, where);
  const linked = readLinkedLesions(textOrNull(source.fields['LinkedNBSSLesionNumber']));
  const sidesOf = (number: number) => episode?.lesionSides.get(number) ?? [];
  return {
    markId,
    source,
    place,
    record,
    box: markBox(record.fields, geometry),
    linked,
    agreesWithLesionSide: agreesWithLesionSide(breast, linked.numbers.map(sidesOf)),
    duplicateOf: null,
    isMalignant: episode === null ? null : isMalignantMark(episode.facts, linked.numbers, breast),
    lesionsOfOtherBreast: lesionsOfOtherBreast(episode?.facts.lesions ?? [], linked.numbers, breast),
  };
}
