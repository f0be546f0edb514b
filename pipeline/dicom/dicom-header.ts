import { DatasetReader, wantedElements } from './dataset-values.js';
import { HeaderMemories } from './element-memory.js';
import { ElementSteps } from './element-steps.js';
import { EXPLICIT_LITTLE } from './encoding.js';
import { FileBytes, FIRST_CHUNK, HeaderBytes, headerBuffer } from './file-bytes.js';
import { FoundElements } from './found-elements.js';
import { encodingAt, firstElementOffset, isInflated, isMetaGroup } from './header-start.js';
import { trimText, type HeaderValues } from './header-values.js';
import { HeaderWalk, type WalkOutcome } from './header-walk.js';
import { CutHeader, MalformedHeader } from './malformed-header.js';
import { OddElements, type OddElement } from './odd-elements.js';
import { missingPixelBytes } from './pixel-data.js';
import type { SourceFile } from '../source/source.js';
import type { TagSelection } from './selected-tag.js';
import { encodingOf, inflate, isDeflated } from './transfer-syntax.js';

/** What is known of the header of a DICOM file. */
export type DicomHeader = ReadableHeader | UnreadableHeader;

export interface ReadableHeader {
  /**
   * `no_pixel_data`: the file ended before any was met; `ended_early`: so did the header, at something that nobody knows how
   * to step over, or where the file ends within an element. The values of what stands before are right.
   */
  readonly state: 'complete' | 'no_pixel_data' | 'ended_early';
  readonly values: HeaderValues;
  /** What breaks the standard; where it ended early, what ended it is the last. */
  readonly odd: readonly OddElement[];
  /** Why the file ends within its header, as one clause; null where it does not. */
  readonly cut: string | null;
  readonly bytesRead: number;
  readonly fileBytes: number;
  /** Where the pixel data element starts in the file; null where there is none or it is deflated. */
  readonly pixelDataOffset: number | null;
  /** Where its values lie in the file, and how many bytes they are; null where they are encapsulated, or as above. */
  readonly pixelValues: PixelValues | null;
  /** At least so many bytes of the pixel data are not in the file. */
  readonly missingBytes: number;
}

