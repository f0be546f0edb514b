import { column, required, table } from '../column.js';
import { extra } from '../nbss/keys.js';

const source = 'nbss code lists (DS0026) and OMI-DB labels';

export const codes = table('codes', {
  description:
    'Every code of every code list, with its text. Lists named omidb:… are vocabularies of OMI-DB rather than of NBSS.',
  key: ['list', 'code'],
  columns: [
    required('list', 'string', {
      description: 'Name of the code list, as the column descriptions name it.',
      source,
    }),
    required('code', 'string', { description: 'The code as it stands in coded columns.', source }),
    required('text', 'string', { description: 'What the code means, as the list prints it.', source }),
    column('label', 'string', {
      description: 'What OMI-DB files and tools call the code, where they have a label of their own.',
      source,
    }),
    required('obsolete', 'bool', {
      description: 'Whether the list marks the code as no longer in use; old records still hold such codes.',
      source,
    }),
    required('list_title', 'string', { description: 'What the codes of the list are about.', source }),
    column('modality', 'string', {
      description: 'DICOM modality of a PACS procedure (list PEPR only).',
      source,
    }),
    column('screen_or_assess', 'string', {
      description: 'Whether a PACS procedure is for screening (S) or assessment (A) (list PEPR only).',
      source,
    }),
    column('note', 'string', {
      description:
        'What to know before trusting the list, where its printing is doubtful, or the code: of each outcome what it means with and without the --months options.',
      source,
    }),
    extra,
  ],
});
