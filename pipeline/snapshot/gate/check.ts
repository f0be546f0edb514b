import { wholeAmount } from '../../base/amount.js';
import type { Basis } from '../../../schemas/mismatch-kind.js';
import { MISMATCH_KINDS } from '../../../schemas/mismatch-kinds.js';
import type { MismatchCounts } from '../../stages/write/mismatches.js';
import type { GateResult, Manifest } from '../manifest.js';
import { COUNTED, type Counted, type GateLimits, type Guarded, type Limit } from './limits.js';

/** How many there are of each; what a snapshot does not tell, or is not to be compared, is not there. */
export type Counts = Readonly<Partial<Record<Counted, number>>>;

/** What of a snapshot is held against another. */
export interface Held {
  readonly counts: Counts;
  /** Null where they are not to be compared. */
  readonly mismatches: Pick<MismatchCounts, 'by_kind' | 'by_severity'> | null;
}

/** The counts of a whole snapshot. @param manifest of the snapshot; 0.1.0 had no table of boxes */
export function countsOf({ inputs, tables }: Pick<Manifest, 'inputs' | 'tables'>): Counts {
  const { clients, studies, images, dicom_files: dicom } = inputs;
  const boxes = tables['boxes']?.rows;
  return { clients, studies, images, dicom_files: dicom.files, ...(boxes === undefined ? {} : { boxes }) };
}

/**
 * Holds a new snapshot against the current one: a result for each limit that there is something to compare for.
 * @param rows of the new snapshot, which the percentages of mismatches are of (see Basis)
 */
export function checkGate(
  limits: GateLimits,
  before: Held,
  now: Held,
  rows: Readonly<Record<Basis, number>>,
): GateResult[] {
  const drops = COUNTED.flatMap((what) => {
    const [limit, was, is] = [limits.drops[what], before.counts[what], now.counts[what]];
    if (limit === undefined || was === undefined || is === undefined) return [];
    return [result(what, 'fall', limit, allowedOf(limit, was), was, is)];
  });
  const rises = Object.entries(limits.rises).flatMap(([what, limit]) => {
    if (before.mismatches === null || now.mismatches === null) return [];
    const allowed = allowedOf(limit, basisOf(what as Guarded, rows));
    const [was, is] = [foundOf(what as Guarded, before.mismatches), foundOf(what as Guarded, now.mismatches)];
    return [result(what as Guarded, 'rise', limit, allowed, was, is)];
  });
  return [...drops, ...rises];
}

function allowedOf({ amount, atLeast }: Limit, of: number): number {
  return Math.max(wholeAmount(amount, of), atLeast);
}

function result(
  what: Counted | Guarded,
  direction: GateResult['direction'],
  { text }: Limit,
  allowed: number,
  before: number,
  now: number,
): GateResult {
  const change = direction === 'fall' ? before - now : now - before;
  return { what, direction, limit: text, allowed, before, now, over: Math.max(0, change - allowed) };
}

function foundOf(what: Guarded, mismatches: NonNullable<Held['mismatches']>): number {
  return what === 'error' ? mismatches.by_severity.error : (mismatches.by_kind[what] ?? 0);
}

/** Errors are of clients, studies and images: of a copy without images, those of clients are all there is. */
function basisOf(what: Guarded, rows: Readonly<Record<Basis, number>>): number {
  if (what === 'error') return Math.max(rows.images, rows.clients);
  return rows[MISMATCH_KINDS[what].per];
}
