import { readSchemaCsv } from '../dicom/csv.js';

/** Vocabularies of this project, `omidb-etl:<name>`: what its own derived columns hold. */

type Entries = readonly (readonly [code: string, text: string])[];

interface OwnList {
  readonly name: string;
  readonly title: string;
  readonly entries: Entries;
}

const VIEWS: Entries = readSchemaCsv<'kind' | 'abbreviation' | 'meaning'>('dicom/views.csv')
  .filter(({ kind, abbreviation }) => kind === 'view' && abbreviation !== '')
  .map(({ abbreviation, meaning }) => [abbreviation, meaning]);

export const OWN_LISTS: readonly OwnList[] = [
  {
    name: 'breast_label',
    title: 'Label of a breast in an episode',
    entries: [
      ['M', 'tissue of this breast was malignant'],
      ['B', 'tissue of this breast was benign and none malignant'],
      ['N', 'the episode came to a conclusion without either; a later cancer may follow'],
    ],
  },
  {
    name: 'breast_label_strict',
    title: 'Label of a breast in an episode that takes nothing for granted',
    entries: [
      ['M', 'a cancer of this breast is recorded'],
      ['U', 'unresolved: records contradict, are in doubt or are missing'],
      ['B', 'tissue of this breast was benign, and nothing is in doubt'],
      ['N', 'the episode has a status, and nothing is in doubt; a later cancer may follow'],
    ],
  },
  { name: 'view', title: 'View of a mammogram', entries: VIEWS },
  {
    name: 'image_kind',
    title: 'Sort of picture',
    entries: [
      ['phantom', 'picture of a phantom, for quality control'],
      ['specimen', 'picture of tissue that was cut out'],
      ['tomosynthesis', 'tomosynthesis volume'],
      ['projection', 'raw exposures of a tomosynthesis'],
      ['synthetic_2d', 'mammogram computed from a tomosynthesis'],
      ['digitised_film', 'film that was digitised'],
      ['ffdm', 'digital mammogram'],
      ['other', 'none of these'],
    ],
  },
  {
    name: 'study_role',
    title: 'What a study was made for',
    entries: [
      ['post_treatment', 'made after an operation on either breast'],
      ['screening', 'a screen'],
      ['assessment', 'assessment, clinical examination or biopsy after a recall'],
      ['unknown', 'the records do not tell'],
    ],
  },
  {
    name: 'cancer_mode',
    title: 'How a cancer came to light',
    entries: [
      ['screen', 'at a screen'],
      ['interval', 'between screens'],
      ['other', 'otherwise'],
    ],
  },
];

/** What an outcome of one breast may be beside those of an episode. */
export const CONTRALATERAL_PRIOR = ['contralateral_prior', 'Prior of a cancer in the other breast'] as const;

const NO_FOLLOW_UP =
  'Without the option --months-normal-follow-up nobody looked whether the woman stayed free of cancer, and there may be no later episode at all; with it, a later episode without cancer lies beyond so many months.';
const WINDOW = 'counts any time up to the next episode; with it, at most so many months.';

/** Of each outcome what it means with and without the months options. */
export const OUTCOME_NOTES: ReadonlyMap<string, string> = new Map([
  ['CI', 'An interval cancer in this episode. The months options do not matter.'],
  ['M', 'Malignant tissue in this episode. The months options do not matter.'],
  ['CIP', `Without the option --months-ci-prior a later interval cancer ${WINDOW}`],
  ['MP', `Without the option --months-cancer-prior a later malignant episode ${WINDOW}`],
  [
    'B',
    'Benign tissue. Without the option --months-benign-follow-up nobody looked whether a later episode was free of cancer; with it, one lies beyond so many months.',
  ],
  ['NAB', NO_FOLLOW_UP],
  ['NA', NO_FOLLOW_UP],
  ['N', NO_FOLLOW_UP],
  ['InvalidEvents', 'Events are missing or have no opinions; with and without the months options.'],
  ['InvalidFollowUp', 'Only with a follow-up option: no later episode lies beyond its months.'],
  [
    'InvalidPrior',
    'A later cancer lies outside the months of a prior, or within those of the follow-up: neither a prior nor normal.',
  ],
  ['InvalidCI', 'The reference has this code; its rules never give it, with or without the months options.'],
  ['DateError', 'An episode of the woman has no date to sort it by; with and without the months options.'],
  ['NoSubsequentEpisode', 'Only with --months-normal-follow-up: there is no later episode.'],
]);
