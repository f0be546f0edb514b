import { column, required, table } from '../column.js';

export const mismatches = table('mismatches', {
  description: 'A row for each thing that does not pair up or cannot be read; one cause gives one row.',
  key: [],
  columns: [
    required('kind', 'string', {
      description: 'What is wrong: one of the kinds in docs/mismatches.md.',
      source: 'derived',
      codes: 'omidb:mismatch_kind',
    }),
    required('severity', 'string', {
      description:
        'error: something was lost or is contradictory; warning: usable but incomplete; info: worth knowing.',
      source: 'derived',
    }),
    column('client_id', 'string', {
      description: 'The client concerned; null for the database as a whole.',
      source: 'derived',
    }),
    column('study_instance_uid', 'string', {
      description: 'The study concerned, where it applies.',
      source: 'derived',
    }),
    column('series_instance_uid', 'string', {
      description: 'The series concerned, where it applies.',
      source: 'derived',
    }),
    column('sop_instance_uid', 'string', {
      description: 'The image concerned, where it applies.',
      source: 'derived',
    }),
    column('path', 'string', {
      description: 'The file or folder concerned, relative to the root of its tree.',
      source: 'derived',
    }),
    required('detail', 'string', {
      description: 'One sentence for a person. It quotes no values.',
      source: 'derived',
    }),
    column('expected', 'string', {
      description: 'What was expected, where there is such a thing.',
      source: 'derived',
      freeText: true,
    }),
    column('found', 'string', {
      description: 'What was found instead, as it stands in the source.',
      source: 'derived',
      freeText: true,
    }),
  ],
});
