/** DICOM elements written byte by byte, for what no well-behaved tool would write. All little endian. */

export const EXPLICIT = '1.2.840.10008.1.2.1';
export const IMPLICIT = '1.2.840.10008.1.2';
export const DEFLATED = '1.2.840.10008.1.2.1.99';
export const JPEG = '1.2.840.10008.1.2.4.70';
export const UNDEFINED = 0xffffffff;

/** Tag and length, with a VR of 32-bit length between them unless it is implicit. */
export function header(tag: number, length: number, vr?: string): Buffer {
  const bytes = Buffer.alloc(vr === undefined ? 8 : 12);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  if (vr !== undefined) bytes.write(vr, 4, 'latin1');
  bytes.writeUInt32LE(length, bytes.length - 4);
  return bytes;
}

/** An explicit element with a text value, padded to an even length. */
export function text(tag: number, vr: string, value: string): Buffer {
  const padded = value.length % 2 === 0 ? value : `${value} `;
  const start = Buffer.alloc(8);
  start.writeUInt16LE(tag >>> 16, 0);
  start.writeUInt16LE(tag & 0xffff, 2);
  start.write(vr, 4, 'latin1');
  start.writeUInt16LE(padded.length, 6);
  return Buffer.concat([start, Buffer.from(padded, 'latin1')]);
}

/** A file with preamble, prefix, the transfer syntax and a dataset. */
export function part10(syntax: string, ...dataset: Buffer[]): Buffer {
  const meta = text(0x00020010, 'UI', syntax);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, ...dataset]);
}

export const MODALITY = text(0x00080060, 'CS', 'MG');
export const SEX = text(0x00100040, 'CS', 'F');
