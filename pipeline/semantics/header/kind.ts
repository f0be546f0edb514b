import { codeText } from './code-text.js';
import { isSpecimenCode } from './view.js';

/** What sort of picture an image is. */

export const IMAGE_KINDS = [
  'phantom',
  'specimen',
  'tomosynthesis',
  'projection',
  'synthetic_2d',
  'digitised_film',
  'ffdm',
  'other',
] as const;
export type ImageKind = (typeof IMAGE_KINDS)[number];

/** Header values; null or empty where not there. */
export interface KindFacts {
  /** QualityControlImage (0028,0300). */
  readonly qualityControlImage: string | null;
  /** CodeValue of ViewCodeSequence (0054,0220). */
  readonly viewCode: string | null;
  /** SOPClassUID (0008,0016). */
  readonly sopClassUid: string | null;
  /** NumberOfFrames (0028,0008). */
  readonly numberOfFrames: number | null;
  /** ImageType (0008,0008). */
  readonly imageType: readonly string[];
  /** DetectorType (0018,7004). */
  readonly detectorType: string | null;
  /** Modality (0008,0060). */
  readonly modality: string | null;
}

export interface KindOfImage {
  readonly kind: ImageKind;
  /** Keyword of the element that told it; null for `other`. */
  readonly from: string | null;
}

const TOMO_WORDS = ['TOMO', 'TOMOSYNTHESIS'];
const SYNTHETIC_WORDS = ['GENERATED_2D'];
const STORAGE = '1.2.840.10008.5.1.4.1.1';
const TOMOSYNTHESIS = `${STORAGE}.13.1.3`;
const PROJECTIONS: readonly (string | null)[] = [`${STORAGE}.13.1.4`, `${STORAGE}.13.1.5`];
const SECONDARY_CAPTURE = `${STORAGE}.7`;
const MAMMOGRAPHY: readonly (string | null)[] = [`${STORAGE}.1.2`, `${STORAGE}.1.2.1`];

const isCode = (text: string | null, code: string): boolean => text !== null && codeText(text) === code;

function hasWord(imageType: readonly string[], words: readonly string[]): boolean {
  for (const value of imageType) if (words.includes(codeText(value))) return true;
  return false;
}

function isTomosynthesisByFrames({ numberOfFrames, imageType }: KindFacts): boolean {
  return (numberOfFrames ?? 1) > 1 && hasWord(imageType, TOMO_WORDS);
}

function isSecondaryCapture(sopClass: string | null): boolean {
  return sopClass === SECONDARY_CAPTURE || (sopClass?.startsWith(`${SECONDARY_CAPTURE}.`) ?? false);
}

/** The kinds whose element says so beyond doubt; null for a plain image. */
function specialKind(facts: KindFacts, sopClass: string | null): KindOfImage | null {
  if (isCode(facts.qualityControlImage, 'YES')) return { kind: 'phantom', from: 'QualityControlImage' };
  if (isSpecimenCode(facts.viewCode)) return { kind: 'specimen', from: 'ViewCodeSequence' };
  if (sopClass === TOMOSYNTHESIS) return { kind: 'tomosynthesis', from: 'SOPClassUID' };
  if (isTomosynthesisByFrames(facts)) return { kind: 'tomosynthesis', from: 'ImageType' };
  if (PROJECTIONS.includes(sopClass)) return { kind: 'projection', from: 'SOPClassUID' };
  if (hasWord(facts.imageType, SYNTHETIC_WORDS)) return { kind: 'synthetic_2d', from: 'ImageType' };
  return null;
}

/**
 * The kind of an image: the first of `IMAGE_KINDS` that holds, and the element that told it. This project's own rule
 * (views, breasts over time, exams); SOP classes of DICOM PS3.4 B.5. QualityControlImage BOTH is of a patient too: no
 * phantom.
 */
export function imageKind(facts: KindFacts): KindOfImage {
  const sopClass = facts.sopClassUid?.trim() ?? null;
  const special = specialKind(facts, sopClass);
  if (special !== null) return special;
  if (isSecondaryCapture(sopClass)) return { kind: 'digitised_film', from: 'SOPClassUID' };
  if (isCode(facts.detectorType, 'FILM')) return { kind: 'digitised_film', from: 'DetectorType' };
  if (MAMMOGRAPHY.includes(sopClass)) return { kind: 'ffdm', from: 'SOPClassUID' };
  if (isCode(facts.modality, 'MG')) return { kind: 'ffdm', from: 'Modality' };
  return { kind: 'other', from: null };
}
