import type { Column } from '../../schemas/column.js';

/** A step from a dataset towards an element: into items of a sequence, or (the last step) to the element itself. */
export interface PathStep {
  readonly keyword: string;
  /** The tag as a number, 0xggggeeee; of a private element with block 00: 0x004500ee is (0045,bbee). */
  readonly tag: number;
  /** `GGGGEEEE`, the key in DICOM JSON. */
  readonly key: string;
  /** Which items of the sequence are gone into; null in the last step. */
  readonly item: number | 'all' | null;
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
 * Indices of the tags by the element of a dataset that they are, or are within; without those of private blocks.
 * @param name of the element in the first step of a path
 */
export function indexByElement<Name>(
  tags: readonly SelectedTag[],
  name: (step: PathStep) => Name,
): ReadonlyMap<Name, readonly number[]> {
  const byElement = new Map<Name, number[]>();
  tags.forEach((tag, index) => {
    if (isInPrivateBlock(tag)) return;
    const element = name(tag.path[0]!);
    const known = byElement.get(element);
    if (known === undefined) byElement.set(element, [index]);
    else known.push(index);
  });
  return byElement;
}
