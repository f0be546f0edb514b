import { column, required } from '../column.js';

/** Columns that are not in the source: what its records mean, by the rules of the reference package `omidb`. */

const DERIVED = 'derived';
const BY_RULES = 'derived from the events of the episode, by the rules of `omidb`';

export const episodeMeaning = [
  column('sort_date', 'date', {
    description:
      'Day that orders episodes: the earliest event; without events the diagnosis of an interval cancer, else the opening of the episode. Null: none of these is known.',
    source: BY_RULES,
  }),
  column('status', 'string', {
    description:
      'What this episode found: CI interval cancer, M malignant, B benign, NAB normal after assessment and biopsy, NA normal after assessment, N normal at screening; null when the events do not tell. It says nothing of later episodes: see outcome.',
    source: BY_RULES,
    codes: 'omidb:episode_status',
  }),
  column('outcome', 'string', {
    description:
      'What the episode turned out to be, in the light of later ones: a status, CIP (prior of an interval cancer), MP (prior of a malignant episode), or why nothing can be said (InvalidEvents, InvalidFollowUp, InvalidPrior, DateError, NoSubsequentEpisode). Depends on the --months options of the run.',
    source: BY_RULES,
    codes: 'omidb:episode_outcome',
  }),
  column('outcome_episode_id', 'string', {
    description: 'The later episode that the outcome rests on; null when it rests on this one alone.',
    source: BY_RULES,
  }),
  column('outcome_rule', 'string', {
    description: 'The rule that decided the outcome, in words.',
    source: BY_RULES,
  }),
  column('next_episode_id', 'string', {
    description:
      'The episode of the woman after this one in sort-date order; null for the last, and where any of her episodes has no sort date.',
    source: 'derived from sort_date of her episodes',
  }),
  column('months_to_next_episode', 'double', {
    description:
      'Months from this episode to the next, as the --months options count them: days between the sort dates x 12 / 365. Null without a next one.',
    source: 'derived from sort_date of her episodes',
    unit: 'months',
  }),
  column('is_post_op', 'bool', {
    description:
      'True when an earlier episode of the woman has surgery or is an interval case: her breasts may have been operated on. Null when her episodes cannot be put in order.',
    source: BY_RULES,
  }),
  required('has_events', 'bool', {
    description:
      'True when the episode has any event that the rules count (screen, assessment, clinical, biopsy, surgery).',
    source: BY_RULES,
  }),
  required('has_valid_events', 'bool', {
    description:
      'False when an event other than a screen has no opinion on either breast; the outcome cannot rest on it then.',
    source: BY_RULES,
  }),
  required('has_malignant_opinions', 'bool', {
    description: 'True when surgery, a wide or a fine biopsy has a malignant opinion (OM) on either breast.',
    source: BY_RULES,
  }),
  required('has_benign_opinions', 'bool', {
    description: 'True when surgery, a wide or a fine biopsy has a benign opinion (OB) on either breast.',
    source: BY_RULES,
  }),
  required('is_interval_cancer', 'bool', {
    description:
      'True for an episode of type CI with malignant opinions, or with neither biopsy nor surgery: a cancer found between screens.',
    source: BY_RULES,
  }),
] as const;

export const lesionMeaningColumns = [
  column('is_invasive', 'bool', {
    description:
      'True when the tissue shows invasive cancer: malignancy type b in a wide biopsy, or invasive components, invasive type or disease grade in a wide biopsy or in surgery. Null where there was neither biopsy nor surgery to tell.',
    source: 'derived from wide_biopsies and surgeries, by the rules of `omidb`',
  }),
  column('is_in_situ', 'bool', {
    description:
      'True when the tissue shows cancer in situ and none that is invasive. Null where there was neither biopsy nor surgery to tell.',
    source: 'derived from wide_biopsies and surgeries, by the rules of `omidb`',
  }),
  column('grade', 'string', {
    description:
      'Grade of the cancer: G1 to G3 (invasive; NA not assessable), else NDL, NDI, NDH of DCIS (low, intermediate, high; NDN not assessable).',
    source:
      'derived: surgery disease_grade, else wide biopsy disease_grade, else surgery dcis_grade, else wide biopsy dcis_grade',
  }),
  column('grade_from', 'string', {
    description: 'Where the grade is from, as table.column, e.g. surgeries.disease_grade.',
    source: DERIVED,
  }),
] as const;

