import type { GateReport, GateResult } from '../manifest.js';

/** What a gate refused a snapshot for. */
export interface Refusal {
  readonly report: GateReport;
  /** Ids of clients for each result that is over its limit, by its `what`. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
}

/** Results that are over their limit. */
export function overLimit({ results }: GateReport): readonly GateResult[] {
  return results.filter(({ over }) => over > 0);
}

/**
 * The sentence that the user hears: what fell or rose, from how many to how many, with clients as examples, and how to
 * look at it and accept it.
 */
export function refusalSentence({ report, examples }: Refusal, runId: string, out: string): string {
  const over = overLimit(report);
  const what = over.map((result) => resultText(result, examples[result.what] ?? [])).join('; ');
  const options = over.map(acceptingOption).join(' ');
  return [
    `${what}: nothing was published, and ${out} has the current snapshot as it was.`,
    `Look at what changed: omidb-etl diff current ${runId} --out ${out}.`,
    `Where the copy is not whole, mend it, and the next run publishes it.`,
    `Where it is right: omidb-etl use ${runId} --out ${out}, until the next run, or run with ${options}`,
  ].join(' ');
}

function resultText(
  { what, direction, before, now, allowed, limit }: GateResult,
  clients: readonly string[],
): string {
  const verb = direction === 'fall' ? 'fell' : 'rose';
  const name = direction === 'fall' ? what : `mismatches (${what})`;
  const named = clients.length === 0 ? '' : `; e.g. ${clients.join(', ')}`;
  return `${name} ${verb} from ${before} to ${now} (${allowed} at most: ${limit}${named})`;
}

function acceptingOption({ what, direction, before, now }: GateResult): string {
  return direction === 'fall' ? `--max-drop ${what}=${before - now}` : `--gate ${what}=${now - before}`;
}
