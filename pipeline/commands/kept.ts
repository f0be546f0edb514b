import { resolve } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { listRunIds } from '../snapshot/published.js';

/**
 * Does what reads the snapshots of an output. A run that publishes meanwhile removes the oldest: what fails then says so.
 * @throws EnvironmentFault then, else what `use` throws
 */
export async function whileKept<T>(out: string, use: () => Promise<T>): Promise<T> {
  const folder = resolve(out);
  const before = listRunIds(folder);
  try {
    return await use();
  } catch (error) {
    const left = new Set(listRunIds(folder));
    const gone = before.find((id) => !left.has(id));
    if (gone === undefined) throw error;
    throw new EnvironmentFault(
      `a run removed snapshot ${gone} of ${folder} while it may have been read: try again, and give runs a larger --keep`,
    );
  }
}
