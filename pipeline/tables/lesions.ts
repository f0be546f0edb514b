import type { RowOf } from '../../schemas/row.js';
import type { lesions } from '../../schemas/tables/lesions.js';
import type { ClientModel } from '../model/client-model.js';
import type { GradeSource } from '../semantics/lesion.js';

type LesionRow = RowOf<typeof lesions>;

const TABLE_OF = { surgery: 'surgeries', biopsy_wide: 'wide_biopsies' } as const;

/** The rows of a client in `lesions`: of each episode L before R, then by number. */
export function lesionRows({ clientId, episodes }: ClientModel): LesionRow[] {
  return episodes.flatMap(({ episodeId, lesions }) =>
    lesions.map(({ side, lesionNumber, inLesionBlock, seenIn, meaning, tissue, record }): LesionRow => ({
      client_id: clientId,
      episode_id: episodeId,
      side,
      lesion_number: lesionNumber,
      in_lesion_block: inLesionBlock,
      seen_in: seenIn,
      is_invasive: tissue.isInvasive,
      is_in_situ: tissue.isInSitu,
      grade: meaning.grade,
      grade_from: meaning.gradeFrom === null ? null : columnOf(meaning.gradeFrom),
      fields: record.fields,
      extra: record.extra,
    })),
  );
}

/** `table.column`. */
function columnOf({ procedure, field }: GradeSource): string {
  return `${TABLE_OF[procedure]}.${field}`;
}
