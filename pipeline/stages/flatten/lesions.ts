import type { AnyRow } from '../../../schemas/column.js';
import { lesions } from '../../../schemas/tables/lesions.js';
import { SIDES, type LesionEvent, type Side } from '../../nbss/blocks.js';
import type { Episode } from '../../nbss/episode.js';
import type { JsonObject } from '../../omi-db/json.js';
import { RecordReader, type NbssContext } from './nbss-fields.js';

const reader = new RecordReader(lesions);
const NO_FIELDS: JsonObject = {};

interface NamedLesion {
  readonly side: Side;
  readonly lesionNumber: number;
  /** Its record in the LESION block. */
  fields: JsonObject | null;
  readonly seenIn: LesionEvent[];
}

/** Every lesion that the LESION block or a procedure of the episode names, L before R, then by number. */
function namedLesions(episode: Episode): NamedLesion[] {
  const found = new Map<string, NamedLesion>();
  const lesionOf = (side: Side, lesionNumber: number): NamedLesion => {
    const key = `${side}${lesionNumber}`;
    let lesion = found.get(key);
    if (lesion === undefined) found.set(key, (lesion = { side, lesionNumber, fields: null, seenIn: [] }));
    return lesion;
  };
  for (const { side, lesionNumber, fields } of episode.lesions?.items ?? []) {
    lesionOf(side, lesionNumber).fields = fields;
  }
  for (const { event, items } of episode.events) {
    for (const { side, lesionNumber } of items) lesionOf(side, lesionNumber).seenIn.push(event);
  }
  return [...found.values()].sort(
    (a, b) => SIDES.indexOf(a.side) - SIDES.indexOf(b.side) || a.lesionNumber - b.lesionNumber,
  );
}

/** The rows of table `lesions` for an episode. */
export function flattenLesions(episode: Episode, context: NbssContext): AnyRow[] {
  const { episodeId } = episode;
  return namedLesions(episode).map(({ side, lesionNumber, fields, seenIn }) =>
    reader.row(fields ?? NO_FIELDS, context, {
      keys: {
        client_id: context.clientId,
        episode_id: episodeId,
        side,
        lesion_number: lesionNumber,
        in_lesion_block: fields !== null,
        seen_in: seenIn,
      },
      where: () => `episode ${episodeId}, side ${side}, lesion ${lesionNumber}`,
    }),
  );
}
