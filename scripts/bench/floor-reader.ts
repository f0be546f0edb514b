import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import dicomParser from 'dicom-parser';

/** What the floor met; bytes are those that were read. */
export interface FloorCounts {
  folders: number;
  jsonFiles: number;
  jsonBytes: number;
  /** JSON files that JSON.parse refused. */
  jsonRefused: number;
  dicomFiles: number;
  dicomBytes: number;
  /** DICOM files whose pixel element was met within the bytes read. */
  toPixels: number;
}

export function noCounts(): FloorCounts {
  return {
    folders: 0,
    jsonFiles: 0,
    jsonBytes: 0,
    jsonRefused: 0,
    dicomFiles: 0,
    dicomBytes: 0,
    toPixels: 0,
  };
}

/** Adds `more` to `sum`. */
export function addCounts(sum: FloorCounts, more: FloorCounts): void {
  for (const key of Object.keys(sum) as (keyof FloorCounts)[]) sum[key] += more[key];
}

const DICOM_BYTES = 16 * 1024;
const PIXEL_DATA = 'x7fe00010';

/** Reads and parses files with synchronous calls, into a buffer that is used again, and keeps only counts. */
export class FloorReader {
  readonly counts = noCounts();
  private buffer = Buffer.allocUnsafe(256 * 1024);

  /** Reads the files of one kind in a folder and those below it. A folder that is not there holds none. */
  readTree(folder: string, kind: '.json' | '.dcm'): void {
    for (const entry of this.list(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) this.readTree(path, kind);
      else if (!entry.name.toLowerCase().endsWith(kind)) continue;
      else if (kind === '.json') this.readJson(path);
      else this.readDicom(path);
    }
  }

  private list(folder: string) {
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      this.counts.folders++;
      return entries;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  private readJson(path: string): void {
    const bytes = this.readWhole(path);
    this.counts.jsonFiles++;
    this.counts.jsonBytes += bytes.length;
    try {
      JSON.parse(bytes.toString('utf8'));
    } catch {
      this.counts.jsonRefused++;
    }
  }

  private readDicom(path: string): void {
    const file = openSync(path, 'r');
    const length = readSync(file, this.buffer, 0, DICOM_BYTES, 0);
    closeSync(file);
    this.counts.dicomFiles++;
    this.counts.dicomBytes += length;
    try {
      const { elements } = dicomParser.parseDicom(this.buffer.subarray(0, length), { untilTag: PIXEL_DATA });
      if (PIXEL_DATA in elements) this.counts.toPixels++;
    } catch {
      // The header goes on beyond these bytes (dicom-parser throws), or is none: not counted in toPixels.
    }
  }

  private readWhole(path: string): Buffer {
    const file = openSync(path, 'r');
    let length = 0;
    for (;;) {
      length += readSync(file, this.buffer, length, this.buffer.length - length, null);
      // A regular file gives less than it is asked for only at its end.
      if (length < this.buffer.length) break;
      const larger = Buffer.allocUnsafe(2 * this.buffer.length);
      this.buffer.copy(larger);
      this.buffer = larger;
    }
    closeSync(file);
    return this.buffer.subarray(0, length);
  }
}
