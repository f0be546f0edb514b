import type { RowOf } from '../../schemas/row.js';
import type { series, studies } from '../../schemas/tables/studies.js';
import type { ClientModel, StudyModel } from '../model/client-model.js';

type StudyRow = RowOf<typeof studies>;
type SeriesRow = RowOf<typeof series>;

export function studyRow(clientId: string, study: StudyModel): StudyRow {
  const { onDisk, link, events } = study;
  return {
    client_id: clientId,
    study_instance_uid: study.uid,
    study_date: study.date,
    imagedb_episode_id: study.episodeId,
    episode_id: link.episodeId,
    episode_link: link.how,
    event_types: events?.distinct ?? [],
    event_types_all: events?.all ?? [],
    event_link: events?.how ?? null,
    in_reference: study.inReference,
    in_imagedb: study.listed !== null,
    in_data: onDisk?.inData ?? false,
    in_images: onDisk?.inImages ?? false,
    image_count: study.images.length,
    extra: study.extra,
  };
}

/** The rows of a client in `series`: of each study by UID. */
export function seriesRows({ clientId, studies }: ClientModel): SeriesRow[] {
  const rows: SeriesRow[] = [];
  for (const study of studies)
    for (const { uid, isListed, imageCount, extra } of study.series)
      rows.push({
        client_id: clientId,
        study_instance_uid: study.uid,
        series_instance_uid: uid,
        in_imagedb: isListed,
        image_count: imageCount,
        extra,
      });
  return rows;
}
