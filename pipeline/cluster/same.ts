import { EnvironmentFault } from '../base/fault.js';
import { programHash } from '../run/program.js';
import type { RangeTasks } from '../run/range-tasks.js';
import { softwareVersion } from '../run/version.js';
import { inodesOf } from '../source/root-identity.js';
import type { RootIds, Tree } from '../source/source.js';
import { piecesOf, rangesByName, type FrozenPlan, type Share } from './frozen-plan.js';

/** Whether a machine is the same as the one that made a plan, as far as rows depend on it. */

/** @throws EnvironmentFault when this is another program, or runs on another version of Node */
export async function assertSameProgram({ program, software }: FrozenPlan): Promise<void> {
  if (program === (await programHash())) return;
  throw new EnvironmentFault(
    `this is omidb-etl ${softwareVersion()} on Node ${process.version}, and the plan was made by another build (${software.version} on Node ${software.node}): use the same program everywhere, or plan again`,
  );
}

/**
 * Device numbers differ from machine to machine, inodes do not. Where a file system gives each machine inodes of its own,
 * the clients that are read must be as the plan found them.
 * @param ids of the roots on this machine, now
 * @throws EnvironmentFault when a root is another folder than the plan was made of
 */
export async function assertSameDatabase(
  plan: FrozenPlan,
  shares: readonly Share[],
  ids: RootIds,
  tasks: Pick<RangeTasks, 'stamp'>,
): Promise<void> {
  const inodes = inodesOf(ids);
  const other = (Object.keys(inodes) as Tree[]).find((tree) => inodes[tree] !== plan.rootInodes[tree]);
  if (other === undefined || (await isUnchanged(plan, shares, tasks))) return;
  throw new EnvironmentFault(
    `${String(plan.options.roots[other])} is another folder than the plan was made of: check that the same disk is mounted here, or plan again`,
  );
}

async function isUnchanged(
  plan: FrozenPlan,
  shares: readonly Share[],
  tasks: Pick<RangeTasks, 'stamp'>,
): Promise<boolean> {
  const ranges = rangesByName(plan);
  const same = shares.flatMap(({ range: name, first, end }) => {
    const range = ranges.get(name)!;
    const pieces = piecesOf(range).slice(first, end);
    return pieces.map(async (clients, i) => (await tasks.stamp(clients)) === range.stamps[first + i]);
  });
  return !(await Promise.all(same)).includes(false);
}
