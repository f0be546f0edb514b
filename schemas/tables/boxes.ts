import { column, required, table } from '../column.js';
import { taken, takenAlways } from '../taken.js';
import { studyRole } from './image-summary.js';
import { imageView } from './image-view.js';
import { images } from './images.js';
import { clientId, sopInstanceUid, studyInstanceUid } from './keys.js';
import { MARK_FINDINGS, marks } from './marks.js';

const KEY = ['client_id', 'study_instance_uid', 'sop_instance_uid', 'mark_id'] as const;

const markId = required('mark_id', 'string', {
  description: 'The first mark that draws the box.',
  source: 'marks.mark_id',
});

const CORNERS = ['box_x_min', 'box_y_min', 'box_x_max', 'box_y_max'] as const;
const MEASURES = [
  'box_x_min_normalised',
  'box_y_min_normalised',
  'box_x_max_normalised',
  'box_y_max_normalised',
  'box_width_mm',
  'box_height_mm',
] as const;

/** A column of the mark, as it is there. */
function ofMark<const Name extends (typeof CORNERS)[number] | (typeof MEASURES)[number] | 'box_in_bounds'>(
  name: Name,
) {
  const { description } = marks.columns.find((candidate) => candidate.name === name)!;
  return taken(name, marks, name, { description });
}

const LESIONS = 'lesions, wide_biopsies and surgeries of the lesions that the marks of the box name';

const findingColumns = MARK_FINDINGS.map((name) => {
  const { type, description, codes } = marks.columns.find((candidate) => candidate.name === name)!;
  return column(name, type, {
    description: `${description} Null too where marks of the box disagree.`,
    source: `marks.${name}`,
    codes,
  });
});

export const boxes = table('boxes', {
  description:
    'A row for each distinct box on an image, with everything a detector needs: image, path, box, label, histology. A box that several marks draw stands here once.',
  key: KEY,
  parents: [{ table: 'marks', columns: KEY }],
  columns: [
    clientId,
    studyInstanceUid,
    sopInstanceUid,
    markId,
    taken('dicom_path', images, 'dicom_path', {
      description: 'DICOM file, relative to the images root; null when there is none.',
    }),
    taken('json_path', images, 'json_path', {
      description: 'JSON of its header, relative to the data root; null when there is none.',
    }),
    column('rows', 'int', {
      description: 'Height of the image; null: no header that could be read has it.',
      source: 'image_summary.rows',
      unit: 'px',
    }),
    column('columns', 'int', {
      description: 'Width of the image; null: no header that could be read has it.',
      source: 'image_summary.columns',
      unit: 'px',
    }),
    column('presentation_intent_type', 'string', {
      description:
        'FOR PRESENTATION (for the eye) or FOR PROCESSING (near raw); null: no header that could be read has it.',
      source: 'images.presentation_intent_type',
    }),
    taken('breast', imageView, 'breast', {
      description:
        'The one breast that the image shows, L or R; null where that is not known: see image_summary.',
    }),
    taken('view', imageView, 'view', {
      description: 'View of the image; null where that is not known: see image_summary.',
    }),
    takenAlways('image_kind', imageView, 'image_kind', {
      description: 'What sort of picture it is; see image_summary.',
    }),
    takenAlways('is_standard_view', imageView, 'is_standard_view', {
      description: 'True for one of the plain views that a screen consists of; see image_summary.',
    }),
    takenAlways('dicom_ok', imageView, 'dicom_ok', {
      description: 'True when the DICOM file can be opened and is the image meant; see image_summary.',
    }),
    taken('manufacturer_name', imageView, 'manufacturer_name', {
      description: 'Maker of the machine by its short name; null: no header that could be read has one.',
    }),
    required('study_role', 'string', studyRole),
    ...CORNERS.map(ofMark),
    ...MEASURES.map(ofMark),
    ofMark('box_in_bounds'),
    required('duplicate_count', 'int', {
      description: 'Marks that draw this box again; 0: none. Their lesions count for the box too.',
      source: 'marks.duplicate_of',
    }),
    required('lesion_numbers', 'list<int>', {
      description:
        'NBSS lesions that the marks of the box name, within the episode of the study; empty: it is not linked.',
      source: 'mark_lesions.lesion_number',
    }),
    column('is_malignant', 'bool', {
      description:
        'As marks.is_malignant, by the lesions of all marks of the box: true when any of them is cancer, false when the tissue of all says it is none, null when that cannot be told. Null is no negative: leave such boxes out.',
      source: 'derived from mark_lesions, events, wide_biopsies, fine_biopsies, surgeries',
    }),
    column('is_invasive', 'bool', {
      description: 'True when any linked lesion of this breast is invasive; null when none has tissue.',
      source: 'lesions.is_invasive',
    }),
    column('is_in_situ', 'bool', {
      description: 'True when any linked lesion of this breast is in situ; null when none has tissue.',
      source: 'lesions.is_in_situ',
    }),
    column('grade', 'string', {
      description:
        'Worst grade of these lesions: G3, G2, G1, then NDH, NDI, NDL of DCIS, then not assessable (NA, NDN). Null without one.',
      source: 'lesions.grade',
    }),
    column('invasive_size', 'double', {
      description:
        'Largest diameter of the invasive part of these lesions, of each in surgery, else in the wide biopsy; NBSS states no unit. Null: none has one.',
      source: `max_diameter_invasive_compo: ${LESIONS}`,
    }),
    column('whole_size', 'double', {
      description:
        'Largest size of the whole tumour of these lesions, of each in surgery, else in the wide biopsy; NBSS states no unit. Null: none has one.',
      source: `whole_size_of_tumour: ${LESIONS}`,
    }),
    ...findingColumns,
    required('is_usable', 'bool', {
      description:
        'True when the box has an area and lies within the image, the image is dicom_ok and neither phantom nor specimen, and no linked lesion is only in the other breast. False where any of these is not known.',
      source: 'derived from the columns of this row and mark_lesions.lesion_sides',
    }),
  ],
});

export const pairedBoxes = table('paired_boxes', {
  description:
    'A row for each box that can be told on the other image of the exposure (FOR PRESENTATION and FOR PROCESSING): where it lies there. No row where it cannot be told.',
  key: KEY,
  parents: [{ table: 'boxes', columns: KEY }],
  columns: [
    clientId,
    studyInstanceUid,
    sopInstanceUid,
    markId,
    required('paired_sop_instance_uid', 'string', {
      description: 'The image that this row gives the box of; sop_instance_uid is the one it was drawn on.',
      source: 'image_summary.paired_sop_instance_uid',
    }),
    ...CORNERS.map((name) =>
      required(name, 'int', {
        description:
          'The box on the paired image, in its pixels, as in boxes; whole pixels, since flips and quarter turns keep them.',
        source:
          'derived from boxes and FieldOfViewOrigin, FieldOfViewRotation, FieldOfViewHorizontalFlip, PatientOrientation, Rows, Columns of both images',
        unit: 'px',
      }),
    ),
    required('box_in_bounds', 'bool', {
      description: 'False when it leaves the paired image: nothing is cut.',
      source: 'derived from the box on the paired image, Rows and Columns of it',
    }),
    required('mapping', 'string', {
      description:
        'What was done, in words: the same place, mirrored left to right, turned by N degrees clockwise on the detector, shifted by the field of view origin, cut to another extent.',
      source:
        'derived from FieldOfViewOrigin, FieldOfViewRotation, FieldOfViewHorizontalFlip, PatientOrientation, Rows, Columns of both images',
    }),
  ],
});
