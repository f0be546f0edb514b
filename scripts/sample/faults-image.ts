import type { Injection } from './faults.js';

export const IMAGE_INJECTIONS: readonly Injection[] = [];
