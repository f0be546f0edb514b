import { column, required, table } from '../column.js';
import { taken } from '../taken.js';
import { clients } from './clients.js';
import { episodes } from './episodes.js';
import { daysToLastFollowUp, studyRole } from './image-summary.js';
import { clientId, studyInstanceUid } from './keys.js';
import { studies } from './studies.js';

export const EXAM_VIEWS = ['l_cc', 'l_mlo', 'r_cc', 'r_mlo'] as const;
export const EXAM_PURPOSES = ['presentation', 'processing', 'tomo'] as const;
export const EXAM_SIDES = ['l', 'r'] as const;

const PURPOSES = {
  presentation: 'FOR PRESENTATION',
  processing: 'FOR PROCESSING',
  tomo: 'as a tomosynthesis volume (not FOR PROCESSING)',
} as const;
const VIEWS = {
  l_cc: 'left CC',
  l_mlo: 'left MLO',
  r_cc: 'right CC',
  r_mlo: 'right MLO',
} as const;

const chosenColumns = EXAM_VIEWS.flatMap((view) =>
  EXAM_PURPOSES.flatMap((purpose) => [
    column(`${view}_${purpose}`, 'string', {
      description: `SOP Instance UID of the image that stands for ${VIEWS[view]}, ${PURPOSES[purpose]}; null: none is of a standard view and can be opened (dicom_ok).`,
      source: 'image_summary',
    }),
    required(`${view}_${purpose}_candidates`, 'int', {
      description: `How many images could have been chosen for ${view}_${purpose}; 0: none.`,
      source: 'image_summary',
    }),
  ]),
);

const BREASTS = { l: 'left', r: 'right' } as const;

const breastColumns = EXAM_SIDES.flatMap((side) => [
  ...(['label', 'label_strict', 'label_basis', 'outcome'] as const).map((name) =>
    column(`${side}_${name}`, 'string', {
      description: `breast_${name} of the ${BREASTS[side]} breast, whether or not an image shows it; null without an episode, and where image_summary says so of an image of it.`,
      source: `as image_summary.breast_${name}`,
      codes: name === 'label_basis' ? null : `omidb-etl:breast_${name}`,
    }),
  ),
  column(`${side}_days_to_cancer`, 'int', {
    description: `Days from the exam to the first recorded cancer of the ${BREASTS[side]} breast; below 0 after it. Null: none with a date is recorded, which is no proof of health: see days_to_last_follow_up.`,
    source: 'derived from breasts.first_cancer_date, study_date',
    unit: 'days',
  }),
  column(`${side}_cancer_mode`, 'string', {
    description: `How that cancer came to light: screen, interval, other; null without a cancer.`,
    source: 'breasts.cancer_mode',
    codes: 'omidb-etl:cancer_mode',
  }),
  column(`${side}_is_post_op`, 'bool', {
    description: `True when the ${BREASTS[side]} breast was operated on before the exam; null where that cannot be told: see image_summary.breast_is_post_op.`,
    source: 'as image_summary.breast_is_post_op',
  }),
]);

const agreed = (what: string) => `${what}; null where the images of the exam disagree or none says.`;

export const exams = table('exams', {
  description:
    'A row for each study with an image: the image that stands for each view, and what is known of both breasts. No join is needed for a set of four views or of risk.',
  key: ['client_id', 'study_instance_uid'],
  parents: [{ table: 'studies', columns: ['client_id', 'study_instance_uid'] }],
  columns: [
    clientId,
    studyInstanceUid,
    taken('study_date', studies, 'study_date', {
      description: 'Date of the study; null: imagedb has none that can be read.',
    }),
    required('study_role', 'string', studyRole),
    column('patient_age_years', 'int', {
      description: agreed('Age at the study in whole years, from PatientAge of the headers'),
      source: 'image_summary.patient_age_years',
      unit: 'years',
    }),
    taken('site', clients, 'site', {
      description: 'Four-letter code of the collection site; null: imagedb has none.',
    }),
    column('manufacturer_name', 'string', {
      description: agreed('Maker of the machine by its short name'),
      source: 'image_summary.manufacturer_name',
    }),
    column('manufacturer_model_name', 'string', {
      description: agreed('Model of the machine'),
      source: 'images.manufacturer_model_name',
    }),
    taken('episode_id', studies, 'episode_id', {
      description: 'NBSS episode of the study; null when none could be found.',
    }),
    taken('episode_status', episodes, 'status', {
      description:
        'What the episode found, in either breast: CI, M, B, NAB, NA, N; null without an episode, or where its events do not tell.',
    }),
    taken('episode_outcome', episodes, 'outcome', {
      description:
        'What it turned out to be in the light of later episodes, with the months options that the run was told: see codes. Null without an episode, and where episodes.outcome is.',
    }),
    ...chosenColumns,
    column('chosen_by', 'string', {
      description:
        'What decided where a view had several candidates, e.g. `LCC presentation: more pixels`; null where none had. In order: no modifier, ffdm before synthetic 2D, more pixels, later content time, SOP Instance UID.',
      source: 'image_summary',
    }),
    required('is_complete', 'bool', {
      description: 'True with all four views FOR PRESENTATION.',
      source: 'image_summary',
    }),
    required('missing_views', 'list<string>', {
      description: 'Those FOR PRESENTATION that are missing: LCC, LMLO, RCC, RMLO; empty: none.',
      source: 'image_summary',
    }),
    required('has_synthetic_2d', 'bool', {
      description:
        'True when a chosen image FOR PRESENTATION is synthetic: no mammogram of that view was there.',
      source: 'image_summary.image_kind',
    }),
    column('has_implant', 'bool', {
      description: 'True if any image of the exam has one, else null if any does not say, else false.',
      source: 'image_summary.has_implant',
    }),
    required('mark_count', 'int', {
      description: 'Distinct boxes on all images of the exam, those without usable coordinates counted each.',
      source: 'images.mark_count',
    }),
    ...breastColumns,
    column('days_to_last_follow_up', 'int', daysToLastFollowUp),
    column('exam_number', 'int', {
      description:
        '1 and the number of her screening exams with an earlier date; null for other roles and without a date. Exams of one day have one number.',
      source: 'derived from study_role, study_date of her exams',
    }),
    column('prior_study_instance_uid', 'string', {
      description: 'Her last screening exam with an earlier date (of one day the first UID); null: none.',
      source: 'derived from study_role, study_date of her exams',
    }),
    column('days_since_prior', 'int', {
      description: 'Days since that exam; null without one.',
      source: 'derived from study_date of both',
      unit: 'days',
    }),
  ],
});
