import { agreesWithLesionSide, markBox, type ImageGeometry } from '../semantics/box.js';
import type { Side } from '../nbss/blocks.js';
import type { ImagedbImage, ImagedbMark } from '../omi-db/imagedb.js';
import { readLinkedLesions } from '../omi-db/linked-lesions.js';
import { textOrNull } from '../omi-db/raw-values.js';
import { lesionsOfOtherBreast } from '../semantics/mark/mark-lesions.js';
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

/** The marks of an image in the order of the source. Where imagedb lists the image twice, of both places. */
export function interpretMarks(
  { listed }: JoinedImage,
  image: MarkedImage,
  context: InterpretContext,
): MarkModel[] {
  const taken = new Set<string>();
  return listed.flatMap((place) =>
    place.marks.map((source) => {
      const markId = taken.has(source.id) ? `${source.id} (series ${place.seriesUid})` : source.id;
      taken.add(source.id);
      return interpretMark(markId, source, place, image, context);
    }),
  );
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
    lesionsOfOtherBreast: lesionsOfOtherBreast(episode?.facts.lesions ?? [], linked.numbers, breast),
  };
}
