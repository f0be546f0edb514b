import { readSchemaJson } from '../../schemas/files.js';
import { dateText, type DateStyle } from './dates.js';

/** Text of an NBSS JSON file before the file's own manner of writing is applied. */
export type Value = Code | Day | Measure | string | null | { [key: string]: Value };

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

/** One or more codes of a code list (a name in nbss/code-lists.json). */
export class Code {
  constructor(
    readonly list: string,
    readonly codes: readonly string[],
    readonly separator: string,
  ) {}
}

/** A date, in days since 1970-01-01. */
export class Day {
  constructor(readonly day: number) {}
}

/** A number with a unit that its field's name gives. */
export class Measure {
  constructor(readonly amount: number) {}
}

export const code = (list: string, ...codes: string[]): Code => new Code(list, codes, ' ');
export const day = (value: number): Day => new Day(value);
export const measure = (value: number): Measure => new Measure(value);
export const yesNo = (value: boolean): string => (value ? 'Y' : 'N');

/** The manner in which one client's NBSS file is written. */
export interface ValueStyle {
  readonly dates: DateStyle;
  /** Codes as they are, as tools around OMI-DB label them, or as the NBSS specification prints them. */
  readonly codes: 'code' | 'label' | 'printed';
  readonly numbers: 'string' | 'number';
  /** How 'no value' is written. */
  readonly empty: '' | null;
}

interface CodeLists {
  lists: Record<string, { codes: Record<string, { text: string }> }>;
}
interface Labels {
  labels: Record<string, Record<string, string>>;
  status: Record<string, Record<string, string>>;
}

const LISTS = (readSchemaJson('nbss/code-lists.json') as CodeLists).lists;
const LABELS = readSchemaJson('nbss/labels.json') as Labels;

/** Which label list of labels.json speaks of which code list. */
const LABEL_LIST: Record<string, string> = {
  EPC: 'episode_type',
  ACT: 'episode_action',
  OPINION: 'opinion',
  SIDE: 'side_opinion',
  LESDES: 'lesion_description',
  LESLOCT: 'localisation_type',
  LESSITE: 'site_indicator',
  INVCC: 'invasive_component',
  BIMHG: 'disease_grade',
  INVCT: 'invasive_type',
  ISCC: 'in_situ_component',
  DCISG: 'dcis_grade',
  MALTYPE: 'malignancy_type',
};

/** The code of a side opinion (`left_opinion`) is one of OPINION; its labels are a list of their own. */
const PRINTED_LIST: Record<string, string> = { SIDE: 'OPINION' };

interface Texts {
  label: Map<string, string>;
  printed: Map<string, string>;
  /** How many codes of the list each text could mean. */
  meanings: Map<string, number>;
}

const textsOf = new Map<string, Texts>();

function texts(list: string): Texts {
  const known = textsOf.get(list);
  if (known !== undefined) return known;
  const label = new Map(Object.entries(labelsOf(list)));
  const printed = new Map(
    Object.entries(LISTS[PRINTED_LIST[list] ?? list]?.codes ?? {}).map(([key, { text }]) => [key, text]),
  );
  const codesOfText = new Map<string, Set<string>>();
  for (const [key, text] of [...label, ...(list === 'SIDE' ? [] : printed)])
    codesOfText.set(text, (codesOfText.get(text) ?? new Set()).add(key));
  const meanings = new Map([...codesOfText].map(([text, codes]) => [text, codes.size]));
  const made = { label, printed: list === 'SIDE' ? label : printed, meanings };
  textsOf.set(list, made);
  return made;
}

function labelsOf(list: string): Record<string, string> {
  if (list === 'STATUS') return LABELS.status['client_status'] ?? {};
  return LABELS.labels[LABEL_LIST[list] ?? ''] ?? {};
}

/** A text stands for a code only where it is one code and no other code of the list has the same text. */
function codeText(value: Code, style: ValueStyle): string {
  const [only] = value.codes;
  if (style.codes === 'code' || value.codes.length !== 1 || only === undefined)
    return value.codes.join(value.separator);
  const known = texts(value.list);
  const text = known[style.codes].get(only);
  return text !== undefined && known.meanings.get(text) === 1 ? text : only;
}

/** A value as one client's file writes it. */
export function write(value: Value, style: ValueStyle): Json {
  if (value === null) return style.empty;
  if (typeof value === 'string') return value;
  if (value instanceof Code) return codeText(value, style);
  if (value instanceof Day) return dateText(value.day, style.dates);
  if (value instanceof Measure) return style.numbers === 'number' ? value.amount : String(value.amount);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, write(inner, style)]));
}
