import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { readText } from '../storage/read.js';
import { MANIFEST_VERSION, type Manifest, type RangeReason } from './manifest.js';

/** Reading manifest.json: this version's as it is, those of earlier versions put into this version's form. */

/** manifest.json of a snapshot; null when it is not there, or not what a run of this version or an earlier one writes. */
export function readManifest(snapshot: string): Manifest | null {
  try {
    return parseManifest(JSON.parse(readText(join(snapshot, 'manifest.json'))));
  } catch {
    return null;
  }
}

/** manifest.json of a snapshot. @throws EnvironmentFault when it cannot be read */
export function mustReadManifest(snapshot: string): Manifest {
  const manifest = readManifest(snapshot);
  if (manifest !== null) return manifest;
  throw new EnvironmentFault(
    `${join(snapshot, 'manifest.json')} cannot be read, or is not what a run writes: omidb-etl verify says what is damaged`,
  );
}

/** Anything that is not whole is null: whoever gets a manifest need not look for its parts. */
function parseManifest(content: unknown): Manifest | null {
  if (!isWhole(content)) return null;
  // The first version had no number.
  const { format_version: version = 1 } = content as { readonly format_version?: number };
  if (version === 1) return fromVersion1(content);
  return version === MANIFEST_VERSION ? content : null;
}

function isWhole(content: unknown): content is Manifest {
  const manifest = content as Manifest | null;
  return (
    typeof manifest?.run_id === 'string' &&
    [manifest.work, manifest.work.client_ranges, manifest.inputs, manifest.inputs.dicom_files].every(
      isObject,
    ) &&
    [manifest.inputs.clients, manifest.inputs.images, manifest.inputs.dicom_files.files].every(isNumber) &&
    areTablesWhole(manifest.tables) &&
    areMismatchesWhole(manifest.mismatches) &&
    Array.isArray(manifest.budgets)
  );
}

function areTablesWhole(tables: Manifest['tables']): boolean {
  return Object.values(tables).every((table) => isNumber(table.rows) && Array.isArray(table.files));
}

function areMismatchesWhole(mismatches: Manifest['mismatches']): boolean {
  const { by_severity: bySeverity, by_kind: byKind, file, first_seen: firstSeen, total } = mismatches;
  return [bySeverity, byKind, file, firstSeen].every(isObject) && isNumber(total);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Version 1, of omidb-etl 0.1.0, had sentences for the reasons of `work.client_ranges`. */
const REASONS_OF_VERSION_1: Readonly<Record<string, RangeReason>> = {
  'read: no earlier snapshot has it': 'first',
  'read: --full': 'full',
  'read: files or options changed': 'changed',
  'read: its files in the earlier snapshot are damaged': 'damaged',
  'not read: unchanged since the current snapshot': 'carried',
  'not read: an interrupted run had finished it': 'resumed',
};

function fromVersion1(manifest: Manifest): Manifest {
  const reasons = Object.entries(manifest.work.client_ranges)
    .filter(([sentence]) => Object.hasOwn(REASONS_OF_VERSION_1, sentence))
    .map(([sentence, ranges]) => [REASONS_OF_VERSION_1[sentence]!, ranges] as const);
  return {
    ...manifest,
    format_version: MANIFEST_VERSION,
    work: { ...manifest.work, client_ranges: Object.fromEntries(reasons) },
  };
}
