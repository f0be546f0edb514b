import type { SideTableOption } from '../../stages/side/side-file.js';
import { clientsToLeaveOut, clientsToTake } from '../client-list.js';
import { optionalPath, sideTables } from '../option-values.js';
import type { OptionTable } from '../option.js';

const GROUP = 'Input:';

/** Options of `omidb-etl run` that say what is read. */
export const INPUT_OPTIONS = {
  'data-dir': {
    type: 'string',
    describe: 'The data tree, when DATABASE does not hold it',
    group: GROUP,
  },
  'images-dir': {
    type: 'string',
    describe: 'The images tree, when DATABASE does not hold it',
    group: GROUP,
  },
  'nbss-dir': {
    type: 'string',
    describe: 'A third tree that holds the NBSS files, where they lie apart',
    group: GROUP,
  },
  'follow-links': {
    type: 'boolean',
    default: false,
    describe: 'Follow links that lead out of the trees',
    readme:
      'follow symbolic links that lead out of the trees too. Without it a link is followed where it stays within them, and is a mismatch (`link_outside`) where it does not',
    group: GROUP,
    manifest: 'follow_links',
  },
  'clients-file': {
    type: 'string',
    describe: 'Take only these clients: a file with one a line, # for comments',
    readme:
      'take only these clients: a file with one id a line, `#` for comments. Any other line is refused, and so is an id that no tree has',
    group: GROUP,
    parse: clientsToTake,
    manifest: 'clients_file',
  },
  'exclude-clients-file': {
    type: 'string',
    describe: 'Leave these clients out: a file as above',
    readme:
      'leave these clients out: a file as above. An empty file is refused, one with comments only leaves nobody out. An id that differs from one of a tree in case or zeros only is refused too',
    group: GROUP,
    parse: clientsToLeaveOut,
    manifest: 'exclude_clients_file',
  },
  'allow-unknown-clients': {
    type: 'boolean',
    default: false,
    describe: 'Go on when a list names clients that no tree has',
    readme: 'go on when a list names clients that no tree has; they are listed in `manifest.json`',
    group: GROUP,
    manifest: 'allow_unknown_clients',
  },
  tags: {
    type: 'string',
    describe: 'Another selection of DICOM tags: a CSV file (see docs/dicom.md)',
    readme: 'another selection of DICOM tags, see [your own tags](dicom.md#your-own-dicom-tags)',
    group: GROUP,
    parse: optionalPath,
    manifest: 'tags_file',
  },
  'tags-add': {
    type: 'string',
    describe: 'DICOM tags beside the selection: a CSV file of the same form',
    readme: 'DICOM tags beside the selection, see [your own tags](dicom.md#your-own-dicom-tags)',
    group: GROUP,
    parse: optionalPath,
    manifest: 'tags_add_file',
  },
  'side-table': {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: 'none',
    describe: 'A table of your own: NAME=FILE.csv becomes side_NAME',
    readme:
      '`NAME=FILE.csv`: a table of your own, which becomes `side_NAME`, see [side tables](side-tables.md). May be given more than once',
    group: GROUP,
    parse: sideTables,
    manifest: 'side_tables',
    echo: (given: readonly SideTableOption[]) => given.map(({ name, path }) => `${name}=${path}`),
  },
} as const satisfies OptionTable;
