import { compareText } from '../../base/text.js';
import type { View } from '../../../schemas/dicom/views.js';
import type { Side } from '../../nbss/blocks.js';
import { codeText } from '../header/code-text.js';
import type { ImageKind } from '../header/kind.js';

/** Which image stands for a view of an exam. This project's own rules (views, breasts over time, exams). */

export interface ExamImage {
  readonly sopInstanceUid: string;
  readonly breast: Side | null;
  readonly view: View | null;
  readonly modifiers: readonly string[];
  readonly kind: ImageKind;
  /** PresentationIntentType (0008,0068). */
  readonly intent: string | null;
  /** Of a standard view in all but its kind (`hasStandardPosition`). */
  readonly hasStandardPosition: boolean;
  readonly dicomOk: boolean;
  readonly rows: number | null;
  readonly columns: number | null;
  /** ContentDate (0008,0023), days since 1970-01-01. */
  readonly contentDate: number | null;
  /** ContentTime (0008,0033), `HHMMSS` with or without a fraction. */
  readonly contentTime: string | null;
}

export const PURPOSES = ['presentation', 'processing', 'tomo'] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface ChosenImage {
  readonly image: ExamImage;
  /** The images that could have been chosen, this one included. */
  readonly candidates: number;
  /** What decided between it and the next best, in words; null where there was one candidate. */
  readonly chosenBy: string | null;
}

/** What a candidate may be preferred for, in this order; below 0: `a` before `b`. */
const CRITERIA: readonly (readonly [words: string, compare: (a: ExamImage, b: ExamImage) => number])[] = [
  ['no modifier', (a, b) => Number(a.modifiers.length > 0) - Number(b.modifiers.length > 0)],
  ['a mammogram rather than a synthetic image', (a, b) => Number(isSynthetic(a)) - Number(isSynthetic(b))],
  ['more pixels', (a, b) => pixels(b) - pixels(a)],
  ['later content time', (a, b) => compareText(contentTime(b), contentTime(a))],
  ['the first SOP Instance UID', (a, b) => compareText(a.sopInstanceUid, b.sopInstanceUid)],
];

const isSynthetic = ({ kind }: ExamImage): boolean => kind === 'synthetic_2d';
const pixels = ({ rows, columns }: ExamImage): number => (rows ?? 0) * (columns ?? 0);

/** A text that sorts as the time does; an image without one is before all others. Dates are 0 at 1970. */
function contentTime({ contentDate, contentTime: time }: ExamImage): string {
  if (contentDate === null) return '';
  const [whole = '', fraction = ''] = (time ?? '').trim().split('.');
  return `${String(contentDate + DAYS_BEFORE_1970).padStart(8, '0')}${whole.padEnd(6, '0')}${fraction.padEnd(6, '0')}`;
}

/** More days than there are from year 1 to 1970, so that no date of DICOM is below 0. */
const DAYS_BEFORE_1970 = 1_000_000;

function decide(a: ExamImage, b: ExamImage): readonly [words: string, order: number] {
  for (const [words, compare] of CRITERIA) {
    const order = compare(a, b);
    if (order !== 0) return [words, order];
  }
  return ['', 0];
}

/** Whether an image may stand for a view for a purpose, its breast and view apart. */
function isFor(purpose: Purpose, { kind, intent, hasStandardPosition, dicomOk }: ExamImage): boolean {
  if (!hasStandardPosition || !dicomOk) return false;
  const code = intent === null ? null : codeText(intent);
  if (purpose === 'tomo') return kind === 'tomosynthesis' && code !== 'FOR PROCESSING';
  if (kind !== 'ffdm' && kind !== 'synthetic_2d') return false;
  return code === (purpose === 'presentation' ? 'FOR PRESENTATION' : 'FOR PROCESSING');
}

/**
 * The image that stands for a view of a breast, among standard views whose DICOM file is sound: without modifier before
 * implant displaced, ffdm before synthetic 2D, more pixels, later content time, then by UID. Null where there is none.
 * @param images of one study, in any order
 */
export function chooseImage(
  images: readonly ExamImage[],
  breast: Side,
  view: 'CC' | 'MLO',
  purpose: Purpose,
): ChosenImage | null {
  const found: ExamImage[] = [];
  for (const image of images)
    if (image.breast === breast && image.view === view && isFor(purpose, image)) found.push(image);
  if (found.length > 1) found.sort((a, b) => decide(a, b)[1]);
  const [image, next] = found;
  if (image === undefined) return null;
  const chosenBy = next === undefined ? null : decide(image, next)[0];
  return { image, candidates: found.length, chosenBy };
}
