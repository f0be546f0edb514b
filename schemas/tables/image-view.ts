import { column, required, table } from '../column.js';

const LATERALITY =
  'ImageLaterality of the DICOM and of the JSON header; FrameLaterality; Laterality; AnatomicRegionModifierSequence; ViewPosition';
const VIEW =
  'derived from view_code_value, view_modifier_code_values, view_modifier_code_meanings, view_position';
const KIND =
  'derived from quality_control_image, view_code_value, sop_class_uid, number_of_frames, image_type, detector_type, modality';
const PAIR =
  'derived from SourceImageSequence, presentation_intent_type, breast, view, view_modifiers, image_kind, acquisition_date, acquisition_time of the images of the study';

/** What the headers of an image say of the picture, in words that do not depend on the maker: a group of columns. */
export const imageView = table('image_view', {
  description: 'Group of columns: what sort of picture an image is, of which breast and view.',
  key: [],
  columns: [
    column('breast', 'string', {
      description:
        'The one breast that the image shows, L or R: the side that all elements which name one agree on. Null where none names one, where the image shows both, and where two disagree (mismatch laterality_conflict); then all breast_ columns are null.',
      source: LATERALITY,
    }),
    column('breast_from', 'string', {
      description:
        'The first element that told the breast, in this order: dicom ImageLaterality, json ImageLaterality, FrameLaterality, Laterality, AnatomicRegionModifierSequence, ViewPosition. Null without a breast.',
      source: LATERALITY,
    }),
    column('view', 'string', {
      description:
        'View, that is how the breast lay and the beam ran: CC, MLO, ML, LM, LMO, XCCL, XCCM, FB, SIO, ISO; by the view code and by ViewPosition. ML (90 degrees) is not MLO (oblique). Null where neither tells, for a specimen, and where they disagree (mismatch view_conflict).',
      source: VIEW,
      codes: 'omidb-etl:view',
    }),
    required('view_modifiers', 'list<string>', {
      description:
        'What was special about the view, by abbreviation: M magnification, S spot compression, ID implant displaced, AT axillary tail, …; a modifier without an abbreviation stands with its meaning, an unknown one with its code or words. Empty: none is recorded.',
      source: VIEW,
    }),
    required('image_kind', 'string', {
      description:
        'What sort of picture it is: ffdm (a plain digital mammogram), tomosynthesis, projection (raw exposures of a tomosynthesis), synthetic_2d (computed from a tomosynthesis), digitised_film, specimen (tissue cut out), phantom (quality control), other.',
      source: KIND,
      codes: 'omidb-etl:image_kind',
    }),
    column('image_kind_from', 'string', {
      description: 'Keyword of the element that told the kind; null for other.',
      source: KIND,
    }),
    required('is_spot_or_magnified', 'bool', {
      description:
        'True for a spot compression or magnified view (modifier M or S, or a magnification factor of at least 1.2): made to look closer at something already suspected, so leave such images out of training. False where nothing says so.',
      source:
        'derived from view_modifiers, estimated_radiographic_magnification_factor, else distance_source_to_detector / distance_source_to_patient',
    }),
    column('has_implant', 'bool', {
      description:
        'True with a breast implant, or in a view with the implant displaced; null where the header does not say.',
      source: 'derived from breast_implant_present, view_modifiers',
    }),
    column('is_partial_view', 'bool', {
      description:
        'True when the image shows only a part of the breast, as of one larger than the detector; null where the header does not say.',
      source: 'DICOM (0028,1350) PartialView',
    }),
    required('is_standard_view', 'bool', {
      description:
        'True for one of the plain views that a screen consists of: breast known, ffdm, CC or MLO, no modifier but ID, neither spot, magnified nor partial.',
      source: 'derived from breast, image_kind, view, view_modifiers, is_spot_or_magnified, is_partial_view',
    }),
    column('manufacturer_name', 'string', {
      description:
        'Maker of the machine by a short name: hologic, ge, siemens, philips, sectra, fujifilm, planmed, ims, other (unknown, or several are named). Null where the header names none. The text of the header is in manufacturer.',
      source: 'derived from manufacturer, by schemas/dicom/manufacturers.csv',
    }),
    required('dicom_ok', 'bool', {
      description:
        'True when the DICOM file is there, its header complete, its pixels whole, and its UIDs those of its place: it can be opened and is the image meant.',
      source:
        'derived from has_dicom and the checks behind the mismatches dicom_unreadable, dicom_truncated, sop_instance_uid_conflict, study_instance_uid_conflict, series_instance_uid_conflict',
    }),
    column('worst_mismatch', 'string', {
      description:
        'Severity of the worst mismatch that names this image or its study: error, warning or info; null: none does. An image that lies in two places of the database (image_uid_duplicate) is found later, and not counted here.',
      source: 'mismatches of this client',
    }),
    column('pixel_values_offset', 'long', {
      description:
        'Where the pixel values begin in the DICOM file, counted from its first byte, for numpy.memmap; null when they are compressed (encapsulated), the file is deflated, or there are none.',
      source: 'DICOM (7FE0,0010) PixelData',
      unit: 'bytes',
    }),
    column('pixel_values_bytes', 'long', {
      description: 'How many bytes the pixel values are, as the header declares; null as above.',
      source: 'DICOM (7FE0,0010) PixelData',
      unit: 'bytes',
    }),
    column('chest_wall_side', 'string', {
      description:
        'Edge of the stored image at which the chest wall is: left or right; null where PatientOrientation does not tell. To have all images one way round, mirror those with right.',
      source: 'DICOM (0020,0020) PatientOrientation',
    }),
    column('paired_sop_instance_uid', 'string', {
      description:
        'The other of the FOR PRESENTATION and FOR PROCESSING image of one exposure; null where there is none or it is not certain. Of a raw image that was processed twice both processed images name it, and it names neither.',
      source: PAIR,
    }),
    column('pair_from', 'string', {
      description:
        'How the pair was found: source (SourceImageSequence names it) or acquisition (the only two of one breast, view, modifiers, kind, date and time). Null without one.',
      source: PAIR,
    }),
  ],
});
