import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { UsageFault } from '../base/fault.js';
import { errorName } from '../base/system-error.js';
import { kindOf, realPath } from './names.js';
import type { Written } from './new-file.js';
import { piecesOf } from './read.js';

/** A record of a CSV file. */
export interface CsvRecord {
  readonly fields: readonly string[];
  /** On which it ends, from 1. */
  readonly line: number;
}

/** Characters of one record: with a quote that is never closed, the rest of the file would be one. */
const MOST_OF_A_RECORD = 1 << 20;

const FORM = { relax_column_count: true, skip_empty_lines: true, max_record_size: MOST_OF_A_RECORD } as const;

/**
 * Reads a CSV file (RFC 4180; lines may end in any way) that the user named in an option, a record at a time: what is in
 * memory does not grow with it. Lines without anything are no records; every record has as many fields as the first one.
 * @param what it is, for sentences: `side table density`
 * @returns size and hash of what was read
 * @throws UsageFault when it cannot be read, is no such file or not UTF-8, with the line; and what `take` throws
 */
export async function readUserCsv(
  path: string,
  what: string,
  take: (record: CsvRecord) => void,
): Promise<Written> {
  const file = new TextPieces(path, what);
  let records = 0;
  let width = 0;
  let countedTwice = 0;
  // The records themselves are not handed on: a stream of them takes twice as long.
  const onRecord = (fields: readonly string[], context: { readonly lines: number }) => {
    countedTwice += linesWithin(fields);
    const line = context.lines - countedTwice;
    if (records++ === 0) width = fields.length;
    if (fields.length !== width)
      throw new UsageFault(
        `${what}: ${path}, line ${line}: ${fields.length} fields where the header has ${width}: ` +
          'put a comma for each field, and quotes around a field that holds commas',
      );
    take({ fields, line });
    return null;
  };
  const parser = parse({ ...FORM, on_record: onRecord });
  try {
    await pipeline(Readable.from(file.texts()), parser.resume());
  } catch (error) {
    throw error instanceof CsvError ? notCsv(error, `${what}: ${path}`, countedTwice) : error;
  }
  if (records === 0)
    throw new UsageFault(`${what}: ${path} is empty: give a CSV file whose first line names its columns`);
  return file.written();
}

/** Ends of lines within fields: csv-parse counts the two characters of Windows as a line each. */
function linesWithin(record: readonly string[]): number {
  let lines = 0;
  for (const field of record) if (field.includes('\r\n')) lines += field.split('\r\n').length - 1;
  return lines;
}

/** The text of a file in pieces; hashes what it reads. */
class TextPieces {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  constructor(
    private readonly path: string,
    private readonly what: string,
  ) {}

  /** Without the byte order mark. @throws UsageFault */
  *texts(): Generator<string> {
    try {
      // A pipe has nothing left for the second look.
      if (kindOf(realPath(this.path)) !== 'file') throw this.fault(' is no plain file: give a CSV file');
      yield* this.decoded();
    } catch (error) {
      if (error instanceof UsageFault) throw error;
      throw this.fault(` cannot be read (${errorName(error)}): check the path`);
    }
  }

  private *decoded(): Generator<string> {
    const strict = new TextDecoder('utf-8', { fatal: true });
    // Of bytes that are no UTF-8 it says where they are.
    const lenient = new TextDecoder('utf-8');
    let lines = 1;
    for (const piece of piecesOf(this.path)) {
      this.hash.update(piece);
      this.bytes += piece.length;
      const text = lenient.decode(piece, { stream: true });
      if (!isDecoded(strict, piece)) {
        const line = lines + linesIn(text.slice(0, text.indexOf('\ufffd')));
        throw this.fault(`, line ${line}: is not UTF-8: save the file as UTF-8`);
      }
      lines += linesIn(text);
      yield text;
    }
    if (!isDecoded(strict, null)) throw this.fault(`, line ${lines}: ends within a character of UTF-8`);
  }

  /** Of the whole file, when it was read. */
  written(): Written {
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  private fault(why: string): UsageFault {
    return new UsageFault(`${this.what}: ${this.path}${why}`);
  }
}

/** @param piece of the text that the decoder has the beginning of; null at its end */
function isDecoded(strict: InstanceType<typeof TextDecoder>, piece: Buffer | null): boolean {
  try {
    if (piece === null) strict.decode();
    else strict.decode(piece, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** The library's own messages quote values. */
const REASONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and not closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote: write a quote within a field twice',
  INVALID_OPENING_QUOTE: 'a quote stands within a field that does not begin with one: put quotes around it',
  CSV_MAX_RECORD_SIZE: 'a row of more than a million characters, as one is whose quote is not closed',
};

function notCsv(error: CsvError, where: string, countedTwice: number): UsageFault {
  const { lines } = error as CsvError & { readonly lines?: unknown };
  const place = typeof lines === 'number' ? `, line ${lines - countedTwice}` : '';
  return new UsageFault(`${where}${place}: ${REASONS[error.code] ?? `no row of a CSV file (${error.code})`}`);
}
