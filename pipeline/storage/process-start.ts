import { errorCode } from '../base/system-error.js';
import { linkTarget } from './names.js';
import { readText } from './read.js';

/** What tells a process from an earlier one of the same number; null where the system has no /proc. */
export function processStart(pid: number): string | null {
  const fields = statFields(pid);
  if (fields === null) return null;
  // Ticks since the machine was started, so the start of the machine belongs to it.
  return `${bootId()} ${fields[START]}`;
}

/**
 * Where numbers of processes mean something: the machine since it was started, and in it the namespace of processes, of
 * which each container has its own. Null where the system has no /proc.
 */
export function processSpace(): string | null {
  try {
    return `${bootId()} ${linkTarget('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/**
 * True when a process of this space lives.
 * @param start what processStart said of it; null when that is not known
 */
export function isRunning(pid: number, start: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    if (errorCode(error) !== 'EPERM') return false;
  }
  const fields = statFields(pid);
  if (fields === null) return true;
  // A zombie is dead, and only waits for its parent to notice, which in a container may be never.
  if (/^[ZXx]$/.test(fields[STATE]!)) return false;
  return start === null || processStart(pid) === start;
}

/** Where fields 3 and 22 of /proc/<pid>/stat (proc(5)) are once the first two are cut off. */
const STATE = 0;
const START = 19;

function statFields(pid: number): string[] | null {
  try {
    const stat = readText(`/proc/${pid}/stat`);
    // The name in parentheses may hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function bootId(): string {
  try {
    return readText('/proc/sys/kernel/random/boot_id').trim();
  } catch {
    return '';
  }
}
