import { CODE_LISTS, UNPRINTED_LISTS, type Code, type CodeList } from '../../schemas/nbss/code-lists.js';

export interface CanonicalCode {
  /** The code of the list, or the raw text as it came where no single code answers to it. */
  readonly code: string;
  /** False where the list is known and has no such code, or has several that answer to the text. */
  readonly known: boolean;
  /** True where the text is neither the code nor a label or text as printed: of another case, with blanks, …. */
  readonly respelled: boolean;
}

/** Lists of marks have no texts of their own: what stands there is made of the code. */
const hasPrintedTexts = (list: string): boolean => !list.startsWith('omidb:mark_');

/** Text of a code as it is compared: without white space, in one case, with one sort of apostrophe. */
function fold(text: string): string {
  return text
    .replace(/\s+/g, '')
    .replace(/[\u2018\u2019\u02BC\u00B4`]/g, "'")
    .toLowerCase();
}

/** Maps a folded name to its code where exactly one code has the name. */
function uniqueNames(codes: readonly Code[], nameOf: (code: Code) => string | null): Map<string, string> {
  const found = new Map<string, string | null>();
  for (const code of codes) {
    const name = nameOf(code);
    if (name === null) continue;
    const key = fold(name);
    found.set(key, found.has(key) ? null : code.code);
  }
  return new Map([...found].filter((entry): entry is [string, string] => entry[1] !== null));
}

/** A file may hold any number of texts, of any length. */
const MAX_KNOWN = 1000;
const MAX_KNOWN_LENGTH = 100;

class CodeMatcher {
  readonly #exact: ReadonlySet<string>;
  /** Labels and texts as they are printed. */
  readonly #printed: ReadonlySet<string>;
  readonly #code: ReadonlyMap<string, string>;
  readonly #names = new Map<string, string>();
  /** What short texts were found to stand for: the same few come again and again. */
  readonly #known = new Map<string, CanonicalCode>();

  constructor(list: CodeList, labels: CodeList | undefined) {
    this.#exact = new Set(list.codes.map(({ code }) => code));
    const printed = [...list.codes, ...(labels?.codes ?? [])].flatMap(({ text, label }) => [
      text,
      label ?? text,
    ]);
    this.#printed = new Set(hasPrintedTexts(list.name) ? printed : []);
    this.#code = uniqueNames(list.codes, ({ code }) => code);
    const current = list.codes.filter(({ obsolete }) => !obsolete);
    const currentTexts = new Set(current.map(({ text }) => fold(text)));
    // A text shared by current codes is ambiguous, even when just one obsolete code has it too.
    const obsolete = list.codes.filter((code) => code.obsolete && !currentTexts.has(fold(code.text)));
    const textOf = ({ text }: Code) => text;
    const inOrder = [
      uniqueNames(obsolete, textOf),
      uniqueNames(current, textOf),
      uniqueNames(list.codes, ({ label }) => label),
      uniqueNames(labels?.codes ?? [], textOf),
    ];
    // Later ones win: labels before printed texts, current codes before obsolete ones.
    for (const names of inOrder) for (const [name, code] of names) this.#names.set(name, code);
  }

  match(raw: string): CanonicalCode {
    if (this.#exact.has(raw)) return { code: raw, known: true, respelled: false };
    const remembered = this.#known.get(raw);
    if (remembered !== undefined) return remembered;
    const code = this.#matchFolded(raw.trim());
    const found =
      code === undefined
        ? { code: raw, known: false, respelled: false }
        : { code, known: true, respelled: !this.#printed.has(raw) };
    if (raw.length <= MAX_KNOWN_LENGTH && this.#known.size < MAX_KNOWN) this.#known.set(raw, found);
    return found;
  }

  #matchFolded(trimmed: string): string | undefined {
    if (this.#exact.has(trimmed)) return trimmed;
    const folded = fold(trimmed);
    return this.#code.get(folded) ?? this.#names.get(folded);
  }
}

/** By name of the list, then of the labels; null for a list that is printed nowhere. */
const matchers = new Map<string, Map<string | null, CodeMatcher | null>>();

function matcherOf(list: string, labels: string | null): CodeMatcher | null {
  let ofList = matchers.get(list);
  if (ofList === undefined) matchers.set(list, (ofList = new Map<string | null, CodeMatcher | null>()));
  let matcher = ofList.get(labels);
  if (matcher === undefined) ofList.set(labels, (matcher = makeMatcher(list, labels)));
  return matcher;
}

function makeMatcher(list: string, labels: string | null): CodeMatcher | null {
  if (UNPRINTED_LISTS.has(list)) return null;
  const found = CODE_LISTS.get(list);
  if (found === undefined) throw new Error(`there is no code list ${list}`);
  return new CodeMatcher(found, labels === null ? undefined : CODE_LISTS.get(labels));
}

/**
 * The canonical code for a code or its text: the code itself; the code ignoring case; a label that OMI-DB uses; the
 * printed text, ignoring case, white space and the style of apostrophes, of a code in use, then of an obsolete one.
 * A name that several codes answer to is no match.
 * @param list   name of a list of `CODE_LISTS`, e.g. `OPINION` or `omidb:client_status`
 * @param raw    the code or text as it came
 * @param labels list whose texts are tried before those of `list`, e.g. `omidb:side_opinion`
 * @returns the code, and whether `raw` spells it in a way of its own; or `raw` with `known` false. For lists that are printed nowhere every code is known.
 * @throws Error for a list name that does not exist: a mistake of the caller, not of the data.
 */
export function canonicalCode(list: string, raw: string, labels: string | null = null): CanonicalCode {
  const matcher = matcherOf(list, labels);
  return matcher === null ? { code: raw, known: true, respelled: false } : matcher.match(raw);
}

/** Whether `raw` is a code of the list as it stands: same case, no text. */
export function isCode(list: string, raw: string): boolean {
  return CODE_LISTS.get(list)?.codes.some(({ code }) => code === raw) ?? false;
}
