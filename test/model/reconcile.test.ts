import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Roots } from '../../pipeline/source/source.js';
import { reconcile } from '../../pipeline/stages/reconcile/client.js';
import {
  clientRecord,
  dicomHeader,
  imageRecord,
  jsonHeader,
  modelOf,
  studyRecord,
} from '../helpers/records.js';

const ROOTS: Roots = { data: '/data', images: '/images', nbss: null };
const DATA_ONLY: Roots = { data: '/data', images: null, nbss: null };

type Client = Parameters<typeof clientRecord>[0];

/** What reconcile alone reports, as `kind` and the fields that are named. */
function reported(client: Client, ...fields: ('found' | 'expected' | 'detail' | 'path')[]): unknown[] {
  return reportedWith(ROOTS, client, ...fields);
}

function reportedWith(roots: Roots, client: Client, ...fields: ('found' | 'expected' | 'detail' | 'path')[]) {
  const found: unknown[] = [];
  reconcile(modelOf(clientRecord(client)).client, roots, (mismatch) => {
    found.push(
      fields.length === 0
        ? mismatch.kind
        : [mismatch.kind, ...fields.map((field) => mismatch[field] ?? null)],
    );
  });
  return found;
}

const folder = { tree: 'data', path: 'optm1' } as const;

describe('a client', () => {
  const files = { imagedb: {}, nbss: {} };
  const cases: [what: string, client: Client, kinds: string[]][] = [
    ['with both folders and files', files, []],
    ['without a data folder', { plan: { inData: false } }, ['client_only_in_images']],
    ['without an images folder', { ...files, plan: { inImages: false } }, ['client_only_in_data']],
    ['without files', {}, ['imagedb_missing', 'nbss_missing']],
    ['whose data folder cannot be listed', { plan: { unreadable: [folder] } }, []],
    [
      'of another id in a file',
      { imagedb: { ClientID: 'optm2' }, nbss: { ClientID: 3 } },
      ['client_id_conflict', 'client_id_conflict'],
    ],
    ['of a blank id', { imagedb: { ClientID: ' ' }, nbss: { ClientID: 'optm1' } }, []],
  ];
  for (const [what, client, kinds] of cases) {
    test(`${what}: ${kinds.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(reported(client), kinds);
    });
  }

  test('of a copy without images is not missed there', () => {
    assert.deepEqual(reportedWith(DATA_ONLY, { ...files, plan: { inImages: false } }), []);
  });
});

describe('a study', () => {
  const listed = { STUDIES: { '1.2': { StudyDate: '2012-03-04', EpisodeID: 'E' } } };
  const nbss = { E: { SCREENING: {} } };
  const here = { imagedb: listed, nbss };
  const study = (where = {}) => studyRecord('1.2', [], where);
  const cases: [what: string, client: Client, kinds: string[]][] = [
    ['in imagedb and both trees', { ...here, studies: [study()] }, []],
    ['in no tree', here, ['study_not_on_disk']],
    ['in no tree that can be listed', { ...here, plan: { unreadable: [folder] } }, []],
    ['in the data tree only', { ...here, studies: [study({ inImages: false })] }, ['study_only_in_data']],
    ['in the images tree only', { ...here, studies: [study({ inData: false })] }, ['study_only_in_images']],
    [
      'in the data tree only, of a client without images',
      { ...here, studies: [study({ inImages: false })], plan: { inImages: false } },
      ['client_only_in_data'],
    ],
    ['that imagedb does not list', { imagedb: {}, nbss: {}, studies: [study()] }, ['study_not_in_imagedb']],
    ['on disk, without imagedb', { nbss: {}, studies: [study()] }, ['imagedb_missing']],
  ];
  for (const [what, client, kinds] of cases) {
    test(`${what}: ${kinds.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(reported(client), kinds);
    });
  }
});

