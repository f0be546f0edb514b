import type { Column } from '../../schemas/column.js';

/** A step from a dataset towards an element: into items of a sequence, or (the last step) to the element itself. */
export interface PathStep {
  readonly keyword: string;
  /** The tag as a number, 0xggggeeee; of a private element with block 00: 0x004500ee is (0045,bbee). */
  readonly tag: number;
  /** `GGGGEEEE`, the key in DICOM JSON. */
  readonly key: string;
  /** Which items of the sequence are gone into, `same`: all, which must agree; null in the last step. */
  readonly item: number | 'all' | 'same' | null;
}

export interface SelectedTag {
  readonly keyword: string;
  /** Steps from the dataset to the element, e.g. ViewCodeSequence[0] > ViewModifierCodeSequence[*] > CodeMeaning. */
  readonly path: readonly PathStep[];
  /** VR of the element; `US/SS` where PixelRepresentation decides. */
  readonly vr: string;
  /** Private creator whose block holds the element; null for standard elements. */
  readonly creator: string | null;
  readonly column: Column;
  /** Where the values of the column are looked for, in turn, when the element at `path` has none. */
  readonly fallbacks: readonly SelectedTag[];
}

/** A place of a header where the values of a column may stand. */
export interface TagPlace {
  /** What stands there: a tag, or a fallback of one. */
  readonly tag: SelectedTag;
  /** Index of the tag whose column it is. */
  readonly index: number;
  /** 0 for the tag itself, then its fallbacks: the first that holds anything counts. */
  readonly rank: number;
}

/** All places of some tags. */
export function placesOf(tags: readonly SelectedTag[]): readonly TagPlace[] {
  return tags.flatMap((own, index) => [own, ...own.fallbacks].map((tag, rank) => ({ tag, index, rank })));
}

export interface TagSelection {
  readonly tags: readonly SelectedTag[];
  /** Changes whenever anything that is selected changes. */
  readonly id: string;
}

/** True for a tag whose element is found by that of its creator, another element of the same dataset. */
export function isInPrivateBlock({ path, creator }: SelectedTag): boolean {
  return path.length === 1 && creator !== null;
}

/**
 * Places by the element of a dataset that they are, or are within; without those of private blocks.
 * @param name of the element in the first step of a path
 */
export function indexByElement<Name>(
  places: readonly TagPlace[],
  name: (step: PathStep) => Name,
): ReadonlyMap<Name, readonly TagPlace[]> {
  const byElement = new Map<Name, TagPlace[]>();
  for (const place of places) {
    if (isInPrivateBlock(place.tag)) continue;
    const element = name(place.tag.path[0]!);
    const known = byElement.get(element);
    if (known === undefined) byElement.set(element, [place]);
    else known.push(place);
  }
  return byElement;
}
