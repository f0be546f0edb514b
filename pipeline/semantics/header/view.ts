import { VIEW_CODES, VIEW_MODIFIERS, VIEWS, type View, type ViewCode } from '../../../schemas/dicom/views.js';
import { codeText } from './code-text.js';
import { parseViewPosition, type ViewPosition } from './view-position.js';

/** The view that an image shows, and what was special about it. */

export interface ViewFacts {
  /** CodeValue of ViewCodeSequence (0054,0220). */
  readonly viewCode: string | null;
  /** CodeValues of ViewModifierCodeSequence (0054,0222); an empty text where an item has none. */
  readonly modifierCodes: readonly string[];
  /** CodeMeanings of the same items, parallel. */
  readonly modifierMeanings: readonly string[];
  /** ViewPosition (0018,5101). */
  readonly viewPosition: string | null;
}

export interface ImageView {
  readonly view: View | null;
  /**
   * Abbreviations of the modifiers of both, each once. One without an abbreviation stands with its meaning, an unknown
   * one with its code, or its words where it has no code: none vanishes.
   */
  readonly modifiers: readonly string[];
  /** What the code and ViewPosition say where they disagree. */
  readonly conflict: { readonly byCode: string; readonly byPosition: View } | null;
}

function lookUp(code: string | null): ViewCode | undefined {
  return code === null ? undefined : VIEW_CODES.get(codeText(code));
}

function nameOf({ abbreviation, meaning }: ViewCode): string {
  return abbreviation ?? meaning;
}

/** A modifier by its code; one of words alone by its meaning as `dicom/views.csv` has it. */
function modifierName(code: string, meaning: string): string {
  const known = lookUp(code);
  if (known?.kind === 'modifier') return nameOf(known);
  const words = meaning.trim();
  if (code.trim() !== '') return code.trim();
  const named = VIEW_MODIFIERS.find((modifier) => modifier.meaning === words.toLowerCase());
  return named === undefined ? words || 'unknown' : nameOf(named);
}

/** Whether ViewCodeSequence says that the image is of tissue that was cut out (PS3.16 CID 4014). */
export function isSpecimenCode(viewCode: string | null): boolean {
  const known = lookUp(viewCode);
  return known?.kind === 'view' && known.abbreviation === null;
}

const isView = (name: string): name is View => (VIEWS as readonly string[]).includes(name);

const NO_MODIFIERS: readonly string[] = [];

/** Those of the code first; each once. */
function modifiersOf(facts: ViewFacts, position: ViewPosition | null): readonly string[] {
  const { modifierCodes, modifierMeanings } = facts;
  const ofPosition = position?.modifiers ?? NO_MODIFIERS;
  if (modifierCodes.length === 0 && ofPosition.length < 2) return ofPosition;
  const ofCodes = modifierCodes.map((code, i) => modifierName(code, modifierMeanings[i] ?? ''));
  return [...new Set([...ofCodes, ...ofPosition])];
}

/**
 * The view by the code of either system and by ViewPosition without side and modifiers; the one where the other does not
 * tell, null where both do and disagree (a specimen has no position). ML is not MLO. This project's own rule (views,
 * breasts over time, exams), codes of DICOM PS3.16 CID 4014 and 4015.
 */
export function imageView(facts: ViewFacts): ImageView {
  const coded = lookUp(facts.viewCode);
  const position = parseViewPosition(facts.viewPosition);
  const byCode = coded?.kind === 'view' ? nameOf(coded) : null;
  const byPosition = position?.view ?? null;
  const modifiers = modifiersOf(facts, position);
  if (byCode !== null && byPosition !== null && byCode !== byPosition)
    return { view: null, modifiers, conflict: { byCode, byPosition } };
  const name = byCode ?? byPosition;
  return { view: name !== null && isView(name) ? name : null, modifiers, conflict: null };
}
