import type { Severity } from '../../schemas/mismatch-kind.js';
import { MISMATCH_KINDS, type Mismatch } from '../../schemas/mismatch-kinds.js';

/** The worst severity of a client's mismatches, of each study and of each image that they name. */
export interface WorstMismatches {
  /** Of the mismatches that name the study and no image of it. */
  readonly ofStudy: ReadonlyMap<string, Severity>;
  /** By study and image, see imageKey. */
  readonly ofImage: ReadonlyMap<string, Severity>;
}

export const NO_MISMATCHES: WorstMismatches = { ofStudy: new Map(), ofImage: new Map() };

const RANK: Readonly<Record<Severity, number>> = { info: 1, warning: 2, error: 3 };

const worse = (a: Severity | null, b: Severity | null): Severity | null =>
  a === null || (b !== null && RANK[b] > RANK[a]) ? b : a;

const imageKey = (study: string, image: string): string => `${study} ${image}`;

/** @param mismatches of one client */
export function worstMismatches(mismatches: readonly Mismatch[]): WorstMismatches {
  const ofStudy = new Map<string, Severity>();
  const ofImage = new Map<string, Severity>();
  for (const { kind, study_instance_uid: study = null, sop_instance_uid: image = null } of mismatches) {
    if (study === null) continue;
    const [worst, key] = image === null ? [ofStudy, study] : [ofImage, imageKey(study, image)];
    worst.set(key, worse(worst.get(key) ?? null, MISMATCH_KINDS[kind].severity)!);
  }
  return { ofStudy, ofImage };
}

/** The worst of the rows that name an image or its study; null where none does. */
export function worstOf(
  { ofStudy, ofImage }: WorstMismatches,
  study: string,
  image: string,
): Severity | null {
  const ownWorst = ofImage.size === 0 ? null : (ofImage.get(imageKey(study, image)) ?? null);
  return worse(ofStudy.get(study) ?? null, ownWorst);
}
