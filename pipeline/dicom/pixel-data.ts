import type { FileBytes } from './file-bytes.js';
import type { PixelElement } from './header-walk.js';

const ITEM = 0xfffee000;
const SEQUENCE_DELIMITER = 0xfffee0dd;
/** Fragments that are followed through the file before it is taken to be whole. */
const MAX_FRAGMENTS = 4096;
const FRAGMENT_HEADER = 8;

/**
 * How many bytes of the pixel data a file lacks at least, without reading them; 0 when nothing shows that it lacks any.
 * Native pixel data is compared with its declared length. Encapsulated pixel data (PS3.5 A.4) must end with a sequence
 * delimiter: at the end of the file, or where its fragments end.
 */
export function missingPixelBytes(file: FileBytes, pixel: PixelElement): number {
  if (pixel.length !== null) return Math.max(0, pixel.dataOffset + pixel.length - file.size);
  const header = Buffer.alloc(FRAGMENT_HEADER);
  const readHeader = (position: number) =>
    position >= 0 && file.read(header, 0, FRAGMENT_HEADER, position) === FRAGMENT_HEADER
      ? header.readUInt16LE(0) * 0x10000 + header.readUInt16LE(2)
      : null;
  const tail = file.size - FRAGMENT_HEADER;
  if (tail >= pixel.dataOffset && readHeader(tail) === SEQUENCE_DELIMITER && header.readUInt32LE(4) === 0)
    return 0;
  let position = pixel.dataOffset;
  for (let count = 0; count < MAX_FRAGMENTS; count++) {
    const tag = readHeader(position);
    if (tag === null) return position + FRAGMENT_HEADER - file.size;
    if (tag !== ITEM) return 0;
    position += FRAGMENT_HEADER + header.readUInt32LE(4);
  }
  return 0;
}
