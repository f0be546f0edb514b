import type { Injection } from './faults.js';

export const CLIENT_INJECTIONS: readonly Injection[] = [];
