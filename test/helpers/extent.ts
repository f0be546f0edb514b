import { Random } from '../fuzz/random.js';

/**
 * How much of the long loops runs: the fifty kills, every flipped byte, the minutes of fuzzing. By itself a small set of
 * each, chosen by a seed that is new each time; with OMIDB_TESTS=all, as continuous integration has it, all of them. The
 * seed is in what each such test reports; OMIDB_TESTS_SEED repeats it.
 */

const EXTENTS: readonly unknown[] = ['all', 'some', undefined];
const extent = process.env['OMIDB_TESTS'];
if (!EXTENTS.includes(extent)) throw new Error(`OMIDB_TESTS is "${extent!}": give all or some`);

/** Whether the long loops run whole. */
export const RUNS_ALL = extent === 'all';

/** Why a trial of a foreign program is no part of a small set, which has a cheaper test of the same; false where it runs. */
export const WHOLE_ONLY: string | false = RUNS_ALL ? false : 'runs with OMIDB_TESTS=all only';

/** What small sets are chosen by, and what is random in whole loops. */
export const SEED = seedOf(process.env['OMIDB_TESTS_SEED']);

function seedOf(given: string | undefined): number {
  if (given === undefined) return Date.now() % 2 ** 32;
  if (!/^\d{1,10}$/.test(given)) throw new Error(`OMIDB_TESTS_SEED is "${given}": give a whole number`);
  return Number(given);
}

/** How often a loop turns: `whole` times, or `some` times in a small set. */
export function turnsOf(whole: number, some: number): number {
  return RUNS_ALL ? whole : Math.min(some, whole);
}

/** All items, or `some` of them chosen by the seed, in the order in which they are given. */
export function itemsOf<T>(items: readonly T[], some: number): readonly T[] {
  if (RUNS_ALL || items.length <= some) return items;
  const random = new Random(SEED);
  const rest = [...items.keys()];
  const chosen = Array.from({ length: some }, () => rest.splice(random.below(rest.length), 1)[0]!);
  return chosen.sort((a, b) => a - b).map((index) => items[index]!);
}

/** For the name of a test: `50 kills`, or `6 of 50 kills`. */
export function howMany(turns: number, whole: number, what: string): string {
  return turns === whole ? `${whole} ${what}` : `${turns} of ${whole} ${what}`;
}
