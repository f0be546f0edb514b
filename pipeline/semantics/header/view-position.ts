import { remembering } from '../../base/remembering.js';
import { VIEWS, VIEW_MODIFIERS, type View } from '../../../schemas/dicom/views.js';
import type { Side } from '../../nbss/blocks.js';

/** What ViewPosition (0018,5101) says: `RCCID` is the right breast, CC, implant displaced. */
export interface ViewPosition {
  readonly side: Side | null;
  readonly view: View;
  /** Abbreviations, in the order of the text. */
  readonly modifiers: readonly string[];
}

/** The longer first: `ID` is not `I` and a rest, `XCCL` is not `XCC` and a rest. */
const longestFirst = (a: string, b: string): number => b.length - a.length;
const ABBREVIATIONS = VIEW_MODIFIERS.flatMap(({ abbreviation }) => abbreviation ?? []).sort(longestFirst);
const VIEW_TEXT = [...VIEWS].sort(longestFirst).join('|');
const MODIFIER_TEXT = ABBREVIATIONS.join('|');
const WITHOUT_SIDE = new RegExp(`^(${VIEW_TEXT})((?:${MODIFIER_TEXT})*)$`);
const WITH_SIDE = new RegExp(`^([LR])(${VIEW_TEXT})((?:${MODIFIER_TEXT})*)$`);
const EACH_MODIFIER = new RegExp(MODIFIER_TEXT, 'g');

/**
 * Takes ViewPosition apart: perhaps a side, a view, and modifiers after it; small letters count, blanks, `-` and `_` do
 * not. A text that is a view is one, so that `LM` and `LMO` name no side. Null where no view of `dicom/views.csv` is
 * found, as in `XCC` or `MAMMOGRAM`. This project's own rule (views, breasts over time, exams).
 */
export function parseViewPosition(text: string | null): ViewPosition | null {
  return text === null ? null : parse(text);
}

const parse = remembering((text: string): ViewPosition | null => {
  const letters = text.toUpperCase().replace(/[\s_-]/g, '');
  const plain = WITHOUT_SIDE.exec(letters);
  if (plain !== null) return position(null, plain[1]!, plain[2]!);
  const sided = WITH_SIDE.exec(letters);
  return sided === null ? null : position(sided[1] as Side, sided[2]!, sided[3]!);
});

function position(side: Side | null, view: string, modifiers: string): ViewPosition {
  return { side, view: view as View, modifiers: modifiers.match(EACH_MODIFIER) ?? [] };
}
