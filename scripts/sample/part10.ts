import { deflateRawSync } from 'node:zlib';
import {
  elementStart,
  encodeDataset,
  encodeElement,
  ITEM,
  itemStart,
  padded,
  SEQUENCE_END,
  UNDEFINED_LENGTH,
  type Dataset,
  type Encoding,
} from './dicom-writer.js';

export const TRANSFER_SYNTAX = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpeg2000: '1.2.840.10008.1.2.4.90',
} as const;
export type TransferSyntax = keyof typeof TRANSFER_SYNTAX;

/** Pixel data that is all zero: bytes of each frame, one after the other, or apart where they are encapsulated. */
export interface Pixels {
  readonly frameBytes: number;
  readonly frames: number;
}

/** A piece of a file: bytes, or so many zero bytes that need not be stored. */
export type Piece = Buffer | number;

const PIXEL_DATA = 0x7fe00010;
const IMPLEMENTATION_CLASS_UID = '2.25.219483150327561923470934857120394857203';
const IMPLEMENTATION_VERSION_NAME = 'OMIDB_SAMPLE_1';

/** What the file-meta group says, as a dataset: group 0002 without its length (PS3.10 section 7.1). */
export function fileMeta(sopClassUid: string, sopInstanceUid: string, syntax: TransferSyntax): Dataset {
  return [
    { tag: 0x00020001, vr: 'OB', value: Buffer.from([0, 1]) },
    { tag: 0x00020002, vr: 'UI', value: [sopClassUid] },
    { tag: 0x00020003, vr: 'UI', value: [sopInstanceUid] },
    { tag: 0x00020010, vr: 'UI', value: [TRANSFER_SYNTAX[syntax]] },
    { tag: 0x00020012, vr: 'UI', value: [IMPLEMENTATION_CLASS_UID] },
    { tag: 0x00020013, vr: 'SH', value: [IMPLEMENTATION_VERSION_NAME] },
  ];
}

interface Part10 {
  readonly meta: Dataset;
  /** File meta in implicit VR, against PS3.10 section 7.1. */
  readonly implicitMeta: boolean;
  readonly dataset: Dataset;
  readonly syntax: TransferSyntax;
  readonly text: BufferEncoding;
  readonly delimited: boolean;
  /** Null: the header ends the file, no pixel data. */
  readonly pixels: Pixels | null;
}

/** A DICOM Part 10 file (PS3.10 section 7) in pieces, so that pixel data need not be held in memory. */
export function encodePart10(file: Part10): Piece[] {
  const { meta, dataset, syntax, text, delimited, pixels } = file;
  const metaEncoding = {
    explicit: !file.implicitMeta,
    bigEndian: false,
    text: 'latin1',
    delimited: false,
  } as const;
  const metaBytes = encodeDataset(meta, metaEncoding);
  const groupLength = encodeElement({ tag: 0x00020000, vr: 'UL', value: [metaBytes.length] }, metaEncoding);
  const start = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), groupLength, metaBytes]);
  const encoding = {
    explicit: syntax !== 'implicit',
    bigEndian: syntax === 'bigEndian',
    text,
    delimited,
  };
  const header = encodeDataset(dataset, encoding);
  const pixelPieces = pixels === null ? [] : encodePixels(pixels, syntax, encoding);
  if (syntax === 'deflated') return [start, deflate([header, ...pixelPieces])];
  return merge([start, header, ...pixelPieces]);
}

/** PS3.5 annex A.5: everything after the file meta, raw deflate, padded to an even length. */
function deflate(pieces: readonly Piece[]): Buffer {
  const whole = Buffer.concat(
    pieces.map((piece) => (typeof piece === 'number' ? Buffer.alloc(piece) : piece)),
  );
  return padded(deflateRawSync(whole), 0);
}

function merge(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  let run: Buffer[] = [];
  for (const piece of pieces) {
    if (typeof piece !== 'number') run.push(piece);
    else {
      merged.push(Buffer.concat(run), piece);
      run = [];
    }
  }
  if (run.length > 0) merged.push(Buffer.concat(run));
  return merged;
}

function encodePixels({ frameBytes, frames }: Pixels, syntax: TransferSyntax, encoding: Encoding): Piece[] {
  if (syntax !== 'jpegLossless' && syntax !== 'jpeg2000') {
    const length = frameBytes * frames;
    return [elementStart(PIXEL_DATA, 'OW', length, encoding), length];
  }
  // PS3.5 annex A.4: an empty offset table, then a fragment for each frame.
  const pieces: Piece[] = [
    elementStart(PIXEL_DATA, 'OB', UNDEFINED_LENGTH, encoding),
    itemStart(ITEM, 0, encoding),
  ];
  for (let i = 0; i < frames; i++) pieces.push(itemStart(ITEM, frameBytes, encoding), frameBytes);
  pieces.push(itemStart(SEQUENCE_END, 0, encoding));
  return pieces;
}
