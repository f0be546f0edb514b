import { readShippedJson } from '../../schemas/files.js';

/** The version of this program, from its package file. */
export function softwareVersion(): string {
  return (readShippedJson('package.json') as { version: string }).version;
}
