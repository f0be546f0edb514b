import { column, required, table } from '../column.js';
import { clientId, extra } from './keys.js';
import { clientMeaning } from './meaning.js';

export const clients = table('clients', {
  description: 'A row for each client (woman) that has a folder in any tree.',
  key: ['client_id'],
  columns: [
    clientId,
    column('site', 'string', {
      description: 'Four-letter code of the collection site that the images came from.',
      source: 'imagedb Site',
    }),
    column('classification', 'string', {
      description:
        'The classification of the woman as the NBSS extract gives it: N normal, B benign, M malignant, CI interval cancer.',
      source: 'nbss Classification',
      codes: 'omidb:client_status',
    }),
    ...clientMeaning,
    required('has_data_folder', 'bool', {
      description: 'True when she has a folder of JSON files (under data/, or under the separate NBSS root).',
      source: 'data tree',
    }),
    required('has_images_folder', 'bool', {
      description: 'True when she has a folder under images/. False for everybody in a data-only copy.',
      source: 'images tree',
    }),
    column('imagedb_path', 'string', {
      description: 'Her imagedb file, relative to the data root; null when there is none.',
      source: 'data tree',
    }),
    column('nbss_path', 'string', {
      description:
        'Her nbss file, relative to the root of its tree (data, or the separate NBSS root); null when there is none.',
      source: 'data tree or NBSS tree',
    }),
    column('imagedb_lesions', 'json', {
      description:
        'The LESIONS block of imagedb as JSON text: its shape is not specified, so it is kept as it is.',
      source: 'imagedb LESIONS',
      freeText: true,
    }),
    column('episode_count', 'int', {
      description: 'Number of her NBSS episodes; null without a readable nbss file.',
      source: 'nbss',
    }),
    column('study_count', 'int', {
      description:
        'Number of her studies, listed in imagedb or found on disk; null where she is client_too_large.',
      source: 'imagedb; trees',
    }),
    column('image_count', 'int', {
      description:
        'Number of her images, listed in imagedb or found on disk; null where she is client_too_large.',
      source: 'imagedb; trees',
    }),
    extra,
  ],
});
