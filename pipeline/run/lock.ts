import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EnvironmentFault } from '../omi-db/folders.js';

/** Who holds the output folder, as the lock file has it. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** When the process started, as the kernel counts it: a new process may have got the number of a dead one. */
  readonly processStart: string | null;
}

/** A holder on another machine cannot be asked whether it lives: it touches the file so often … */
const HEARTBEAT_MS = 15_000;
/** … and counts as dead after so long without. */
const SILENT_MS = 120_000;

/** Held until released; the process's death releases it too. */
export interface Lock {
  release(): void;
}

/**
 * One run at a time for each output folder.
 * @throws EnvironmentFault when a living run holds it; the message says which and since when.
 */
export function acquireLock(out: string, now: Date): Lock {
  const path = join(out, '.lock');
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    since: now.toISOString(),
    processStart: processStart(process.pid),
  };
  // A second try after a dead holder's file is out of the way.
  if (!create(path, own)) {
    const holder = readHolder(path);
    if (holder !== null && isAlive(holder, path)) throw new EnvironmentFault(heldBy(holder, out));
    removeStale(path);
    if (!create(path, own))
      throw new EnvironmentFault(`another run has just started to write to ${out}: wait for it`);
  }
  const heartbeat = setInterval(() => {
    touch(path);
  }, HEARTBEAT_MS).unref();
  return {
    release: () => {
      clearInterval(heartbeat);
      rmSync(path, { force: true });
    },
  };
}

function heldBy({ pid, host, since }: Holder, out: string): string {
  return `another run writes to ${out} (process ${pid} on ${host}, since ${since}): wait for it, or stop it`;
}

function create(path: string, holder: Holder): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeSync(descriptor, `${JSON.stringify(holder)}\n`);
  closeSync(descriptor);
  return true;
}

/** Null for a file that is gone, or half-written by a process that died. */
function readHolder(path: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder> | null;
    if (typeof holder?.pid !== 'number' || typeof holder.host !== 'string') return null;
    return {
      pid: holder.pid,
      host: holder.host,
      since: String(holder.since),
      processStart: holder.processStart ?? null,
    };
  } catch {
    return null;
  }
}

function isAlive({ pid, host, processStart: start }: Holder, path: string): boolean {
  if (host !== hostname()) {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat !== undefined && Date.now() - stat.mtimeMs < SILENT_MS;
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return start === null || processStart(pid) === null || processStart(pid) === start;
}

/** Field 22 of /proc/<pid>/stat; null where there is no such file system. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Renamed first: of two runs that find the same dead holder only one gets its file away. */
function removeStale(path: string): void {
  const away = `${path}.${process.pid}`;
  try {
    renameSync(path, away);
    rmSync(away, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Somebody removed the file: the next run will not see this one, which is what they wanted.
  }
}
