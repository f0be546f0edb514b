import { remembering } from '../../base/remembering.js';

/** A code string of a header (VR CS) as it is compared: without blanks around it, in capitals. */
export const codeText = remembering((text: string) => text.trim().toUpperCase());
