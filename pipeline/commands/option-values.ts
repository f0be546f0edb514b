import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { UsageFault } from '../base/fault.js';
import { parseBudget, type Budget } from '../run/budgets.js';
import type { SideTableOption } from '../stages/side/side-file.js';

/** Values of the options of `omidb-etl run` from what the user typed. All throw UsageFault. */

export function optionalPath(given: string | undefined): string | null {
  return given === undefined ? null : resolve(given);
}

/** Sixteen took 3 % less time than eight, a third more CPU time and twice the memory (16 hardware threads, 8,000 clients). */
const MOST_WORKERS = 8;

export function workers(given: string | undefined): number {
  if (given === undefined) return Math.min(availableParallelism(), MOST_WORKERS);
  const number = Number(given);
  if (!/^\d+$/.test(given) || number > 256)
    throw new UsageFault(`--workers is ${JSON.stringify(given)}: give a whole number from 0 to 256`);
  return number;
}

export function filesAhead(given: string): number {
  if (!/^\d{1,5}$/.test(given))
    throw new UsageFault(`--read-ahead is ${JSON.stringify(given)}: give a whole number from 0`);
  return Number(given);
}

/** In MB; null where nothing was given. */
export function megabytes(given: string | undefined): number | null {
  if (given === undefined) return null;
  const [, number, unit] = /^(\d{1,7})(MB|GB)?$/i.exec(given) ?? [];
  if (number === undefined)
    throw new UsageFault(
      `--max-memory is ${JSON.stringify(given)}: give a whole number of MB, or of GB with the unit, e.g. 600 or 2GB`,
    );
  return Number(number) * (unit?.toUpperCase() === 'GB' ? 1000 : 1);
}

export function keep(given: string): number {
  if (!/^[1-9]\d{0,5}$/.test(given))
    throw new UsageFault(`--keep is ${JSON.stringify(given)}: give a whole number from 1`);
  return Number(given);
}

/** In percent; null for none. */
export function shareToVerify(given: string | undefined): number | null {
  if (given === undefined) return null;
  const [, percent] = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(given) ?? [];
  const share = Number(percent);
  if (percent === undefined || share === 0 || share > 100)
    throw new UsageFault(
      `--verify-content is ${JSON.stringify(given)}: give a share of the ranges that is over 0% and at most 100%, e.g. 5%`,
    );
  return share;
}

/** Null: unset, which is not the same as 0 months. */
export function months(option: string): (given: string | undefined) => number | null {
  return (given) => {
    if (given === undefined) return null;
    if (!/^\d{1,4}$/.test(given))
      throw new UsageFault(`--${option} is ${JSON.stringify(given)}: give a whole number of months`);
    return Number(given);
  };
}

export function budgets(given: readonly string[]): Budget[] {
  return given.map(parseBudget);
}

/** Names of tables, and of folders: short ones that SQL takes without quotes. */
const SIDE_NAME = /^[a-z][a-z0-9_]{0,59}$/;

export function sideTables(given: readonly string[]): SideTableOption[] {
  const names = new Set<string>();
  return given.map((text) => {
    const [, name, file] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
    if (name === undefined || file === undefined)
      throw new UsageFault(
        `--side-table is ${JSON.stringify(text)}: give NAME=FILE, e.g. density=density.csv`,
      );
    if (!SIDE_NAME.test(name))
      throw new UsageFault(
        `--side-table: ${JSON.stringify(name)} is no name of a table: use a-z, 0-9 and _, a letter first, 60 at most`,
      );
    if (names.has(name)) throw new UsageFault(`--side-table: two tables are called ${name}: rename one`);
    names.add(name);
    return { name, path: resolve(file) };
  });
}
