declare module 'dicom-character-set' {
  /** @throws Error for a character set or an escape sequence that it does not know */
  export function convertBytes(characterSet: string, bytes: Uint8Array, options?: { vr?: string }): string;
}
