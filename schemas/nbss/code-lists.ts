import { readSchemaJson } from '../files.js';
import { CONTRALATERAL_PRIOR, OUTCOME_NOTES, OWN_LISTS } from './own-lists.js';
import { MISMATCH_KINDS } from '../mismatch-kinds.js';

export interface Code {
  readonly code: string;
  /** The text that the specification prints for the code. */
  readonly text: string;
  /** The label that OMI-DB files and tools use for the code, where it has one. */
  readonly label: string | null;
  readonly obsolete: boolean;
  /** What to know before trusting this code, where more is to be said than of the list. */
  readonly note?: string;
  /** Whatever else the list prints for the code, e.g. `modality` of PACS procedures. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface CodeList {
  readonly name: string;
  readonly title: string;
  /** What a reader should know before trusting the list. */
  readonly note: string | null;
  readonly codes: readonly Code[];
}

type Labels = Readonly<Record<string, string>>;

interface LabelsFile {
  readonly labels: Readonly<Record<string, Labels>>;
  readonly status: Readonly<Record<string, Labels>>;
  readonly marks: Readonly<Record<string, readonly string[]>>;
}

interface PrintedCode {
  readonly text: string;
  readonly obsolete?: boolean;
  readonly [fact: string]: unknown;
}

interface PrintedList {
  readonly title: string;
  readonly codes: Readonly<Record<string, PrintedCode>>;
}

const LABELS = readSchemaJson('nbss/labels.json') as LabelsFile;
const PRINTED = (
  readSchemaJson('nbss/code-lists.json') as { readonly lists: Readonly<Record<string, PrintedList>> }
).lists;

/** Which labels of labels.json belong to which printed list. */
const LABELS_OF_LIST: Readonly<Record<string, string>> = {
  EPC: 'episode_type',
  ACT: 'episode_action',
  OPINION: 'opinion',
  LESDES: 'lesion_description',
  LESLOCT: 'localisation_type',
  LOCTYP: 'localisation_type',
  LESSITE: 'site_indicator',
  INVCC: 'invasive_component',
  BIMHG: 'disease_grade',
  INVCT: 'invasive_type',
  ISCC: 'in_situ_component',
  DCISG: 'dcis_grade',
  MALTYPE: 'malignancy_type',
};

/** Codes for which the labels of a list are of another meaning: LOCTYP's S is Stereotactic, not Skin Marker. */
const LABELS_NOT_FITTING: Readonly<Record<string, readonly string[]>> = { LOCTYP: ['S'] };

const NOTES: Readonly<Record<string, string>> = {
  MRIRR: 'Kept as printed: looks swapped with another list in the source, the codes are treatments.',
  MDMAT: 'Kept as printed: looks cut or swapped with MRIRR in the source.',
};

/** Lists that fields name and the specification prints nowhere: no code of theirs is ever 'unknown'. */
export const UNPRINTED_LISTS: ReadonlySet<string> = new Set([
  'PEPL',
  'LOC',
  'HOSP',
  'LAB',
  'CLT',
  'PLACE',
  'SACMM',
  'TRIAL',
  'TRIALNS',
]);

function labelOf(list: string, code: string): string | null {
  const labels = LABELS_OF_LIST[list];
  if (labels === undefined || LABELS_NOT_FITTING[list]?.includes(code) === true) return null;
  return LABELS.labels[labels]?.[code] ?? null;
}

function printedList(name: string, list: PrintedList): CodeList {
  const codes = Object.entries(list.codes).map(([code, { text, obsolete, ...facts }]) => ({
    code,
    text,
    label: labelOf(name, code),
    obsolete: obsolete ?? false,
    facts,
  }));
  return { name, title: list.title, note: NOTES[name] ?? null, codes };
}

function vocabulary(name: string, title: string, entries: readonly (readonly [string, string])[]): CodeList {
  const isOutcome = name.endsWith('_outcome');
  const codes = entries.map(([code, text]) => {
    const note = isOutcome ? OUTCOME_NOTES.get(code) : undefined;
    return { code, text, label: null, obsolete: false, facts: {}, ...(note === undefined ? {} : { note }) };
  });
  return { name, title, note: null, codes };
}

/** An outcome may also be the reason why there is none. */
function statusLabels(name: string, labels: Labels): Labels {
  return name === 'episode_outcome' ? { ...labels, ...LABELS.status['undefined_episode_outcome'] } : labels;
}

const titleOf = (name: string): string => name.replaceAll('_', ' ').replace(/^./, (c) => c.toUpperCase());

const lists: readonly CodeList[] = [
  ...Object.entries(PRINTED).map(([name, list]) => printedList(name, list)),
  vocabulary('omidb:side_opinion', 'Opinion on a side', Object.entries(LABELS.labels['side_opinion'] ?? {})),
  ...Object.entries(LABELS.status).map(([name, labels]) =>
    vocabulary(`omidb:${name}`, titleOf(name), Object.entries(statusLabels(name, labels))),
  ),
  ...Object.entries(LABELS.marks).map(([name, values]) =>
    vocabulary(
      `omidb:mark_${name}`,
      `${titleOf(name)} of a mark`,
      values.map((value) => [value, value.replaceAll('_', ' ')]),
    ),
  ),
  ...OWN_LISTS.map(({ name, title, entries }) => vocabulary(`omidb-etl:${name}`, title, entries)),
  vocabulary('omidb-etl:breast_outcome', 'Outcome of an episode for one breast', [
    ...Object.entries(statusLabels('episode_outcome', LABELS.status['episode_outcome'] ?? {})),
    CONTRALATERAL_PRIOR,
  ]),
  vocabulary(
    'omidb:mismatch_kind',
    'Kind of mismatch',
    Object.entries(MISMATCH_KINDS).map(([name, { description }]) => [name, description]),
  ),
];

/**
 * Every code list: those of the NBSS specification by their printed names, and the vocabularies of OMI-DB as
 * `omidb:<name>` (statuses, kinds of mismatch) and `omidb:mark_<name>` (findings on marks).
 */
export const CODE_LISTS: ReadonlyMap<string, CodeList> = new Map(lists.map((list) => [list.name, list]));
