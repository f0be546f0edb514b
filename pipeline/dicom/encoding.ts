/** How a dataset is encoded (PS3.5 7.1 and 7.3). */
export interface Encoding {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

export const EXPLICIT_LITTLE: Encoding = { explicit: true, bigEndian: false };
export const IMPLICIT_LITTLE: Encoding = { explicit: false, bigEndian: false };
export const EXPLICIT_BIG: Encoding = { explicit: true, bigEndian: true };

export const ENCODINGS = [EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_BIG] as const;
