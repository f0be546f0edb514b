import type { Side } from '../../nbss/blocks.js';
import { chooseImage, PURPOSES, type ChosenImage, type ExamImage, type Purpose } from './choose-image.js';

/** The views of an exam. This project's own rules (views, breasts over time, exams). */

export interface ExamView {
  readonly breast: Side;
  readonly view: 'CC' | 'MLO';
  readonly purpose: Purpose;
  readonly chosen: ChosenImage | null;
}

export interface ExamViews {
  /** For each purpose L CC, L MLO, R CC, R MLO. */
  readonly views: readonly ExamView[];
  /** All four for presentation are there. */
  readonly isComplete: boolean;
  /** Those for presentation that are not, e.g. `LCC`, `RMLO`. */
  readonly missingViews: readonly string[];
  /** What decided where a view had several candidates, e.g. `LCC presentation: more pixels`; null where none had. */
  readonly chosenBy: string | null;
}

const PROJECTIONS = [
  ['L', 'CC'],
  ['L', 'MLO'],
  ['R', 'CC'],
  ['R', 'MLO'],
] as const;

/** The chosen image of each view, and what is missing. @param images of one study, in any order */
export function examViews(images: readonly ExamImage[]): ExamViews {
  const views: ExamView[] = [];
  const missingViews: string[] = [];
  const decisions: string[] = [];
  for (const purpose of PURPOSES)
    for (const [breast, view] of PROJECTIONS) {
      const chosen = chooseImage(images, breast, view, purpose);
      views.push({ breast, view, purpose, chosen });
      if (chosen === null && purpose === 'presentation') missingViews.push(breast + view);
      if (chosen !== null && chosen.chosenBy !== null)
        decisions.push(`${breast}${view} ${purpose}: ${chosen.chosenBy}`);
    }
  return {
    views,
    isComplete: missingViews.length === 0,
    missingViews,
    chosenBy: decisions.length === 0 ? null : decisions.join('; '),
  };
}
