import { fileURLToPath } from 'node:url';
import { UsageFault } from '../base/fault.js';

/** Two letters at least: one is a drive of Windows. */
const ADDRESS = /^([a-z][a-z0-9+.-]+):\/\//i;

/**
 * Paths are of this machine. Without this an address would be taken for the name of a folder, and made.
 * @param argv what was given, by option; texts that are no paths never look like an address
 * @throws UsageFault for the first value that is an address (`s3://…`, `https://…`, `file://…`)
 */
export function refuseAddresses(argv: Readonly<Record<string, unknown>>): void {
  for (const value of Object.values(argv).flat()) {
    if (typeof value !== 'string' || !ADDRESS.test(value)) continue;
    throw new UsageFault(`${value} is an address, and paths are of this machine: ${remedy(value)}`);
  }
}

function remedy(address: string): string {
  try {
    return `give ${fileURLToPath(address)}`;
  } catch {
    return 'copy or mount what is there, and give the path';
  }
}
