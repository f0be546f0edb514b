import { readFileSync } from 'node:fs';

/** How many files this process may have open at a time; null where the system does not say, or sets no limit. */
export function mostOpenFiles(): number | null {
  try {
    const [, limit] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null;
  }
}
