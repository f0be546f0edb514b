import type { Injection } from './faults.js';

export const STUDY_INJECTIONS: readonly Injection[] = [];
