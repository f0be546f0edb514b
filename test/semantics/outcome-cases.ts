import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  episodeOutcome,
  OUTCOME_RULES,
  type Outcome,
  type OutcomeMonths,
} from '../../pipeline/semantics/outcome.js';
import { facts } from './helpers.js';

/** Outcomes of episodes as cases: what the tests of the rules share. */

const UNSET: OutcomeMonths = { ciPrior: null, cancerPrior: null, normalFollowUp: null, benignFollowUp: null };

type Rule = keyof typeof OUTCOME_RULES;
type Expected = [outcome: string | null, laterEpisodeId: string | null, rule: Rule];
export type Case = [
  name: string,
  episodes: Record<string, unknown>,
  months: Partial<OutcomeMonths>,
  expected: Expected,
];

export const outcomeOf = (
  id: string,
  episodes: Record<string, unknown>,
  months: Partial<OutcomeMonths>,
): Outcome => {
  const all = facts(episodes);
  return episodeOutcome(
    all.find(({ episodeId }) => episodeId === id)!,
    all,
    { ...UNSET, ...months },
  );
};

/** Each case asks for the outcome of episode A. */
export function check(cases: readonly Case[]): void {
  for (const [name, episodes, months, [outcome, laterEpisodeId, rule]] of cases) {
    test(name, () => {
      assert.deepEqual(outcomeOf('A', episodes, months), {
        outcome,
        laterEpisodeId,
        rule: OUTCOME_RULES[rule],
        error: outcome === null,
      });
    });
  }
}
