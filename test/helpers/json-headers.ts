import type { JsonHeader } from '../../pipeline/dicom/json-header.js';

/** A header to be compared, with the elements that columns hold, by their keys, in the place of what stands for them. */
export function inFull({ held, ...header }: JsonHeader) {
  const { cells } = header.values;
  const elements = held.map((element) => {
    const { key, heldBy } = element;
    return [key, { heldBy, element: element.elementFrom(cells[heldBy]!) }] as const;
  });
  return { ...header, held: Object.fromEntries(elements) };
}

/** The elements that no column holds, by their keys. */
export function leftOf({ leftText }: JsonHeader): Record<string, unknown> {
  return leftText === null ? {} : (JSON.parse(leftText) as Record<string, unknown>);
}
