import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { errorCode } from '../base/system-error.js';
import { linkIfFree, removeIfThere, rename, touch, touchedAt, writeNew } from '../storage/names.js';
import { readText } from '../storage/read.js';
import { isRunning, processStart } from './process-start.js';

/** Who holds the output folder, as the lock file has it. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** When the process started (see processStart): a new process may have got the number of a dead one. */
  readonly processStart: string | null;
}

/** A lock file as it was read. */
interface Found {
  /** Null for a file that says nothing: the disk lost it when the power went. */
  readonly holder: Holder | null;
  /** Tells this lock from every other. */
  readonly id: string;
}

/** A holder on another machine cannot be asked whether it lives: it touches the file so often … */
const HEARTBEAT_MS = 15_000;
/** … and counts as dead after so long without. */
const SILENT_MS = 120_000;

/** Held until released; the process's death releases it too. */
export interface Lock {
  /** False when somebody removed the lock file, or took it over from a holder that seemed dead. */
  isHeld(): boolean;
  release(): void;
}

/**
 * One run at a time for each output folder.
 *
 * The lock file is written apart and linked to its name, so that nobody ever reads half of one. A dead holder's file is
 * replaced by renaming the new one over it, by the one run that could link its own file to the name `.lock.after-<id of
 * the dead lock>` first; should that run die on the way, its successor does the same with that file.
 * @throws EnvironmentFault when a living run holds it; the message says which and since when.
 */
export function acquireLock(out: string, now: Date): Lock {
  const path = join(out, '.lock');
  const own = join(out, `.lock.${process.pid}-${randomBytes(6).toString('hex')}`);
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    since: now.toISOString(),
    processStart: processStart(process.pid),
  };
  const content = `${JSON.stringify({ ...holder, nonce: randomBytes(8).toString('hex') })}\n`;
  try {
    // Not forced to the disk: a lock that a power cut loses was of a run that is dead.
    writeNew(own, content);
    if (!linkIfFree(own, path)) replaceDead(out, path, { path: own, id: idOf(content) });
  } catch (error) {
    // A run that has the lock removed it as a leftover.
    throw errorCode(error) === 'ENOENT' ? justStarted(out) : error;
  } finally {
    removeIfThere(own);
  }
  const isHeld = () => readLock(path)?.id === idOf(content);
  const heartbeat = setInterval(() => {
    if (isHeld()) beat(path);
  }, HEARTBEAT_MS).unref();
  return {
    isHeld,
    release: () => {
      clearInterval(heartbeat);
      // Somebody else's stays.
      if (isHeld()) removeIfThere(path);
    },
  };
}

/** @throws EnvironmentFault when the holder lives, or another run is quicker. */
function replaceDead(out: string, path: string, own: { path: string; id: string }): void {
  const dead = readLock(path);
  if (dead === null) {
    // Released since.
    if (linkIfFree(own.path, path)) return;
    throw justStarted(out);
  }
  const claims: string[] = [];
  for (let before: Found | null = dead, claim = path; before !== null; before = readLock(claim)) {
    if (before.holder !== null && isAlive(before.holder, claim)) throw heldBy(before.holder, out);
    claim = join(out, `.lock.after-${before.id}`);
    claims.push(claim);
    if (linkIfFree(own.path, claim)) break;
  }
  const mine = claims.at(-1)!;
  // A claim that was gone when it was to be read was of a run that has the lock by now.
  if (readLock(mine)?.id !== own.id) throw justStarted(out);
  // So has one that replaced the dead lock, and removed its claims, before this claim was made.
  if (readLock(path)?.id !== dead.id) {
    removeIfThere(mine);
    throw justStarted(out);
  }
  rename(own.path, path);
  for (const claim of claims) removeIfThere(claim);
}

function heldBy({ pid, host, since }: Holder, out: string): EnvironmentFault {
  return new EnvironmentFault(
    `another run writes to ${out} (process ${pid} on ${host}, since ${since}): wait for it, or stop it`,
  );
}

function justStarted(out: string): EnvironmentFault {
  return new EnvironmentFault(`another run has just started to write to ${out}: wait for it`);
}

/** Null when there is no such file. */
function readLock(path: string): Found | null {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  return { holder: parseHolder(text), id: idOf(text) };
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function parseHolder(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
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
  if (host === hostname()) return isRunning(pid, start);
  const touched = touchedAt(path);
  return touched !== null && Date.now() - touched < SILENT_MS;
}

function beat(path: string): void {
  try {
    touch(path, new Date());
  } catch {
    // Somebody removed the file: isHeld tells before anything is published.
  }
}
