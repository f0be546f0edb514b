import { resolve } from 'node:path';
import { EnvironmentFault, UsageFault } from '../base/fault.js';
import { errorName } from '../base/system-error.js';
import type { RunContext } from '../run/context.js';
import { dryRun, type DryRunSummary, type LineSink } from '../run/dry-run.js';
import type { RunOptions } from '../run/options.js';
import { NewFile } from '../storage/new-file.js';
import { count, wrapForScreen } from './plain-table.js';
import { print } from './print.js';
import type { RunValues } from './run-options.js';
import { budgetText, mismatchText } from './summary.js';

/** `omidb-etl run --dry-run`. @returns what was found, for the exit code */
export async function dryRunCommand(
  values: Pick<RunValues, 'json' | 'plan-file'>,
  options: RunOptions,
  context: RunContext,
): Promise<DryRunSummary> {
  const path = values['plan-file'] ?? null;
  const file = path === null ? null : new PlanFile(resolve(path));
  try {
    const sink: LineSink | null = file === null && !values.json ? null : async (lines) => {
      file?.write(lines);
      if (values.json && lines.length > 0) await print(`${lines.join('\n')}\n`);
    }; // prettier-ignore
    const summary = await dryRun(options, context, sink);
    await sink?.([JSON.stringify({ summary })]);
    file?.finish();
    if (!values.json) await print(dryRunText(summary, path));
    return summary;
  } catch (error) {
    file?.abandon();
    throw error;
  }
}

/** The plan as a file, which has its name when it is whole. */
class PlanFile {
  private readonly file: NewFile;

  /** @throws UsageFault */
  constructor(private readonly path: string) {
    try {
      this.file = new NewFile(path);
    } catch (error) {
      throw new UsageFault(`the plan file ${path} cannot be written (${errorName(error)}): check the path`);
    }
  }

  /** @throws EnvironmentFault */
  write(lines: readonly string[]): void {
    if (lines.length > 0) this.guarded(() => { this.file.write(Buffer.from(`${lines.join('\n')}\n`)); }); // prettier-ignore
  }

  /** @throws EnvironmentFault */
  finish(): void {
    this.guarded(() => { this.file.finish(); }); // prettier-ignore
  }

  abandon(): void {
    this.file.abandon();
  }

  private guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      throw new EnvironmentFault(
        `the plan file ${this.path} cannot be written (${errorName(error)}): make room, or give another path`,
      );
    }
  }
}

function dryRunText(summary: DryRunSummary, planFile: string | null): string {
  const { clients, studies, images, mismatches, budgets } = summary;
  const paired = `${count(clients)} clients, ${count(studies)} studies, ${count(images)} images`;
  return [
    '',
    wrapForScreen(`dry run: ${paired} found; no image header was read, and nothing was published`),
    ...(planFile === null ? [] : [`the plan is in ${planFile}`]),
    '',
    mismatchText({ mismatches }),
    ...budgetText({ budgets }),
    '',
    wrapForScreen('Mismatches that only image headers show are not among these.'),
    '',
  ].join('\n');
}
