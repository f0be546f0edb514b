import { column, required, table } from '../column.js';
import { clientId, extra, seriesInstanceUid, studyInstanceUid } from './keys.js';
import { studyMeaning } from './meaning.js';

export const studies = table('studies', {
  description: 'A row for each study that imagedb lists or that has a folder in a tree.',
  key: ['client_id', 'study_instance_uid'],
  parents: [{ table: 'clients', columns: ['client_id'] }],
  columns: [
    clientId,
    studyInstanceUid,
    column('study_date', 'date', {
      description: 'Date of the study as imagedb gives it. Dates in OMI-DB may be shifted for anonymity.',
      source: 'imagedb STUDIES.<study>.StudyDate',
    }),
    column('imagedb_episode_id', 'string', {
      description:
        'The NBSS episode that imagedb names for the study, as it stands there; see episode_id for the one to join on.',
      source: 'imagedb STUDIES.<study>.EpisodeID',
    }),
    column('episode_id', 'string', {
      description:
        'The NBSS episode that the study belongs to, after linking; null when none could be found. Join on it with episodes.',
      source: 'derived: imagedb EpisodeID, else an episode with an event on the study date',
    }),
    required('episode_link', 'string', {
      description:
        'How episode_id was found: `imagedb` (imagedb names an episode that nbss has), `date` (relinked by study date), `unresolved` (no episode found).',
      source: 'derived',
    }),
    ...studyMeaning,
    required('in_imagedb', 'bool', {
      description: 'True when imagedb lists the study.',
      source: 'imagedb STUDIES',
    }),
    required('in_data', 'bool', {
      description: 'True when the study has a folder under data/.',
      source: 'data tree',
    }),
    required('in_images', 'bool', {
      description: 'True when the study has a folder under images/.',
      source: 'images tree',
    }),
    required('image_count', 'int', {
      description: 'Number of images of the study, listed in imagedb or found on disk.',
      source: 'imagedb; trees',
    }),
    extra,
  ],
});

export const series = table('series', {
  description: 'A row for each series: those that imagedb lists, and those that only image headers name.',
  key: ['client_id', 'study_instance_uid', 'series_instance_uid'],
  parents: [{ table: 'studies', columns: ['client_id', 'study_instance_uid'] }],
  columns: [
    clientId,
    studyInstanceUid,
    seriesInstanceUid,
    required('in_imagedb', 'bool', {
      description: 'True when imagedb lists the series; false when only the header of an image names it.',
      source: 'imagedb STUDIES.<study>',
    }),
    required('image_count', 'int', {
      description: 'Number of images of the series, listed in imagedb or found on disk.',
      source: 'imagedb; trees',
    }),
    extra,
  ],
});
