/** The bytes cannot be DICOM, however many more there are. The message is one clause for a person; it quotes no value. */
export class MalformedHeader extends Error {}