describe('the link of a study', () => {
  const withStudy = (study: object, nbss: object | undefined): Client => ({
    imagedb: { STUDIES: { '1.2': study } },
    studies: [studyRecord('1.2')],
    ...(nbss === undefined ? {} : { nbss }),
  });
  const dated = { StudyDate: '2012-03-04' };
  const taken = { SCREENING: { L: { DateTaken: '2012-03-04' } } };
  const cases: [what: string, client: Client, reports: unknown[]][] = [
    ['to the episode that imagedb names', withStudy({ ...dated, EpisodeID: 'E' }, { E: taken }), []],
    [
      'by its date',
      withStudy({ ...dated, EpisodeID: 'X' }, { E: taken }),
      [['study_episode_relinked', 'X', 'E']],
    ],
    ['to nothing', withStudy({ ...dated, EpisodeID: 'X' }, {}), [['study_episode_unresolved', null, 'X']]],
    [
      'to nothing, where an episode may be its own',
      withStudy({ ...dated, EpisodeID: 'X' }, { E: {} }),
      [['study_episode_unresolved', null, 'X']],
    ],
    ['without a date', withStudy({ EpisodeID: 'E' }, { E: taken }), [['study_date_missing', null, null]]],
    ['without nbss', withStudy(dated, undefined), [['nbss_missing', 'nbss_optm1.json', null]]],
    [
      'that its own StudyList does not name',
      withStudy({ ...dated, EpisodeID: 'E' }, { E: { ...taken, StudyList: '1.2.3' } }),
      [
        ['study_list_conflict', 'E', null],
        ['study_list_conflict', '1.2.3', null],
      ],
    ],
    [
      'that the StudyList of another names',
      withStudy({ ...dated, EpisodeID: 'E' }, { E: taken, F: { StudyList: '1.2' } }),
      [
        ['study_list_conflict', 'E', 'F'],
        ['episode_without_study', null, 'F'],
      ],
    ],
    [
      'that the StudyList of its own names',
      withStudy({ ...dated, EpisodeID: 'E' }, { E: { ...taken, StudyList: '1.2' } }),
      [],
    ],
    [
      'with an episode beside it that nothing belongs to',
      withStudy({ ...dated, EpisodeID: 'E' }, { E: taken, F: {} }),
      [['episode_without_study', null, 'F']],
    ],
  ];
  for (const [what, client, reports] of cases) {
    test(`${what}: ${reports.map(String).join('; ') || 'nothing'}`, () => {
      assert.deepEqual(reported(client, 'expected', 'found'), reports);
    });
  }
});

/** One image of one study that is in order but for what is given. */
function withImage(headers: object, listed: object | null = {}): Client {
  const series = listed === null ? {} : { '1.2.1': { '1.2.3': listed } };
  return {
    imagedb: { STUDIES: { '1.2': { StudyDate: '2012-03-04', EpisodeID: 'E', ...series } } },
    nbss: { E: { LESION: { L: { '1': {} } } } },
    studies: [studyRecord('1.2', [imageRecord('1.2', '1.2.3', headers)])],
  };
}

const UIDS = {
  '00080018': ['UI', '1.2.3'],
  '0020000D': ['UI', '1.2'],
  '0020000E': ['UI', '1.2.1'],
} as const;
const json = jsonHeader(UIDS);
const dicom = dicomHeader(UIDS);

