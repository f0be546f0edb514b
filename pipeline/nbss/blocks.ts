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
