import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after } from 'node:test';
import { inflateRawSync } from 'node:zlib';

/** A folder that is removed after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omidb-sample-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Paths of all files below a folder, relative to it, with `/` between names, in order. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

const HEAD = 256 * 1024;
const TAIL = 64 * 1024;

/**
 * Path -> digest of each file below a folder. Of large files the first 256 KiB, the last 64 KiB and the size are
 * taken: what lies between is a hole.
 */
export function digests(folder: string): Map<string, string> {
  return new Map(filesBelow(folder).map((path) => [path, digest(join(folder, path))]));
}

function digest(path: string): string {
  const { size } = statSync(path);
  const hash = createHash('sha256').update(String(size));
  const file = openSync(path, 'r');
  try {
    for (const [start, length] of [
      [0, Math.min(HEAD, size)],
      [Math.max(0, size - TAIL), Math.min(TAIL, size)],
    ] as const) {
      const bytes = Buffer.alloc(length);
      readSync(file, bytes, 0, length, start);
      hash.update(bytes);
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

type JsonMap = Record<string, unknown>;

/** The object in a JSON file. */
export function readObject(path: string): JsonMap {
  return asObject(JSON.parse(readFileSync(path, 'utf8')));
}

/** The value as an object; an empty one where it is none. */
export function asObject(value: unknown): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}

/** The only file of a folder whose name starts so, whatever the case; fails where there is none. */
export function readClientFile(folder: string, prefix: string): JsonMap {
  const name = readdirSync(folder).find((candidate) => candidate.toLowerCase().startsWith(prefix));
  if (name === undefined) throw new Error(`${folder} has no ${prefix} file`);
  return readObject(join(folder, name));
}

/** The bytes of a DICOM file after its file meta (PS3.10 section 7.1, explicit VR), inflated where they are deflated. */
export function datasetBytes(path: string): Buffer {
  const file = readFileSync(path);
  // (0002,0000) UL: preamble, prefix, tag, VR and length stand before its value.
  const start = 144 + file.readUInt32LE(140);
  const dataset = file.subarray(start);
  return file.subarray(0, start).includes('1.2.840.10008.1.2.1.99') ? inflateRawSync(dataset) : dataset;
}
