import type { View } from '../../../schemas/dicom/views.js';
import { trimEnd } from '../../base/text.js';
import type { Side } from '../../nbss/blocks.js';
import { codeText } from './code-text.js';
import type { ImageKind } from './kind.js';

/** Which FOR PRESENTATION and FOR PROCESSING image are of one exposure. */

export interface PairingFacts {
  readonly sopInstanceUid: string;
  /** PresentationIntentType (0008,0068). */
  readonly intent: string | null;
  readonly breast: Side | null;
  readonly view: View | null;
  readonly modifiers: readonly string[];
  readonly kind: ImageKind;
  /** AcquisitionDate (0008,0022), days since 1970-01-01. */
  readonly acquisitionDate: number | null;
  /** AcquisitionTime (0008,0032), `HHMMSS` with or without a fraction. */
  readonly acquisitionTime: string | null;
  /** ReferencedSOPInstanceUIDs of SourceImageSequence (0008,2112). */
  readonly sourceUids: readonly string[];
}

/** `source`: the one names the other in SourceImageSequence. `acquisition`: one candidate of the same exposure on each side. */
export type PairSource = 'source' | 'acquisition';

export interface ImagePair {
  readonly sopInstanceUid: string;
  readonly from: PairSource;
}

type Pairs = ReadonlyMap<string, ImagePair>;

function byKey<Item>(items: readonly Item[], key: (item: Item) => string | null): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = key(item);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

/** Headers that say of one exposure that it is of two breasts, views or kinds are no pair. */
function isSameProjection(a: PairingFacts, b: PairingFacts): boolean {
  const agree = (one: string | null, other: string | null): boolean =>
    one === null || other === null || one === other;
  return a.kind === b.kind && agree(a.breast, b.breast) && agree(a.view, b.view);
}

/** The one FOR PROCESSING image of the study that a FOR PRESENTATION image names as its source. */
function sourceOf(image: PairingFacts, processing: ReadonlyMap<string, PairingFacts>): PairingFacts | null {
  if (image.sourceUids.length === 0) return null;
  const sources = [...new Set(image.sourceUids)].flatMap((uid) => processing.get(uid) ?? []);
  const [source] = sources;
  return source !== undefined && sources.length === 1 && isSameProjection(image, source) ? source : null;
}

function pairBySource(
  presentation: readonly PairingFacts[],
  processing: readonly PairingFacts[],
  pairs: Map<string, ImagePair>,
): void {
  const byUid = new Map(processing.map((image) => [image.sopInstanceUid, image]));
  const named: { source: string; image: string }[] = [];
  for (const image of presentation) {
    const source = sourceOf(image, byUid);
    if (source === null) continue;
    named.push({ source: source.sopInstanceUid, image: image.sopInstanceUid });
    pairs.set(image.sopInstanceUid, { sopInstanceUid: source.sopInstanceUid, from: 'source' });
  }
  // An image that was processed twice has no one pair; each of the two has it.
  for (const [source, images] of byKey(named, (pair) => pair.source)) {
    if (images.length === 1) pairs.set(source, { sopInstanceUid: images[0]!.image, from: 'source' });
  }
}

/** `101530` and `101530.000` are one time. */
function plainTime(time: string): string {
  const text = time.trim();
  if (!text.includes('.')) return text;
  const shortest = trimEnd(text, '0');
  return shortest.endsWith('.') ? shortest.slice(0, -1) : shortest;
}

function exposureKey(image: PairingFacts): string | null {
  const { breast, view, modifiers, kind, acquisitionDate, acquisitionTime } = image;
  if (breast === null || view === null || acquisitionDate === null) return null;
  if (acquisitionTime === null || acquisitionTime.trim() === '') return null;
  const time = plainTime(acquisitionTime);
  return JSON.stringify([breast, view, [...modifiers].sort(), kind, acquisitionDate, time]);
}

function pairByAcquisition(
  presentation: readonly PairingFacts[],
  processing: readonly PairingFacts[],
  pairs: Map<string, ImagePair>,
): void {
  const candidates = byKey(processing, exposureKey);
  for (const [key, images] of byKey(presentation, exposureKey)) {
    const [image, other] = [images[0]!, candidates.get(key)?.[0]];
    if (other === undefined || images.length !== 1 || candidates.get(key)?.length !== 1) continue;
    if (pairs.has(image.sopInstanceUid) || pairs.has(other.sopInstanceUid)) continue;
    // A source that is named and is another image is not this one.
    if (image.sourceUids.length > 0) continue;
    pairs.set(image.sopInstanceUid, { sopInstanceUid: other.sopInstanceUid, from: 'acquisition' });
    pairs.set(other.sopInstanceUid, { sopInstanceUid: image.sopInstanceUid, from: 'acquisition' });
  }
}

const NO_PAIRS: Pairs = new Map();

function withIntent(intent: string, images: readonly PairingFacts[]): PairingFacts[] {
  return images.filter((image) => image.intent !== null && codeText(image.intent) === intent);
}

/**
 * The pairs of a study by SOP Instance UID: by SourceImageSequence (PS3.3 C.7.6.1); else where breast, view, modifiers,
 * kind, acquisition date and time have exactly one image for presentation and one for processing. An image without a sure
 * pair is left out. This project's own rule (views, breasts over time, exams).
 * @param images of one study, in any order
 */
export function imagePairs(images: readonly PairingFacts[]): Pairs {
  const presentation = withIntent('FOR PRESENTATION', images);
  const processing = withIntent('FOR PROCESSING', images);
  if (presentation.length === 0 || processing.length === 0) return NO_PAIRS;
  const pairs = new Map<string, ImagePair>();
  pairBySource(presentation, processing, pairs);
  pairByAcquisition(presentation, processing, pairs);
  return pairs;
}
