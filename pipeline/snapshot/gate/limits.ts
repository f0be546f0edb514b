import { parseAmount, type Amount } from '../../base/amount.js';
import { UsageFault } from '../../base/fault.js';
import { isMismatchKind, type MismatchKind } from '../../../schemas/mismatch-kinds.js';

/** What the gate holds a new snapshot to, against the current one. */

/** What must not fall. */
export const COUNTED = ['clients', 'studies', 'images', 'dicom_files', 'boxes'] as const;
export type Counted = (typeof COUNTED)[number];

/** What must not rise: mismatches of a kind, or all of severity error. */
export type Guarded = MismatchKind | 'error';

/** By how much it may fall, or rise. */
export interface Limit {
  /** As the user gave it, or as the default reads, e.g. `2%, at least 3`. */
  readonly text: string;
  readonly amount: Amount;
  /** So many are allowed however few a percentage comes to. */
  readonly atLeast: number;
}

export interface GateLimits {
  readonly drops: Readonly<Partial<Record<Counted, Limit>>>;
  readonly rises: Readonly<Partial<Record<Guarded, Limit>>>;
}

/** A withdrawal or two is daily life. */
const DAILY = 3;

const percent = (number: number): Limit => ({
  text: `${number}%, at least ${DAILY}`,
  amount: { number, isPercent: true },
  atLeast: DAILY,
});
const none: Limit = { text: '0', amount: { number: 0, isPercent: false }, atLeast: 0 };

/** What each of them guards against is in docs/scheduling.md. */
export const DEFAULT_LIMITS = {
  drops: {
    clients: percent(2),
    studies: percent(5),
    images: percent(5),
    dicom_files: percent(5),
    boxes: percent(5),
  },
  rises: {
    copy_unfinished: none,
    dicom_truncated: percent(1),
    dicom_unreadable: percent(1),
    json_unreadable: percent(1),
    error: percent(5),
  },
} as const satisfies GateLimits;

/** The word that switches off what is so by default. */
const OFF = 'none';

/**
 * Limits from the values of --max-drop and --gate: each replaces the default of the same name. `none` of --gate takes away
 * the defaults of mismatches, `none` of --max-drop those of both.
 * @throws UsageFault for what cannot be understood
 */
export function gateLimits(maxDrop: readonly string[], gate: readonly string[]): GateLimits {
  const isOff = maxDrop.includes(OFF);
  const drops = maxDrop.filter((text) => text !== OFF).map(parseDrop);
  const rises = gate.filter((text) => text !== OFF).map(parseRise);
  return {
    drops: { ...(isOff ? {} : DEFAULT_LIMITS.drops), ...Object.fromEntries(drops) },
    rises: { ...(isOff || gate.includes(OFF) ? {} : DEFAULT_LIMITS.rises), ...Object.fromEntries(rises) },
  };
}

function parseDrop(text: string): [Counted, Limit] {
  const parsed = parseAmount(text);
  const what = COUNTED.find((name) => name === parsed?.what);
  if (parsed === null || what === undefined)
    throw new UsageFault(
      `--max-drop: ${JSON.stringify(text)} is no limit: give WHAT=N or WHAT=P%, where WHAT is one of ${COUNTED.join(', ')}, or none`,
    );
  return [what, given(text, parsed.amount)];
}

function parseRise(text: string): [Guarded, Limit] {
  const parsed = parseAmount(text);
  if (parsed === null)
    throw new UsageFault(
      `--gate: ${JSON.stringify(text)} is no limit: give KIND=N or KIND=P%, error=N or error=P%, or none`,
    );
  const { what, amount } = parsed;
  if (what !== 'error' && !isMismatchKind(what))
    throw new UsageFault(`--gate: there is no mismatch kind ${what}: docs/mismatches.md lists them`);
  return [what, given(text, amount)];
}

function given(text: string, amount: Amount): Limit {
  return { text: text.slice(text.indexOf('=') + 1), amount, atLeast: 0 };
}
