import type { View } from '../../../schemas/dicom/views.js';
import type { Side } from '../../nbss/blocks.js';
import { codeText } from './code-text.js';
import type { ImageKind } from './kind.js';

/** Whether an image is one of the four plain views of an examination, and what keeps it from being one. */

/** Factor from which an image counts as magnified: plain mammograms lie between 1 and 1.1. */
const MAGNIFIED = 1.2;

export interface MagnificationFacts {
  readonly modifiers: readonly string[];
  /** EstimatedRadiographicMagnificationFactor (0018,1114). */
  readonly magnification: number | null;
  /** DistanceSourceToDetector (0018,1110) in mm. */
  readonly sourceToDetector: number | null;
  /** DistanceSourceToPatient (0018,1111) in mm. */
  readonly sourceToPatient: number | null;
}

const isPositive = (value: number | null): value is number => value !== null && value > 0;

/** The factor of the header, else the distances over one another; null where neither is above zero. */
function magnificationFactor(facts: MagnificationFacts): number | null {
  const { magnification, sourceToDetector, sourceToPatient } = facts;
  if (isPositive(magnification)) return magnification;
  if (isPositive(sourceToDetector) && isPositive(sourceToPatient)) return sourceToDetector / sourceToPatient;
  return null;
}

/**
 * Modifier M or S, or a magnification factor of at least 1.2; false where nothing says so. This project's own rule
 * (views, breasts over time, exams).
 */
export function isSpotOrMagnified(facts: MagnificationFacts): boolean {
  if (facts.modifiers.includes('M') || facts.modifiers.includes('S')) return true;
  const factor = magnificationFactor(facts);
  return factor !== null && factor >= MAGNIFIED;
}

function yesOrNo(text: string | null): boolean | null {
  const code = text === null ? null : codeText(text);
  if (code === 'YES') return true;
  return code === 'NO' ? false : null;
}

/** BreastImplantPresent (0028,1300) YES, or modifier ID; null where the header does not say. */
export function hasImplant(
  breastImplantPresent: string | null,
  modifiers: readonly string[],
): boolean | null {
  return modifiers.includes('ID') ? true : yesOrNo(breastImplantPresent);
}

/** PartialView (0028,1350); null where the header does not say. */
export function isPartialView(partialView: string | null): boolean | null {
  return yesOrNo(partialView);
}

export interface StandardViewFacts {
  readonly breast: Side | null;
  readonly kind: ImageKind;
  readonly view: View | null;
  readonly modifiers: readonly string[];
  readonly isSpotOrMagnified: boolean;
  readonly isPartialView: boolean | null;
}

/** A standard view but for its kind: breast known, CC or MLO, no modifier but ID, not spot or magnified, not partial. */
export function hasStandardPosition(facts: StandardViewFacts): boolean {
  return (
    facts.breast !== null &&
    (facts.view === 'CC' || facts.view === 'MLO') &&
    facts.modifiers.every((modifier) => modifier === 'ID') &&
    !facts.isSpotOrMagnified &&
    facts.isPartialView !== true
  );
}

/**
 * One of the four views that a screen consists of, made by a digital machine (kind ffdm). This project's own rule (views,
 * breasts over time, exams).
 */
export function isStandardView(facts: StandardViewFacts): boolean {
  return facts.kind === 'ffdm' && hasStandardPosition(facts);
}