describe('the files of an image', () => {
  const cases: [what: string, client: Client, kinds: string[]][] = [
    ['both there and listed', withImage({ json, dicom }), []],
    ['JSON alone', withImage({ json }), ['dicom_missing']],
    ['DICOM alone', withImage({ dicom }), ['image_json_missing']],
    ['there, and unreadable', withImage({ unread: ['json', 'dicom'] }), []],
    ['not listed', withImage({ json, dicom }, null), ['image_not_in_imagedb']],
    [
      'two JSON files of one content',
      withImage({ json, dicom, hasSecondJson: true }),
      ['image_json_duplicate'],
    ],
    ['two JSON files', withImage({ json, dicom, secondJson: { a: 1 } }), ['image_json_duplicate']],
  ];
  for (const [what, client, kinds] of cases) {
    test(`${what}: ${kinds.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(reported(client), kinds);
    });
  }

  test('none, of a listed image', () => {
    assert.deepEqual(reported({ ...withImage({}), studies: [studyRecord('1.2')] }, 'path'), [
      ['image_not_on_disk', 'optm1/1.2'],
    ]);
  });

  test('listed in two series', () => {
    const client = withImage({ json, dicom });
    const imagedb = {
      STUDIES: {
        '1.2': {
          StudyDate: '2012-03-04',
          EpisodeID: 'E',
          '1.2.1': { '1.2.3': {} },
          '1.2.2': { '1.2.3': {} },
        },
      },
    };
    assert.deepEqual(reported({ ...client, imagedb }, 'expected', 'found'), [
      ['image_uid_duplicate', '1.2.1', '1.2.2'],
    ]);
  });
});

describe('the headers of an image', () => {
  const wrongSeries = { ...UIDS, '0020000E': ['UI', '9.9'] } as const;
  const wrongImage = { ...UIDS, '00080018': ['UI', '9.9'] } as const;
  const aged = (age: string) => ({ ...UIDS, '00101010': ['AS', age] }) as const;
  const made = (maker: string) => ({ ...UIDS, '00080070': ['LO', maker] }) as const;
  const cases: [what: string, headers: object, reports: unknown[]][] = [
    [
      'one wrong UID in both is one cause',
      { json: jsonHeader(wrongSeries), dicom: dicomHeader(wrongSeries) },
      [['series_instance_uid_conflict', '1.2.1', '9.9']],
    ],
    [
      'a wrong UID in one',
      { json: jsonHeader(wrongImage), dicom },
      [['sop_instance_uid_conflict', '1.2.3', '9.9']],
    ],
    [
      'one value that no VR allows in both is one cause',
      { json: jsonHeader(aged('old')), dicom: dicomHeader(aged('old')) },
      [['number_invalid', null, 'old']],
    ],
    [
      'two that no VR allows',
      { json: jsonHeader(aged('old')), dicom: dicomHeader(aged('young')) },
      [
        ['number_invalid', null, 'young'],
        ['number_invalid', null, 'old'],
      ],
    ],
    [
      'values that differ',
      { json: jsonHeader(made('A')), dicom: dicomHeader(made('B')) },
      [['tag_conflict', 'A', 'B']],
    ],
    ['a value in the JSON only', { json: jsonHeader(made('A')), dicom }, [['tag_conflict', 'A', null]]],
    ['a value in the DICOM header only', { json, dicom: dicomHeader(made('A')) }, []],
    [
      'values that differ where the DICOM header ends without pixel data',
      { json: jsonHeader(made('A')), dicom: dicomHeader(made('B'), { state: 'no_pixel_data' }) },
      [
        ['dicom_truncated', null, '1000 bytes'],
        ['tag_conflict', 'A', 'B'],
      ],
    ],
    [
      'pixel data that is cut',
      { json, dicom: dicomHeader(UIDS, { missingBytes: 24 }) },
      [['dicom_truncated', 'at least 1024 bytes', '1000 bytes']],
    ],
  ];
  for (const [what, headers, reports] of cases) {
    test(what, () => {
      assert.deepEqual(reported(withImage(headers), 'expected', 'found'), reports);
    });
  }
});

describe('a mark', () => {
  const sized = jsonHeader({ ...UIDS, '00280010': ['US', 100], '00280011': ['US', 50] });
  const box = (X1: unknown, Y1: unknown, X2: unknown, Y2: unknown) => ({ X1, Y1, X2, Y2 });
  const marked = (mark: object) => withImage({ json: sized, dicom }, { '7': mark });
  const outside = (found: string) => ['mark_out_of_bounds', '50 columns, 100 rows', found];
  const client = (mark: object): Client => ({
    ...marked(mark),
    studies: withImage({
      json: sized,
      dicom: dicomHeader({ ...UIDS, '00280010': ['US', 100], '00280011': ['US', 50] }),
    }).studies!,
  });
  const cases: [mark: object, reports: unknown[]][] = [
    [box(1, 2, 50, 100), []],
    [box('1', '2', '50', '100'), []],
    [box(1, 2, 51, 100), [outside('[1,2,51,100]')]],
    [box(1, 2, 90, 40), [outside('[1,2,90,40]')]],
    [box(5, 2, 1, 9), [outside('[5,2,1,9]')]],
    [box(1, 2, 1, 9), [outside('[1,2,1,9]')]],
    [box(1, 2, 'x', 9), [['mark_invalid', null, '{"X1":1,"Y1":2,"X2":"x","Y2":9}']]],
    [{}, [['mark_invalid', null, '{"X1":null,"Y1":null,"X2":null,"Y2":null}']]],
    [{ ...box(1, 2, 3, 4), LinkedNBSSLesionNumber: '1' }, []],
    [{ ...box(1, 2, 3, 4), LinkedNBSSLesionNumber: 'UNLINKED' }, []],
    [{ ...box(1, 2, 3, 4), LinkedNBSSLesionNumber: true }, []],
    [
      { ...box(1, 2, 3, 4), LinkedNBSSLesionNumber: '1, 2, x' },
      [
        ['mark_lesion_unresolved', null, '2'],
        ['mark_lesion_unresolved', null, 'x'],
      ],
    ],
  ];
  for (const [mark, reports] of cases) {
    test(`${JSON.stringify(mark)}: ${reports.map(String).join('; ') || 'nothing'}`, () => {
      assert.deepEqual(reported(client(mark), 'expected', 'found'), reports);
    });
  }

  test('of a study without an episode is not asked for its lesion', () => {
    const { imagedb, ...rest } = client({ ...box(1, 2, 3, 4), LinkedNBSSLesionNumber: '9' });
    const study = (imagedb as { STUDIES: Record<string, object> }).STUDIES['1.2']!;
    const unlinked = { STUDIES: { '1.2': { ...study, EpisodeID: 'X' } } };
    assert.deepEqual(reported({ ...rest, imagedb: unlinked }), ['study_episode_unresolved']);
  });
});
