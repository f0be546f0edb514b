import { join } from 'node:path';
import { Fault, Refused, UsageFault, type FaultCode } from '../base/fault.js';
import { countsOf } from '../snapshot/gate/check.js';
import { overLimit } from '../snapshot/gate/sentence.js';
import type { Manifest } from '../snapshot/manifest.js';
import {
  currentRunId,
  endUnderWay,
  NOTHING_MADE,
  noteUnderWay,
  RECORD_VERSION,
  recordDeath,
  writeRecord,
  type RunRecord,
  type RunStatus,
} from '../snapshot/run-record.js';
import type { Roots } from '../source/source.js';
import { exists } from '../storage/names.js';
import type { RunContext } from './context.js';
import { EXIT, exitCodeOf, exitCodeOfRun } from './exit.js';
import { logEvent } from './events.js';
import { writeMetrics } from './metrics.js';
import type { RunOptions } from './options.js';
import type { RunSummary } from './summary.js';
import { softwareVersion } from './version.js';

export type RecordOptions = Pick<RunOptions, 'out' | 'failOn' | 'metricsFile' | 'echo'> & {
  /** Left out where a run failed before it knew them. */
  readonly roots?: Roots;
};

/** What a record has beside that which every run has. */
type Ended = Pick<RunRecord, 'status' | 'exit_code'> & Partial<RunRecord>;

/** Writes the record of a run, once, whatever becomes of it. That it cannot be written is said, and ends no run. */
export class RunRecorder {
  private readonly started: Date;
  private runId: string | null = null;
  /** Of the snapshot that was built, published or not. */
  private built: Pick<RunRecord, 'counts' | 'mismatches' | 'reasons' | 'gate' | 'budgets'> | null = null;
  private fault: FaultCode | 'program' | null = null;
  private isWritten = false;

  constructor(
    private readonly options: RecordOptions,
    private readonly context: RunContext,
  ) {
    this.started = context.now();
  }

  /**
   * Records whatever `use` throws.
   * @param use told of what records a failure earlier, while the output is still held
   */
  async recordingFailure<T>(use: (failed: (error: unknown) => void) => Promise<T>): Promise<T> {
    try {
      return await use((error) => {
        this.failed(error);
      });
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  /**
   * The run has its output folder and its id. What became of one that died is recorded first. Where nothing can be written
   * the run fails soon after, and that is what the user hears; or its record is written, or that it cannot be is said, then.
   */
  begin(runId: string): void {
    const { out } = this.options;
    this.runId = runId;
    this.trying('debug', () => {
      const dead = recordDeath(out);
      if (dead !== null)
        this.context.log.warn(
          { event: 'died', run_id: dead.run_id, started: dead.started, snapshot: dead.snapshot },
          `the run of ${dead.started} ended without a word: it was killed, or the machine went down`,
        );
      noteUnderWay(out, { run_id: runId, started: this.started.toISOString(), ...this.program() });
    });
  }

  /** The snapshot was built, verified and held against the current one. */
  hasBuilt(manifest: Manifest): void {
    this.built = madeOf(manifest);
  }

  /** For who holds the lock. */
  ended(summary: RunSummary): void {
    const { gate, mismatches, ...made } = madeOf(summary.manifest);
    this.write({
      ...made,
      // What the run that made the snapshot read, and was held to, is on its own record.
      ...(summary.changed ? { gate } : { reasons: {} }),
      mismatches: { ...mismatches, ...summary.history },
      budgets: summary.budgets,
      status: summary.changed ? 'published' : 'unchanged',
      exit_code: exitCodeOfRun(summary, this.options.failOn),
      snapshot: `snapshots/${summary.runId}`,
    });
  }

  /** @param error as the user hears it; a run may fail before it holds the lock */
  failed(error: unknown): void {
    if (this.isWritten) return;
    // A folder that was taken away is not made anew, and one that a mistake in the command names may be anything.
    const mayMake = this.runId === null && !(error instanceof UsageFault);
    if (!mayMake && !exists(join(this.options.out, 'snapshots'))) return;
    const isRefused = error instanceof Refused;
    this.fault = error instanceof Fault ? error.code : 'program';
    this.write({
      ...(isRefused ? this.built : null),
      status: statusOf(error),
      exit_code: exitCodeOf(error) ?? EXIT.failed,
      failure: error instanceof Error ? error.message : String(error),
      snapshot: isRefused ? `refused/${this.runId!}` : null,
    });
  }

  private write(ended: Ended): void {
    if (this.isWritten) return;
    this.isWritten = true;
    const { out, metricsFile } = this.options;
    const finished = this.context.now();
    const { status, exit_code, ...made } = ended;
    const record: RunRecord = {
      format_version: RECORD_VERSION,
      status,
      exit_code,
      run_id: this.runId,
      started: this.started.toISOString(),
      finished: finished.toISOString(),
      seconds: (finished.getTime() - this.started.getTime()) / 1000,
      ...this.program(),
      ...NOTHING_MADE,
      ...made,
      current: currentRunId(out),
    };
    this.log(record);
    // Of a run that failed the user hears worse.
    const level = this.fault === null ? 'warn' : 'debug';
    this.trying(level, () => {
      writeRecord(out, record);
      if (this.runId !== null) endUnderWay(out, this.runId);
    });
    if (metricsFile !== null)
      this.trying(level, () => {
        writeMetrics(metricsFile, out, record);
      });
    this.context.onRecord?.(record);
  }

  /** Numbers, run ids and paths of this machine: a sentence may name a client, but for those of the environment. */
  private log({ status, gate, mismatches, failure, ...record }: RunRecord): void {
    const isOfMachine = this.fault === 'environment' || this.fault === 'interrupted';
    const { run_id, exit_code, seconds, counts, reasons, snapshot, current } = record;
    const fields = {
      ...{ run_id, exit_code, seconds, counts, reasons, snapshot, current },
      mismatches: mismatches === null ? null : mismatches.by_severity,
      over: gate === null ? [] : overLimit(gate),
      ...(this.fault === null ? {} : { fault: this.fault, failure: isOfMachine ? failure : null }),
    };
    const where = snapshot === null ? '' : ` ${snapshot}`;
    logEvent(
      this.context,
      status,
      fields,
      `${status}${where} after ${seconds ?? 0} s, exit code ${exit_code ?? 1}`,
    );
  }

  private program(): Pick<RunRecord, 'roots' | 'software' | 'options'> {
    const { roots, echo, failOn } = this.options;
    return { roots: roots ?? null, ...programOf({ ...echo, fail_on: failOn }) };
  }

  private trying(level: 'warn' | 'debug', write: () => void): void {
    try {
      write();
    } catch (error) {
      this.context.log[level](`the record of this run cannot be written: ${(error as Error).message}`);
    }
  }
}

function madeOf(manifest: Manifest) {
  const { mismatches, work, gate, budgets } = manifest;
  const { total, by_kind, by_severity, since, new: fresh, resolved } = mismatches;
  return {
    counts: countsOf(manifest),
    mismatches: { total, by_kind, by_severity, since, new: fresh, resolved },
    reasons: work.client_ranges,
    gate: gate ?? null,
    budgets,
  };
}

function statusOf(error: unknown): RunStatus {
  const code = error instanceof Fault ? error.code : null;
  return code === 'refused' || code === 'interrupted' ? code : 'failed';
}

/** Which program it was, and what it was told. */
export function programOf(options: RunRecord['options']): Pick<RunRecord, 'software' | 'options'> {
  return { software: { name: 'omidb-etl', version: softwareVersion(), node: process.version }, options };
}
