import { readFileSync } from 'node:fs';
import { shippedFile } from '../../schemas/files.js';

/** The version of this program, from its package file. */
export function softwareVersion(): string {
  return (JSON.parse(readFileSync(shippedFile('package.json'), 'utf8')) as { version: string }).version;
}
