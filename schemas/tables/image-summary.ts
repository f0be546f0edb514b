import { column, required, table, type TagColumn } from '../column.js';
import { taken, takenAlways, whole } from '../taken.js';
import { breastAtStudy } from './breast-at-study.js';
import { breastInEpisode } from './breast-in-episode.js';
import { clients } from './clients.js';
import { episodes } from './episodes.js';
import { imageView } from './image-view.js';
import { images } from './images.js';
import { clientId, sopInstanceUid, studyInstanceUid } from './keys.js';
import { studies } from './studies.js';

/** What null means where a value is of the header alone. */
const NO_HEADER = 'Null: no header that could be read has it.';

/** Names of the columns of `images` that are taken over as they are, where the tag selection has them. */
export const SUMMARY_TAGS = [
  ['manufacturer', 'string', 'Maker of the machine.'],
  ['manufacturer_model_name', 'string', 'Model of the machine.'],
  ['presentation_intent_type', 'string', 'FOR PRESENTATION (for the eye) or FOR PROCESSING (near raw).'],
  ['image_laterality', 'string', 'Laterality as the header has it: R, L or B.'],
  ['view_position', 'string', 'View: CC, MLO, ML, LM, …'],
  ['view_code_value', 'string', 'Code of the view.'],
  ['view_code_meaning', 'string', 'Meaning of that code, e.g. cranio-caudal.'],
  ['body_part_thickness', 'double', 'Thickness of the compressed breast in mm.'],
  ['transfer_syntax_uid', 'string', 'Encoding of the pixel data in the DICOM file.'],
  [
    'photometric_interpretation',
    'string',
    'MONOCHROME1 (low values bright) or MONOCHROME2 (low values dark).',
  ],
  ['bits_stored', 'int', 'Bits of a pixel that carry values.'],
  ['number_of_frames', 'int', 'Frames; more than one for tomosynthesis.'],
] as const;

export const studyRole = {
  description:
    'What the study was made for: post_treatment (after a surgery of hers), screening, assessment (after a recall), unknown.',
  source: 'derived from study_date, event_types, dates of surgery events',
  codes: 'omidb-etl:study_role',
};

export const daysToLastFollowUp = {
  description:
    'Days from the study to her last screening or assessment, for as long as which something would be known; below 0 where that was before; null without such a date.',
  source: 'derived from breasts.last_follow_up_date, study_date',
  unit: 'days',
};

const episodeColumns = [
  taken('episode_id', studies, 'episode_id', {
    description: 'NBSS episode of the study; null when none could be found.',
    source: 'studies.episode_id',
  }),
  taken('episode_link', studies, 'episode_link', {
    description: 'How the episode was found: imagedb, date, unresolved (episode_id is null then).',
    source: 'studies.episode_link',
  }),
  taken('episode_type', episodes, 'episode_type', {
    description:
      'Why the episode was opened, e.g. R routine recall, F first call, CI interval case; null without an episode, or where it does not say.',
  }),
  taken('episode_action', episodes, 'episode_action', {
    description:
      'What the episode led to, e.g. RR routine recall; null without an episode, or where it does not say.',
  }),
  taken('episode_opened_date', episodes, 'episode_opened_date', {
    description: 'Day the episode was opened; null without an episode, or where it does not say.',
  }),
  taken('episode_closed_date', episodes, 'episode_closed_date', {
    description: 'Day the episode was closed; null without an episode, or where it is open or does not say.',
  }),
  taken('actual_episode_opened_year', episodes, 'actual_episode_opened_year', {
    description:
      'Year in which the episode was really opened; null without an episode, or where it does not say.',
  }),
  taken('episode_sort_date', episodes, 'sort_date', {
    description: 'Day that orders her episodes; null without an episode, or where none of its days is known.',
  }),
  taken('episode_status', episodes, 'status', {
    description:
      'What the episode found: CI, M, B, NAB, NA, N; null without an episode, or where its events do not tell.',
  }),
  taken('episode_outcome', episodes, 'outcome', {
    description:
      'What it turned out to be in the light of later episodes, with the months options that the run was told: see codes. Null without an episode, and where episodes.outcome is.',
  }),
  taken('episode_outcome_episode_id', episodes, 'outcome_episode_id', {
    description:
      'Later episode that the outcome rests on; null where it rests on this one, or there is none.',
  }),
  taken('episode_outcome_rule', episodes, 'outcome_rule', {
    description: 'The rule that decided the outcome, in words; null without an outcome.',
  }),
  taken('episode_is_post_op', episodes, 'is_post_op', {
    description:
      'True when she had surgery or an interval cancer in an earlier episode, in either breast; null without an episode, or where hers cannot be put in order. For this breast see breast_is_post_op.',
  }),
  taken('episode_has_malignant_opinions', episodes, 'has_malignant_opinions', {
    description:
      'True when tissue of either breast was malignant. Null without an episode. For the breast of this image see breast_has_malignant_opinion.',
  }),
  taken('episode_has_benign_opinions', episodes, 'has_benign_opinions', {
    description:
      'True when tissue of either breast was benign. Null without an episode. For the breast of this image see breast_has_benign_opinion.',
  }),
  taken('episode_has_events', episodes, 'has_events', {
    description: 'True when the episode has any event that the rules count; null without an episode.',
  }),
] as const;

