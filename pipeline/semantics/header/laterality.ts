import type { Side } from '../../nbss/blocks.js';
import { codeText } from './code-text.js';
import { parseViewPosition } from './view-position.js';

/** Which breast an image shows, by all that its headers say of it. */

/** What may tell the side of an image, as it stands in its headers; null or empty where not there. */
export interface LateralityFacts {
  /** ImageLaterality (0020,0062) of the DICOM header. */
  readonly dicomImageLaterality: string | null;
  /** ImageLaterality (0020,0062) of the JSON header. */
  readonly jsonImageLaterality: string | null;
  /** FrameLaterality (0020,9072) of the shared functional groups, else of every frame. */
  readonly frameLaterality: readonly string[];
  /** Laterality (0020,0060), of the series. */
  readonly laterality: string | null;
  /** Code values of AnatomicRegionModifierSequence (0008,2220). */
  readonly anatomicRegionModifiers: readonly string[];
  /** ViewPosition (0018,5101). */
  readonly viewPosition: string | null;
}

/** Where a side is from, in the order that counts for `from`. */
export type LateralitySource =
  | 'dicom ImageLaterality'
  | 'json ImageLaterality'
  | 'FrameLaterality'
  | 'Laterality'
  | 'AnatomicRegionModifierSequence'
  | 'ViewPosition';

/** B: both breasts in one image, which is neither. */
export interface LateralityWitness {
  readonly source: LateralitySource;
  readonly side: Side | 'B';
}

export interface Laterality {
  readonly breast: Side | null;
  /** The first witness that told it; null without a breast. */
  readonly from: LateralitySource | null;
  /** Two witnesses that disagree: the first of all, and the first that says otherwise. */
  readonly conflict: readonly [LateralityWitness, LateralityWitness] | null;
}

/** Codes of laterality, SNOMED CT and SNOMED RT (DICOM PS3.16 CID 244). */
const REGION_MODIFIERS: Readonly<Record<string, Side>> = {
  '7771000': 'L',
  'G-A101': 'L',
  '24028007': 'R',
  'G-A100': 'R',
};

function sideOf(text: string | null): Side | 'B' | null {
  const name = text === null ? null : codeText(text);
  return name === 'L' || name === 'R' || name === 'B' ? name : null;
}

/** Everything that names a side, in the order of `LateralitySource`. */
function witnesses(facts: LateralityFacts): LateralityWitness[] {
  const found: LateralityWitness[] = [];
  hear(found, 'dicom ImageLaterality', sideOf(facts.dicomImageLaterality));
  hear(found, 'json ImageLaterality', sideOf(facts.jsonImageLaterality));
  for (const frame of facts.frameLaterality) hear(found, 'FrameLaterality', sideOf(frame));
  hear(found, 'Laterality', sideOf(facts.laterality));
  for (const code of facts.anatomicRegionModifiers)
    hear(found, 'AnatomicRegionModifierSequence', REGION_MODIFIERS[codeText(code)]);
  hear(found, 'ViewPosition', parseViewPosition(facts.viewPosition)?.side);
  return found;
}

function hear(
  found: LateralityWitness[],
  source: LateralitySource,
  side: Side | 'B' | null | undefined,
): void {
  if (side != null) found.push({ source, side });
}

/**
 * The breast of an image: the side that all its witnesses name; null where none names one, where they say both breasts,
 * and where two disagree, which is a conflict. Free text, as SeriesDescription, is no witness. This project's own rule
 * (views, breasts over time, exams).
 */
export function imageLaterality(facts: LateralityFacts): Laterality {
  const found = witnesses(facts);
  const first = found[0];
  if (first === undefined) return { breast: null, from: null, conflict: null };
  const other = found.find(({ side }) => side !== first.side);
  if (other !== undefined) return { breast: null, from: null, conflict: [first, other] };
  if (first.side === 'B') return { breast: null, from: null, conflict: null };
  return { breast: first.side, from: first.source, conflict: null };
}
