import type { RowOf } from '../../../schemas/column.js';
import type { series as seriesTable, studies as studiesTable } from '../../../schemas/tables/studies.js';
import { compareText } from '../../base/text.js';
import { extraText } from '../../omi-db/extra.js';
import { isNoValue } from '../../nbss/values.js';
import type { JoinedStudy } from '../join.js';
import { studyMeaningCells, type StudyMeaning } from './meaning.js';
import type { ImagedbContext } from './imagedb-context.js';

type StudyRow = RowOf<typeof studiesTable>;
type SeriesRow = RowOf<typeof seriesTable>;

/** The row of a study in `studies`. */
export function studyRow(
  study: JoinedStudy,
  meaning: StudyMeaning | undefined,
  context: ImagedbContext,
): StudyRow {
  const { listed, onDisk, date, episodeId, link } = study;
  const extra = { ...listed?.extra };
  context.noteUnknown('studies', extra);
  // What could not be read as a date or an id is kept as it stood.
  if (date === null && !isNoValue(listed?.studyDate)) extra['StudyDate'] = listed?.studyDate;
  if (episodeId === null && !isNoValue(listed?.episodeId)) extra['EpisodeID'] = listed?.episodeId;
  return {
    client_id: context.clientId,
    study_instance_uid: study.uid,
    study_date: date,
    imagedb_episode_id: episodeId,
    episode_id: link.episodeId,
    episode_link: link.how,
    ...studyMeaningCells(meaning),
    in_imagedb: listed !== null,
    in_data: onDisk?.inData ?? false,
    in_images: onDisk?.inImages ?? false,
    image_count: study.images.length,
    extra: extraText(extra),
  };
}

/** The rows of a study in `series`: series that imagedb lists and those that only headers name, by UID. */
export function seriesRows(study: JoinedStudy, context: ImagedbContext): SeriesRow[] {
  const counts = new Map<string, number>();
  for (const { uid } of study.listed?.series ?? []) counts.set(uid, 0);
  for (const { seriesUid } of study.images) {
    if (seriesUid !== null) counts.set(seriesUid, (counts.get(seriesUid) ?? 0) + 1);
  }
  const listed = new Map(study.listed?.series.map((series) => [series.uid, series]));
  return [...counts]
    .sort(([a], [b]) => compareText(a, b))
    .map(([uid, imageCount]) => {
      const extra = listed.get(uid)?.extra ?? {};
      context.noteUnknown('series', extra);
      return {
        client_id: context.clientId,
        study_instance_uid: study.uid,
        series_instance_uid: uid,
        in_imagedb: listed.has(uid),
        image_count: imageCount,
        extra: extraText(extra),
      };
    });
}
