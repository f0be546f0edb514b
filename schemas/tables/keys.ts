import { column, required } from '../column.js';

/** Key columns that mean the same thing in every table. */

export const clientId = required('client_id', 'string', {
  description: 'The woman, as the name of her folder: a four-letter prefix and a number, e.g. optm1.',
  source: 'client folder',
});

export const studyInstanceUid = required('study_instance_uid', 'string', {
  description: 'DICOM Study Instance UID: one visit to one machine. Also the name of the study folder.',
  source: 'study folder; imagedb STUDIES.<study>',
});

export const seriesInstanceUid = required('series_instance_uid', 'string', {
  description: 'DICOM Series Instance UID.',
  source:
    'imagedb STUDIES.<study>.<series>; DICOM (0020,000E) SeriesInstanceUID for images that imagedb lacks',
});

export const sopInstanceUid = required('sop_instance_uid', 'string', {
  description: 'DICOM SOP Instance UID: one image. Also the name of its files.',
  source: 'image file; imagedb STUDIES.<study>.<series>.<image>',
});

/** The last column of every table that is read from JSON. */
export const extra = column('extra', 'json', {
  description:
    'Whatever the source holds that no column does, whole, as JSON text; also the raw form of values that could not be converted. May hold free text.',
  source: 'the same record',
  freeText: true,
});
