import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientPlan, DicomFile, ImagePlan, JsonFile, StudyPlan } from './client.js';
import { encodePart10, type Piece, type TransferSyntax } from './part10.js';
import type { CharacterSet } from './header.js';

/** Whether pixel data of zeros takes up room on the disk: holes do not, written zeros do. `none`: no images tree at all. */
export type PixelMode = 'sparse' | 'full' | 'none';

/** What was written. */
export interface Written {
  files: number;
  images: number;
  /** Sum of the file sizes; sparse files take up less. */
  bytes: number;
}

/** Writes a client's folders and files below `<out>/data` and `<out>/images`. */
export function writeClient(client: ClientPlan, out: string, pixels: PixelMode, written: Written): void {
  const data = join(out, 'data', client.id);
  const images = join(out, 'images', client.id);
  const indent = client.index % 2 === 0 ? 2 : 0;
  if (client.inData) {
    mkdirSync(data, { recursive: true });
    writeJson(data, client.imagedb, indent, written);
    writeJson(data, client.nbss, indent, written);
  }
  const hasImages = client.inImages && pixels !== 'none';
  if (hasImages) mkdirSync(images, { recursive: true });
  for (const study of client.studies) {
    if (client.inData && study.inData) writeHeaders(join(data, study.study.uid), study, written);
    if (hasImages && study.inImages) {
      const folder = join(images, study.study.uid);
      mkdirSync(folder);
      for (const image of study.images)
        writeDicom(folder, image, study, client.characterSet, pixels, written);
    }
  }
  for (const { root, path, text } of client.extras) {
    const target = join(out, root, path);
    if (path.endsWith('/')) mkdirSync(target, { recursive: true });
    else writeFile(target, [Buffer.from(text)], 'full', written);
  }
}

function writeHeaders(folder: string, study: StudyPlan, written: Written): void {
  mkdirSync(folder);
  for (const { json } of study.images) writeJson(folder, json, 0, written);
}

function writeJson(
  folder: string,
  { names, content, raw }: JsonFile,
  indent: number,
  written: Written,
): void {
  const text = raw ?? JSON.stringify(content, null, indent);
  for (const name of names) {
    writeFileSync(join(folder, name), text);
    written.files++;
    written.bytes += Buffer.byteLength(text);
  }
}

function writeDicom(
  folder: string,
  { dicom }: ImagePlan,
  { study }: StudyPlan,
  characterSet: CharacterSet,
  pixels: PixelMode,
  written: Written,
): void {
  if (dicom === null) return;
  written.images++;
  writeFile(
    join(folder, dicom.name),
    dicomPieces(dicom, study.syntax, characterSet, study.vendor.delimited),
    pixels,
    written,
  );
}

const TEXT_ENCODING: Record<CharacterSet, BufferEncoding> = {
  '': 'latin1',
  'ISO_IR 100': 'latin1',
  'ISO_IR 192': 'utf8',
};

/** The bytes of a DICOM file, cut short where the plan says so. */
export function dicomPieces(
  dicom: DicomFile,
  syntax: TransferSyntax,
  characterSet: CharacterSet,
  delimited: boolean,
): Piece[] {
  if (dicom.raw !== null) return [dicom.raw];
  const { meta, implicitMeta, dataset } = dicom;
  const text = TEXT_ENCODING[characterSet];
  const pieces = encodePart10({
    meta,
    implicitMeta,
    dataset,
    syntax,
    text,
    delimited,
    pixels: dicom.pixels,
  });
  if (dicom.cut === null) return pieces;
  const size = pieces.reduce<number>((sum, piece) => sum + lengthOf(piece), 0);
  return cut(pieces, 'headerBytes' in dicom.cut ? dicom.cut.headerBytes : size - dicom.cut.missingBytes);
}

function lengthOf(piece: Piece): number {
  return typeof piece === 'number' ? piece : piece.length;
}

function cut(pieces: readonly Piece[], bytes: number): Piece[] {
  const kept: Piece[] = [];
  let left = bytes;
  for (const piece of pieces) {
    if (left <= 0) break;
    kept.push(typeof piece === 'number' ? Math.min(piece, left) : piece.subarray(0, left));
    left -= lengthOf(piece);
  }
  return kept;
}

function writeFile(path: string, pieces: readonly Piece[], mode: PixelMode, written: Written): void {
  const file = openSync(path, 'w');
  try {
    let position = 0;
    for (const piece of pieces) {
      if (typeof piece !== 'number') writeSync(file, piece, 0, piece.length, position);
      else if (mode === 'full') writeZeros(file, piece, position);
      position += lengthOf(piece);
    }
    ftruncateSync(file, position);
    written.files++;
    written.bytes += position;
  } finally {
    closeSync(file);
  }
}

const ZEROS = Buffer.alloc(1 << 20);

function writeZeros(file: number, length: number, position: number): void {
  for (let done = 0; done < length; done += ZEROS.length)
    writeSync(file, ZEROS, 0, Math.min(ZEROS.length, length - done), position + done);
}
