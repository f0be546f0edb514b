import { required, table } from '../column.js';
import { clientId } from './keys.js';

export const splits = table('splits', {
  description:
    'A row for each client: which women must stay together, and a number to split them by that never changes when women are added.',
  key: ['client_id'],
  parents: [{ table: 'clients', columns: ['client_id'] }],
  columns: [
    clientId,
    required('split_group', 'string', {
      description:
        'The least client_id (natural order) of the women with whom she shares an image (the same SOP Instance UID), directly or through others; her own where she shares none. A group must never be parted.',
      source: 'derived from images.sop_instance_uid of all clients',
    }),
    required('split_point', 'double', {
      description:
        'A number from 0 up to but not 1, the same for a whole group and in every run: the first 13 hexadecimal digits of the SHA-256 of split_group over 16^13. `split_point < 0.7` is a training set without a woman or a shared image on both sides.',
      source:
        "derived from split_group; in DuckDB ('0x' || sha256(split_group)[1:13])::BIGINT / 4503599627370496",
    }),
  ],
});
