export type Side = 'L' | 'R';
export type Nature = 'normal' | 'benign' | 'suspicious' | 'in_situ' | 'invasive';

/** A lesion of an episode, numbered from 1 within it. */
export interface Lesion {
  readonly side: Side;
  readonly number: number;
  readonly nature: Nature;
  /** Code of list LESDES: MA mass, CA calcification, … */
  readonly description: string;
  readonly position: string;
  readonly sizeMm: number;
}

export const otherSide = (side: Side): Side => (side === 'L' ? 'R' : 'L');
export const isCancer = (nature: Nature): boolean => nature === 'invasive' || nature === 'in_situ';
