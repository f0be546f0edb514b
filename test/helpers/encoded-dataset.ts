/** Datasets written byte by byte in each encoding (PS3.5 7.1), for what no well-behaved tool would write. */

export interface Form {
  readonly name: string;
  readonly syntax: string;
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

export const FORMS: readonly Form[] = [
  { name: 'implicit', syntax: '1.2.840.10008.1.2', explicit: false, bigEndian: false },
  { name: 'explicit', syntax: '1.2.840.10008.1.2.1', explicit: true, bigEndian: false },
  { name: 'big endian', syntax: '1.2.840.10008.1.2.2', explicit: true, bigEndian: true },
];

const LONG = new Set('OB OW SQ UN UT'.split(' '));

export function u16(form: Form, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, i) =>
    form.bigEndian ? bytes.writeUInt16BE(value, 2 * i) : bytes.writeUInt16LE(value, 2 * i),
  );
  return bytes;
}

export function u32(form: Form, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  if (form.bigEndian) bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}

export function tagBytes(form: Form, tag: number): Buffer {
  return u16(form, tag >>> 16, tag & 0xffff);
}

/** An element; its length may lie. */
export function element(
  form: Form,
  tag: number,
  vr: string,
  value: Buffer | string,
  length?: number,
): Buffer {
  const text =
    typeof value === 'string' ? Buffer.from(value.length % 2 === 0 ? value : `${value} `, 'latin1') : value;
  const size = length ?? text.length;
  const start = tagBytes(form, tag);
  if (!form.explicit || tag >>> 16 === 0xfffe) return Buffer.concat([start, u32(form, size), text]);
  const isLong = LONG.has(vr);
  const middle = isLong
    ? [Buffer.from(vr), Buffer.alloc(2), u32(form, size)]
    : [Buffer.from(vr), u16(form, size)];
  return Buffer.concat([start, ...middle, text]);
}

/** A file with preamble, prefix, transfer syntax and a dataset. */
export function fileOf(form: Form, ...dataset: readonly Buffer[]): Buffer {
  const meta = { ...form, explicit: true, bigEndian: false };
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(meta, 0x00020010, 'UI', `${form.syntax}${form.syntax.length % 2 === 0 ? '' : '\0'}`),
    ...dataset,
  ]);
}