export const clientMeaning = [
  column('status', 'string', {
    description:
      'CI if any episode is an interval case, else M if any has malignant opinions, else B if any has benign ones, else N. Null without a readable nbss file. Of the woman as a whole: not a label of an image.',
    source: 'derived from her episodes, by the rules of `omidb`',
    codes: 'omidb:client_status',
  }),
  column('first_episode_date', 'date', {
    description: 'Earliest sort date of her episodes.',
    source: 'derived: episodes.sort_date',
  }),
  column('last_episode_date', 'date', {
    description: 'Latest sort date of her episodes.',
    source: 'derived: episodes.sort_date',
  }),
  column('malignant_episode_count', 'int', {
    description: 'Number of her episodes with malignant opinions.',
    source: 'derived: episodes',
  }),
  column('benign_episode_count', 'int', {
    description: 'Number of her episodes with benign opinions.',
    source: 'derived: episodes',
  }),
  column('interval_cancer_count', 'int', {
    description: 'Number of her episodes that are interval cancers.',
    source: 'derived: episodes',
  }),
] as const;

export const studyMeaning = [
  required('event_types', 'list<string>', {
    description:
      'The event that the study shows, where exactly one fits (the distinct mode of `omidb`): an event of the episode on the study date, or the only kind of event that the episode has. Empty when none or several fit, or another study of the episode claims the same.',
    source: 'derived from study_date and events.event_dates, by the rules of `omidb`',
  }),
  required('event_types_all', 'list<string>', {
    description:
      'All events that the study may show (the link-all mode of `omidb`): those of the episode on the study date, two screens on that day twice; without any, every kind of event that the episode has.',
    source: 'derived from study_date and events.event_dates, by the rules of `omidb`',
  }),
  column('event_link', 'string', {
    description:
      'How event_types_all was found: `date`, `episode` (no event on the study date), `none`; null without an episode.',
    source: DERIVED,
  }),
  required('in_reference', 'bool', {
    description:
      'True when `omidb` would keep the study: imagedb lists it, it has a folder under data/, and an episode was found. Filter on it to compare with published work.',
    source: DERIVED,
  }),
] as const;

/** Columns of the box of a mark in the frame of its image. */
export const boxColumns = [
  ...(['x_min', 'y_min', 'x_max', 'y_max'] as const).map((name) =>
    column(`box_${name}`, 'int', {
      description: `${name.startsWith('x') ? 'Column' : 'Row'} of the box in pixels of the stored image, x to the right, y down, 0 at the outer edge of the first pixel, corners in order: crop with pixels[box_y_min:box_y_max, box_x_min:box_x_max]. Null: the mark has no usable coordinates.`,
      source: 'derived from x1, y1, x2, y2',
      unit: 'px',
    }),
  ),
  column('box_width', 'int', {
    description: 'box_x_max - box_x_min.',
    source: 'derived from box_x_min, box_x_max',
    unit: 'px',
  }),
  column('box_height', 'int', {
    description: 'box_y_max - box_y_min.',
    source: 'derived from box_y_min, box_y_max',
    unit: 'px',
  }),
  ...(['x_min', 'y_min', 'x_max', 'y_max'] as const).map((name) =>
    column(`box_${name}_normalised`, 'double', {
      description: `box_${name} as a fraction of ${name.startsWith('x') ? 'Columns' : 'Rows'}; outside 0 to 1 where the box leaves the image; null when the header has no size.`,
      source: 'derived from the box and Rows, Columns of the header',
    }),
  ),
  column('box_width_mm', 'double', {
    description:
      'Width of the box in mm by the spacing that box_spacing names; null without a box or a spacing.',
    source: 'derived from box_width and the header',
    unit: 'mm',
  }),
  column('box_height_mm', 'double', {
    description:
      'Height of the box in mm by the spacing that box_spacing names; null without a box or a spacing.',
    source: 'derived from box_height and the header',
    unit: 'mm',
  }),
  column('box_spacing', 'string', {
    description:
      'Spacing behind the mm: pixel_spacing (in the patient), imager_pixel_spacing_magnification (at the detector over the magnification: estimated in the patient), imager_pixel_spacing (at the detector, slightly too large).',
    source: 'derived, DICOM PS3.3 10.7.1',
  }),
  column('box_in_bounds', 'bool', {
    description: 'True when the box lies within the image; null when Rows and Columns are not known.',
    source: 'derived from the box and Rows, Columns of the header',
  }),
  column('box_corners_inverted', 'bool', {
    description:
      'True when the first corner in the source is not the upper left one; the box is in order all the same.',
    source: 'derived from x1, y1, x2, y2',
  }),
  column('box_axes_swapped_suspected', 'bool', {
    description:
      'True when the box leaves the image but would fit with x and y exchanged. Nothing is exchanged.',
    source: 'derived from the box and Rows, Columns of the header',
  }),
  column('box_agrees_with_lesion_side', 'bool', {
    description:
      'False when a linked NBSS lesion is only in the other breast than the image shows; null when the mark is not linked or a side is not known.',
    source: 'derived from the image laterality and mark_lesions.lesion_sides',
  }),
] as const;