/** The values of an unencapsulated pixel data element (PS3.5 7.1), as its header declares them. */
export interface PixelValues {
  /** In bytes, from the beginning of the file. */
  readonly offset: number;
  readonly bytes: number;
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
const NOT_DEFLATED = 'begins a dataset that is not deflated, as its transfer syntax says it is';
/** What a deflated header may inflate to: some kilobytes of elements could else keep a run busy for seconds. */
const MAX_DEFLATED_HEADER = 32 * 1024 * 1024;
const TRANSFER_SYNTAX_UID = 0x00020010;
/** What is stepped over while it is loaded is let go of when it is so much. */
const MOST_STEPPED_OVER = 1024 * 1024;

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
    const odd = new OddElements();
    const { cells } = this.#values;
    cells.begin();
    const first = firstElementOffset(loaded.bytes);
    const steps = new ElementSteps(this.#memories, new FoundElements(cells), first, loaded, odd);
    const walk = new HeaderWalk(this.#memories, steps, odd);
    const end = walkHeader(loaded, walk, odd);
    return {
      state: end.error !== null ? 'ended_early' : walk.pixel === null ? 'no_pixel_data' : 'complete',
      values: this.#values.read(steps.found.elements),
      odd: odd.all,
      cut: end.error instanceof CutHeader ? end.error.message : null,
      bytesRead: file.bytesRead,
      fileBytes: file.size,
      pixelDataOffset: end.pixelDataOffset,
      pixelValues: end.pixelValues,
      missingBytes: end.missingBytes,
    };
  }
}

/** Where a walk came to its end. */
interface HeaderEnd {
  readonly pixelDataOffset: number | null;
  readonly pixelValues: PixelValues | null;
  readonly missingBytes: number;
  /** What ended it early, where anything did. */
  readonly error: MalformedHeader | null;
}

const NO_PIXELS: HeaderEnd = { pixelDataOffset: null, pixelValues: null, missingBytes: 0, error: null };

/**
 * Walks over a header. What cannot be read at its end does not cost what stands before it.
 * @throws MalformedHeader when nothing of the dataset can be read
 */
function walkHeader(loaded: HeaderBytes, walk: HeaderWalk, odd: OddElements): HeaderEnd {
  try {
    if (isMetaGroup(loaded.bytes, walk.steps.position))
      while (walk.walkMeta(loaded.bytes) !== 'end') readOn(loaded, walk.steps, 'more');
    const syntax = readTransferSyntax(walk);
    if (syntax === null || !isDeflated(syntax)) return walkPlain(loaded, walk, syntax, odd);
    const { position } = walk.steps;
    if (!isInflated(loaded.bytes, position)) return walkDeflated(loaded, walk);
    odd.note('encoding', null, position, NOT_DEFLATED);
    return walkPlain(loaded, walk, null, odd);
  } catch (error) {
    if (!(error instanceof MalformedHeader) || !walk.steps.found.hasValues) throw error;
    if (error instanceof CutHeader)
      odd.forget(walk.steps.unfinished, walk.steps.droppable ?? walk.steps.position);
    else odd.noteEnd(error);
    return { ...NO_PIXELS, error };
  }
}

/** Loads what a walk needs to go on, and lets go of what it steps over where that is much. */
function readOn(loaded: HeaderBytes, steps: ElementSteps, outcome: WalkOutcome): void {
  const { position, droppable, unfinished } = steps;
  const isFar = position - loaded.bytes.length >= FIRST_CHUNK;
  if (droppable !== null && (isFar || position - droppable >= MOST_STEPPED_OVER)) {
    loaded.drop(droppable, position, unfinished);
    steps.dropped();
  } else loaded.loadMore(outcome === 'end' ? 0 : steps.needed, unfinished);
}

function readTransferSyntax(walk: HeaderWalk): string | null {
  const element = walk.steps.found.elements.find(({ tag }) => tag === TRANSFER_SYNTAX_UID);
  if (element === undefined) return null;
  const { bytes, offset, length } = element;
  return trimText(bytes.toString('latin1', offset, offset + length)) || null;
}

function walkPlain(
  loaded: HeaderBytes,
  walk: HeaderWalk,
  syntax: string | null,
  odd: OddElements,
): HeaderEnd {
  const { steps } = walk;
  while (loaded.bytes.length < steps.position + 8) loaded.loadMore(steps.position + 8, null);
  const declared = syntax === null ? null : encodingOf(syntax);
  const encoding = encodingAt(loaded.bytes, steps.position, declared, odd);
  for (;;) {
    const outcome = walk.walkDataset(loaded.bytes, encoding);
    if (outcome === 'pixels' || (outcome === 'end' && loaded.isWhole)) break;
    readOn(loaded, walk.steps, outcome);
  }
  const { pixel } = walk;
  if (pixel === null) return NO_PIXELS;
  const { offset, dataOffset, length } = pixel;
  return {
    pixelDataOffset: offset,
    pixelValues: length === null ? null : { offset: dataOffset, bytes: length },
    missingBytes: missingPixelBytes(loaded.file, pixel),
    error: null,
  };
}

/** Walks over a deflated dataset, of which no more than a growing first piece is inflated. */
function walkDeflated(loaded: HeaderBytes, walk: HeaderWalk): HeaderEnd {
  const start = walk.steps.position;
  // What is inflated begins a new count; offsets that are told go on.
  walk.steps.droppable = 0;
  walk.steps.dropped();
  for (let piece = FIRST_DEFLATED_PIECE; ; piece *= 2) {
    while (loaded.bytes.length < start + piece && !loaded.isWhole) loaded.loadMore(0, null);
    const isLast = loaded.isWhole && loaded.bytes.length <= start + piece;
    const { inflated: bytes, isFinished } = inflate(loaded.bytes.subarray(start, start + piece), isLast);
    walk.steps.around = { end: isFinished ? bytes.length : Infinity, look: null };
    const outcome = walk.walkDataset(bytes, EXPLICIT_LITTLE);
    if (outcome === 'pixels') {
      const { pixel } = walk;
      const end = pixel === null || pixel.length === null || !isLast ? 0 : pixel.dataOffset + pixel.length;
      return { ...NO_PIXELS, missingBytes: Math.max(0, end - start - bytes.length) };
    }
    if (start + walk.steps.position > MAX_DEFLATED_HEADER)
      throw new MalformedHeader('the deflated header inflates to more than 32 MB');
    if (isFinished && outcome === 'end') return NO_PIXELS;
    if (isLast) throw new CutHeader('the deflated dataset ends before its header is complete');
  }
}