const geometryColumns = [
  column('rows', 'int', {
    description: 'Height of the image; null: no header that could be read has it.',
    source: 'DICOM (0028,0010) Rows',
    unit: 'px',
  }),
  column('columns', 'int', {
    description: 'Width of the image; null: no header that could be read has it.',
    source: 'DICOM (0028,0011) Columns',
    unit: 'px',
  }),
  column('spacing_x_mm', 'double', {
    description: 'Distance of pixel columns, by the spacing that `spacing` names; null without one.',
    source: 'derived from DICOM PixelSpacing, ImagerPixelSpacing, EstimatedRadiographicMagnificationFactor',
    unit: 'mm',
  }),
  column('spacing_y_mm', 'double', {
    description: 'Distance of pixel rows, by the spacing that `spacing` names; null without one.',
    source: 'derived from DICOM PixelSpacing, ImagerPixelSpacing, EstimatedRadiographicMagnificationFactor',
    unit: 'mm',
  }),
  column('spacing', 'string', {
    description:
      'pixel_spacing, imager_pixel_spacing_magnification or imager_pixel_spacing; null: the header has no spacing of two positive numbers. See marks.box_spacing.',
    source: 'derived from DICOM PixelSpacing, ImagerPixelSpacing, EstimatedRadiographicMagnificationFactor',
  }),
  taken('pixel_data_offset', images, 'pixel_data_offset', {
    description:
      'Where the pixel data element starts in the DICOM file; null: there is none, or the file cannot be read. The values start later: see pixel_values_offset.',
  }),
] as const;

export const imageSummary = table('image_summary', {
  description:
    'A row for each image, wide: what a training job wants without a join. Labels of the breast that the image shows are in the breast_ columns.',
  key: ['client_id', 'study_instance_uid', 'sop_instance_uid'],
  parents: [{ table: 'images', columns: ['client_id', 'study_instance_uid', 'sop_instance_uid'] }],
  columns: [
    clientId,
    studyInstanceUid,
    sopInstanceUid,
    taken('series_instance_uid', images, 'series_instance_uid', {
      description: 'DICOM Series Instance UID; null: neither imagedb nor a header names one.',
    }),
    taken('dicom_path', images, 'dicom_path', {
      description: 'DICOM file, relative to the images root; null when there is none.',
    }),
    taken('json_path', images, 'json_path', {
      description: 'JSON of its header, relative to the data root; null when there is none.',
    }),
    taken('tags_from', images, 'tags_from', {
      description: 'Which header gave the values: dicom, json or both; null when neither could be read.',
    }),
    ...whole(imageView),
    ...whole(breastInEpisode),
    ...whole(breastAtStudy),
    takenAlways('mark_count', images, 'mark_count', {
      description:
        'Number of distinct boxes that experts drew on the image: marks that draw one again are not counted, marks without usable coordinates are. The boxes are in table boxes.',
    }),
    ...episodeColumns,
    taken('study_date', studies, 'study_date', {
      description: 'Date of the study; null: imagedb has none that can be read.',
    }),
    required('study_role', 'string', studyRole),
    column('days_to_last_follow_up', 'int', daysToLastFollowUp),
    takenAlways('event_types', studies, 'event_types', {
      description: 'The event that the study shows, where exactly one fits; see studies.',
    }),
    takenAlways('event_types_all', studies, 'event_types_all', {
      description: 'All events that the study may show; see studies.',
    }),
    required('in_reference', 'bool', {
      description: 'True when `omidb` would keep the study and imagedb lists the image.',
      source: 'derived: studies.in_reference, images.in_imagedb',
    }),
    taken('site', clients, 'site', {
      description: 'Four-letter code of the collection site; null: imagedb has none.',
    }),
    taken('client_status', clients, 'status', {
      description:
        'Worst that any episode of the woman found: CI, M, B, N; null without a readable nbss file. Not a label of the image.',
    }),
    column('patient_age_years', 'int', {
      description:
        'Age at the study in whole years, from PatientAge of the header; null where it has none, or zero.',
      source: 'DICOM (0010,1010) PatientAge',
      unit: 'years',
    }),
    ...SUMMARY_TAGS.map(([name, type, description]): TagColumn => ({
      ...column(name, type, { description: `${description} ${NO_HEADER}`, source: 'images' }),
      byIndex: true,
    })),
    ...geometryColumns,
  ],
});
