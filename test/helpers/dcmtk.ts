import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { BOUNDED } from './processes.js';

/** Why tests that need dcmtk are skipped; false when it is there. */
export const noDcmtk: string | false =
  spawnSync('dump2dcm', ['--version']).error === undefined ? false : 'dcmtk is not installed';

/** A folder that is removed after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omidb-dicom-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function run(tool: string, args: readonly string[]): void {
  execFileSync(tool, args, { stdio: ['ignore', 'pipe', 'pipe'], ...BOUNDED });
}

/** Makes a DICOM file by dump2dcm from lines such as `(0010,0010) PN [Doe^Jane]`; a latin1 text is written as bytes. */
export function dump2dcm(file: string, lines: readonly string[], ...options: string[]): string {
  const dump = `${file}.dump`;
  writeFileSync(dump, `${lines.join('\n')}\n`, 'latin1');
  return dump2dcmFile(dump, file, ...options);
}

/** Makes a DICOM file by dump2dcm from a dump that is there. */
export function dump2dcmFile(dump: string, file: string, ...options: string[]): string {
  // Lines may be as long as a private element of 100 KB written in hex.
  run('dump2dcm', ['-q', '+l', '1048576', ...options, dump, file]);
  return file;
}

/** Writes a DICOM file again by dcmconv, e.g. with `+ti`. */
export function dcmconv(from: string, to: string, ...options: string[]): string {
  run('dcmconv', ['-q', ...options, from, to]);
  return to;
}

/** Compresses the pixels of a DICOM file by dcmcjpeg. */
export function dcmcjpeg(from: string, to: string, ...options: string[]): string {
  run('dcmcjpeg', ['-q', ...options, from, to]);
  return to;
}

export type DicomJson = Record<string, { vr: string; Value?: unknown[] }>;

/** The header of a DICOM file as dcm2json reads it. */
export function dcm2json(file: string): DicomJson {
  const json = `${file}.json`;
  run('dcm2json', ['-q', file, json]);
  return JSON.parse(readFileSync(json, 'utf8')) as DicomJson;
}
