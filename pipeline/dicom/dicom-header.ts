import { DatasetReader, wantedElements } from './dataset-values.js';
import { HeaderMemories } from './element-memory.js';
import { EXPLICIT_LITTLE } from './encoding.js';
import { FileBytes, HeaderBytes, headerBuffer } from './file-bytes.js';
import { HeaderWalk } from './header-walk.js';
import { MalformedHeader } from './malformed-header.js';
import { trimText, type HeaderValues } from './header-values.js';
import type { SourceFile } from '../source/source.js';
import { missingPixelBytes } from './pixel-data.js';
import type { TagSelection } from './selected-tag.js';
import {
  encodingOf,
  firstElementOffset,
  guessEncoding,
  inflate,
  isDeflated,
  isMetaGroup,
} from './transfer-syntax.js';

/** What is known of the header of a DICOM file. */
export type DicomHeader = ReadableHeader | UnreadableHeader;

export interface ReadableHeader {
  /** `no_pixel_data`: the file ended, or an element stood that comes after pixel data, before any was met. */
  readonly state: 'complete' | 'no_pixel_data';
  readonly values: HeaderValues;
  readonly bytesRead: number;
  readonly fileBytes: number;
  /** Where the pixel data element starts in the file; null where there is none or it is deflated. */
  readonly pixelDataOffset: number | null;
  /** At least so many bytes of the pixel data are not in the file. */
  readonly missingBytes: number;
}

export interface UnreadableHeader {
  readonly state: 'unreadable';
  /** One clause for a person; quotes no value. */
  readonly reason: string;
  readonly bytesRead: number;
  readonly fileBytes: number;
}

/** A first piece of a deflated dataset, which cannot inflate to more than a thousand times its size. */
const FIRST_DEFLATED_PIECE = 4 * 1024;
const TRANSFER_SYNTAX_UID = 0x00020010;

/** Reads headers, one file after the other, into the same buffer; remembers the elements that headers repeat. */
export class DicomHeaderReader {
  readonly #values: DatasetReader;
  readonly #memories: HeaderMemories;
  readonly #buffer = headerBuffer();

  constructor(selection: TagSelection) {
    this.#values = new DatasetReader(selection);
    const wanted = wantedElements(selection);
    this.#memories = new HeaderMemories({ ...wanted, tags: new Set([...wanted.tags, TRANSFER_SYNTAX_UID]) });
  }

  /**
   * The selected values of a file's header. Of the file it reads a first chunk, and more only while the header is not
   * complete; never the pixels. The file is closed in the end.
   * @throws only the errors of reading it
   */
  read(opened: SourceFile): DicomHeader {
    const file = new FileBytes(opened);
    try {
      return this.#readHeader(file);
    } catch (error) {
      if (!(error instanceof MalformedHeader)) throw error;
      return {
        state: 'unreadable',
        reason: error.message,
        bytesRead: file.bytesRead,
        fileBytes: file.size,
      };
    } finally {
      file.close();
      this.#buffer.shrink();
    }
  }

  #readHeader(file: FileBytes): DicomHeader {
    if (file.size === 0) throw new MalformedHeader('the file is empty');
    const loaded = new HeaderBytes(file, this.#buffer);
    const walk = new HeaderWalk(this.#memories, firstElementOffset(loaded.bytes));
    if (isMetaGroup(loaded.bytes, walk.position))
      while (walk.walkMeta(loaded.bytes) !== 'done') loaded.loadMore(walk.needed, walk.unfinished);
    const syntax = readTransferSyntax(walk);
    const found =
      syntax !== null && isDeflated(syntax) ? walkDeflated(loaded, walk) : walkPlain(loaded, walk, syntax);
    return {
      state: walk.pixel === null ? 'no_pixel_data' : 'complete',
      values: this.#values.read(walk.elements),
      bytesRead: file.bytesRead,
      fileBytes: file.size,
      pixelDataOffset: found.pixelDataOffset,
      missingBytes: found.missingBytes,
    };
  }
}

/** Where a walk came to its end. */
interface WalkedHeader {
  readonly pixelDataOffset: number | null;
  readonly missingBytes: number;
}

function readTransferSyntax(walk: HeaderWalk): string | null {
  const element = walk.elements.find(({ tag }) => tag === TRANSFER_SYNTAX_UID);
  if (element === undefined) return null;
  const { bytes, offset, length } = element;
  return trimText(bytes.toString('latin1', offset, offset + length)) || null;
}

function walkPlain(loaded: HeaderBytes, walk: HeaderWalk, syntax: string | null): WalkedHeader {
  while (loaded.bytes.length < walk.position + 8) loaded.loadMore(walk.position + 8, null);
  const encoding = syntax === null ? guessEncoding(loaded.bytes, walk.position) : encodingOf(syntax);
  for (;;) {
    const outcome = walk.walkDataset(loaded.bytes, encoding);
    if (outcome === 'done' || (outcome === 'end' && loaded.isWhole)) break;
    loaded.loadMore(outcome === 'end' ? 0 : walk.needed, walk.unfinished);
  }
  const { pixel } = walk;
  if (pixel === null) return { pixelDataOffset: null, missingBytes: 0 };
  const missingBytes = missingPixelBytes(loaded.file, pixel);
  return { pixelDataOffset: pixel.offset, missingBytes };
}

/** Walks over a deflated dataset, of which no more than a growing first piece is inflated. */
function walkDeflated(loaded: HeaderBytes, walk: HeaderWalk): WalkedHeader {
  const start = walk.position;
  for (let piece = FIRST_DEFLATED_PIECE; ; piece *= 2) {
    while (loaded.bytes.length < start + piece && !loaded.isWhole) loaded.loadMore(0, null);
    const isLast = loaded.isWhole && loaded.bytes.length <= start + piece;
    const { inflated, isFinished } = inflate(loaded.bytes.subarray(start, start + piece), isLast);
    const bytes = Buffer.concat([loaded.bytes.subarray(0, start), inflated]);
    const outcome = walk.walkDataset(bytes, EXPLICIT_LITTLE);
    if (outcome === 'done') {
      const { pixel } = walk;
      const end = pixel === null || pixel.length === null || !isLast ? 0 : pixel.dataOffset + pixel.length;
      return { pixelDataOffset: null, missingBytes: Math.max(0, end - bytes.length) };
    }
    if (isFinished && outcome === 'end') return { pixelDataOffset: null, missingBytes: 0 };
    if (isLast) throw new MalformedHeader('the deflated dataset ends before its header is complete');
  }
}
