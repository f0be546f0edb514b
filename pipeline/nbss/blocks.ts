import { matchName } from '../../schemas/nbss/fields.js';
import type { EventName } from '../../schemas/tables/events.js';

export const SIDES = ['L', 'R'] as const;
export type Side = (typeof SIDES)[number];

/** Blocks of an episode that hold lesions by side, in the order of their events. */
export const LESION_BLOCKS = [
  { block: 'ASSESSMENT', event: 'assessment' },
  { block: 'CLINICAL', event: 'clinical' },
  { block: 'BIOPSYWIDE', event: 'biopsy_wide' },
  { block: 'BIOPSYFINE', event: 'biopsy_fine' },
  { block: 'SURGERY', event: 'surgery' },
  { block: 'INTERVALCANCER', event: 'interval_cancer' },
] as const satisfies readonly { block: string; event: EventName }[];

export type LesionEvent = (typeof LESION_BLOCKS)[number]['event'];

const BLOCK_NAMES = new Set([
  'SCREENING',
  'OTHERSCREENING',
  'LESION',
  ...LESION_BLOCKS.map(({ block }) => block),
]);

/** Keys of episodes that are remembered, at most: a file may hold any number. */
const MAX_KEYS = 1000;
const blockNames = new Map<string, string | null>();

/** The block that a key names, whatever its case and separators; null for a field. */
export function blockName(key: string): string | null {
  let name = blockNames.get(key);
  if (name !== undefined) return name;
  const folded = matchName(key).toUpperCase();
  name = BLOCK_NAMES.has(folded) ? folded : null;
  if (blockNames.size < MAX_KEYS) blockNames.set(key, name);
  return name;
}
