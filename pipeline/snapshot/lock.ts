import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentFault } from '../base/fault.js';
import { errorCode } from '../base/system-error.js';
import { linkIfFree, removeIfThere, rename, touch, touchMark, writeNew } from '../storage/names.js';
import { isRunning, processSpace, processStart } from '../storage/process-start.js';
import { readText } from '../storage/read.js';

/** Who holds the output folder, as the lock file has it. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** When the process started (see processStart): a new process may have got the number of a dead one. */
  readonly processStart: string | null;
  /** Where its number means something (see processSpace): a container may have the host name of another. */
  readonly space: string | null;
  /** Name of the folder that the run builds in. */
  readonly building: string;
}

/** A lock file as it was read. */
interface Found {
  /** Null for a file that says nothing: the disk lost it when the power went, or it is being written. */
  readonly holder: Holder | null;
  /** Tells this lock from every other. */
  readonly id: string;
}

/** How often a holder shows that it lives, and after how long without it counts as dead for those who cannot ask. */
export interface LockPace {
  readonly beatMs: number;
  readonly silentMs: number;
}

const PACE: LockPace = { beatMs: 5_000, silentMs: 120_000 };
/** Whoever writes a lock file has written it by then. */
const WRITING_MS = 2_000;

export interface LockSettings {
  readonly now: Date;
  /** Name of the folder that the run builds in. */
  readonly building: string;
  readonly signal: AbortSignal;
  /** Told when it takes a while to learn whether another run lives. */
  readonly onWait: (sentence: string) => void;
  readonly pace?: LockPace | undefined;
}

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
 * the dead lock>` first; should that run die on the way, its successor does the same with that file. A holder that cannot
 * be asked (another machine, another container) is watched: it lives if its file is touched meanwhile, whatever the clocks.
 * @throws EnvironmentFault when a living run holds it; the message says which and since when. AbortError
 */
export async function acquireLock(out: string, settings: LockSettings): Promise<Lock> {
  const path = join(out, '.lock');
  const own = join(out, `.lock.${process.pid}-${randomBytes(6).toString('hex')}`);
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    since: settings.now.toISOString(),
    processStart: processStart(process.pid),
    space: processSpace(),
    building: settings.building,
  };
  const content = `${JSON.stringify({ ...holder, nonce: randomBytes(8).toString('hex') })}\n`;
  try {
    // Not forced to the disk: a lock that a power cut loses was of a run that is dead.
    writeNew(own, content);
    if (!linkIfFree(own, path)) await replaceDead(out, path, { path: own, id: idOf(content) }, settings);
  } catch (error) {
    // A run that has the lock removed it as a leftover.
    throw errorCode(error) === 'ENOENT' ? justStarted(out) : error;
  } finally {
    removeIfThere(own);
  }
  return hold(path, idOf(content), settings.pace ?? PACE);
}

function hold(path: string, id: string, { beatMs }: LockPace): Lock {
  const isHeld = () => readLock(path)?.id === id;
  let last = 0;
  const heartbeat = setInterval(() => {
    // Another time than the last in any case: this machine's clock may stand still, or be set back.
    last = Math.max(Date.now(), last + 2_000);
    if (isHeld()) beat(path, new Date(last));
  }, beatMs).unref();
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
async function replaceDead(
  out: string,
  path: string,
  own: { path: string; id: string },
  settings: LockSettings,
): Promise<void> {
  const dead = readLock(path);
  if (dead === null) {
    // Released since.
    if (linkIfFree(own.path, path)) return;
    throw justStarted(out);
  }
  const claims: string[] = [];
  for (let before: Found | null = dead, claim = path; before !== null; before = readLock(claim)) {
    if (await lives(before, claim, out, settings)) throw heldBy(before.holder, out);
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

/** Whether the holder of a lock file, or of a claim, lives. @throws EnvironmentFault when it let go meanwhile */
async function lives(
  { holder, id }: Found,
  path: string,
  out: string,
  { pace = PACE, signal, onWait }: LockSettings,
): Promise<boolean> {
  if (holder !== null && holder.host === hostname() && holder.space === processSpace())
    return isRunning(holder.pid, holder.processStart);
  const patience = holder === null ? Math.min(WRITING_MS, pace.silentMs) : pace.silentMs;
  if (holder !== null)
    onWait(
      `process ${holder.pid} on ${holder.host} holds ${out} since ${holder.since}, and cannot be asked from here: waiting for a sign of it, ${patience / 1000} s at most`,
    );
  const mark = touchMark(path);
  // Without the clock that people set: a time that only runs on.
  const end = performance.now() + patience;
  while (performance.now() < end) {
    await sleep(Math.min(pace.beatMs, patience) / 2, undefined, { signal });
    if (readLock(path)?.id !== id) throw justStarted(out);
    if (touchMark(path) !== mark) return true;
  }
  return false;
}

function heldBy(holder: Holder | null, out: string): EnvironmentFault {
  if (holder === null) return justStarted(out);
  const { pid, host, since } = holder;
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
      // A lock of 0.1.0 has none: its holder is watched.
      space: holder.space ?? '',
      building: String(holder.building),
    };
  } catch {
    return null;
  }
}

function beat(path: string, time: Date): void {
  try {
    touch(path, time);
  } catch {
    // Somebody removed the file: isHeld tells before anything is published.
  }
}
