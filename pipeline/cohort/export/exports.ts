import { UsageFault } from '../../base/fault.js';
import type { CohortSpec, UnitName } from '../spec.js';
import { writeCoco } from './coco.js';
import type { ExportPlace, ExportReport } from './export.js';
import { writeMirai } from './mirai.js';
import { writeNyu } from './nyu.js';

/** Files that programs for training read, each made of cohorts of one unit. */
const EXPORTS: ReadonlyMap<
  string,
  { readonly unit: UnitName; readonly write: (place: ExportPlace) => Promise<ExportReport> }
> = new Map([
  ['mirai', { unit: 'exam', write: writeMirai }],
  ['coco', { unit: 'box', write: writeCoco }],
  ['nyu-csv', { unit: 'exam', write: writeNyu }],
]);

/**
 * The exports that a user named, with commas between them.
 * @throws UsageFault for one that there is not, or that cannot be made of the unit of a spec
 */
export function parseExports(given: string, { unit, name }: CohortSpec): string[] {
  const names = [...new Set(given.split(',').map((one) => one.trim()))].sort();
  for (const one of names) {
    const known = EXPORTS.get(one);
    if (known === undefined)
      throw new UsageFault(
        `--export has ${JSON.stringify(one)}: there are ${[...EXPORTS.keys()].join(', ')}`,
      );
    if (known.unit !== unit)
      throw new UsageFault(
        `--export ${one} is for cohorts of unit ${known.unit}, and the unit of ${name} is ${unit}`,
      );
  }
  return names;
}

/** Writes exports beside a cohort. */
export async function writeExports(place: ExportPlace, names: readonly string[]): Promise<ExportReport[]> {
  const reports: ExportReport[] = [];
  for (const name of names) reports.push(await EXPORTS.get(name)!.write(place));
  return reports;
}
