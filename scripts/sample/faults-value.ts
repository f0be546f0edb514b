import type { Injection } from './faults.js';

export const VALUE_INJECTIONS: readonly Injection[] = [];
