import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Counts, Flow } from '../../pipeline/cohort/flow.js';
import { turnsOf } from '../helpers/extent.js';
import { readJson } from '../helpers/output.js';
import { temporaryFolder } from '../helpers/cli.js';
import { make, readRows, specOf } from './helpers.js';
import { exam, tablesOfExams, writeSnapshot, type TestRow } from './snapshot.js';

/** The numbers of a flow, against a second reckoning of the same rules over the same rows. */

const folder = temporaryFolder();

/** Conditions in SQL and what they are of a row: true, false, or null where it cannot be told. */
const CONDITIONS: readonly (readonly [string, (row: TestRow) => boolean | null])[] = [
  ["study_role = 'screening'", ({ study_role: role }) => role === 'screening'],
  ['is_complete', ({ is_complete: complete }) => complete as boolean],
  ['has_implant', ({ has_implant: implant }) => implant as boolean | null],
  ["site = 'STGE'", ({ site }) => (site === null ? null : site === 'STGE')],
  ['patient_age_years < 55', ({ patient_age_years: age }) => (age === null ? null : (age as number) < 55)],
  ["l_label_strict = 'U' OR r_label_strict = 'U'", ({ l_label_strict: l, r_label_strict: r }) => {
    if (l === 'U' || r === 'U') return true;
    return l === null || r === null ? null : false;
  }],
]; // prettier-ignore

const rows = fc.array(
  fc.record({
    client: fc.integer({ min: 1, max: 9 }),
    study_role: fc.constantFrom('screening', 'assessment'),
    is_complete: fc.boolean(),
    has_implant: fc.constantFrom(true, false, false, null),
    site: fc.constantFrom('STGE', 'ADDE', null),
    patient_age_years: fc.constantFrom(50, 60, null),
    l_label_strict: fc.constantFrom('N', 'M', 'U', null),
    r_label_strict: fc.constantFrom('N', 'B', null),
    l_days_to_cancer: fc.constantFrom(10, 2000, null),
    days_to_last_follow_up: fc.constantFrom(10, 2000, null),
  }),
  { minLength: 1, maxLength: 30 },
);
const steps = fc.array(fc.record({ condition: fc.nat(CONDITIONS.length - 1), isDrop: fc.boolean() }), {
  minLength: 1,
  maxLength: 5,
});

type Fate = readonly [step: number, reason: 'unknown' | 'excluded'] | null;

/** Where a row ends, by the rules as they are written down. */
function fateOf(row: TestRow, chosen: readonly { condition: number; isDrop: boolean }[]): Fate {
  for (const [i, { condition, isDrop }] of chosen.entries()) {
    const holds = CONDITIONS[condition]![1](row);
    if (holds === null) return [i + 1, 'unknown'];
    if (holds === isDrop) return [i + 1, 'excluded'];
  }
  const { l_days_to_cancer: days, days_to_last_follow_up: followed } = row;
  if (days !== null || (followed !== null && (followed as number) >= 1095)) return null;
  return [chosen.length + 1, followed === null ? 'unknown' : 'excluded'];
}

const add = (one: Counts, other: Counts): Counts =>
  Object.fromEntries(Object.entries(one).map(([name, count]) => [name, count + other[name as keyof Counts]])) as unknown as Counts; // prettier-ignore

describe('the flow of a cohort', () => {
  const turns = turnsOf(60, 8);
  test(`adds up for all that is counted, and every row is in the cohort or excluded (${turns} snapshots)`, async () => {
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(rows, steps, async (drawn, chosen) => {
        const place = join(folder, String(turn++));
        const exams = drawn.map(({ client, ...row }, i) => exam(`optm${client}`, `1.${i}`, row));
        const snapshot = await writeSnapshot(place, tablesOfExams(exams));
        const spec = specOf({
          steps: chosen.map(({ condition, isDrop }, i) => ({
            name: `step ${i}`,
            [isDrop ? 'drop' : 'keep']: CONDITIONS[condition]![0],
          })),
          label: {
            name: 'cancer',
            sql: 'days_to_cancer BETWEEN 0 AND 1095',
            require: 'days_to_last_follow_up >= 1095 OR days_to_cancer IS NOT NULL',
          },
        });
        const fates = new Map(exams.map((row) => [String(row['study_instance_uid']), fateOf(row, chosen)]));
        const kept = exams.filter((row) => fates.get(String(row['study_instance_uid'])) === null);
        const to = join(place, 'cohort');
        if (kept.length === 0) {
          await assert.rejects(make(snapshot, spec, to), /leaves none of \d+ exams/);
          return;
        }
        const { flow } = await make(snapshot, spec, to);
        checkSums(flow, exams.length);
        await checkRows(to, exams, fates);
        checkWomen(flow, exams, fates);
      }),
      { numRuns: turns },
    );
  });

  function checkSums(flow: Flow, exams: number): void {
    let left = flow.start;
    assert.equal(left.exams, exams);
    assert.equal(left.images, 4 * exams);
    assert.equal(left.breasts, 2 * exams);
    for (const step of flow.steps) {
      assert.deepEqual(step.before, left);
      assert.deepEqual(add(add(step.dropped, step.unknown), step.left), step.before);
      left = step.left;
    }
    assert.deepEqual(flow.cohort, left);
    assert.equal(flow.labels.reduce((sum, { counts }) => sum + counts.exams, 0), left.exams); // prettier-ignore
  }

  async function checkRows(
    to: string,
    exams: readonly TestRow[],
    fates: ReadonlyMap<string, Fate>,
  ): Promise<void> {
    const cohort = await readRows(to, 'cohort');
    const excluded = await readRows(to, 'excluded');
    const studies = [...cohort, ...excluded].map((row) => String(row['study_instance_uid']));
    assert.deepEqual(studies.sort(), exams.map((row) => String(row['study_instance_uid'])).sort());
    for (const row of cohort) {
      assert.equal(fates.get(String(row['study_instance_uid'])), null);
      const given = exams.find((one) => one['study_instance_uid'] === row['study_instance_uid'])!;
      assert.equal(row['cancer'], given['l_days_to_cancer'] === 10);
    }
    for (const row of excluded)
      assert.deepEqual([row['step'], row['reason']], fates.get(String(row['study_instance_uid'])));
  }

  /** A woman is lost with the last of her exams: at its step, excluded when any of those there was. */
  function checkWomen(flow: Flow, exams: readonly TestRow[], fates: ReadonlyMap<string, Fate>): void {
    const clients = [...new Set(exams.map((row) => String(row['client_id'])))];
    const lost = clients.map((client): Fate => {
      const hers = exams.filter((row) => row['client_id'] === client).map((row) => fates.get(String(row['study_instance_uid']))!); // prettier-ignore
      if (hers.includes(null as never)) return null;
      const last = Math.max(...hers.map((fate) => fate[0]));
      const there = hers.filter((fate) => fate[0] === last);
      return [last, there.some((fate) => fate[1] === 'excluded') ? 'excluded' : 'unknown'];
    });
    for (const { number, dropped, unknown } of flow.steps) {
      const count = (reason: string) => lost.filter((fate) => fate?.[0] === number && fate[1] === reason).length; // prettier-ignore
      assert.deepEqual([dropped.women, unknown.women], [count('excluded'), count('unknown')]);
    }
  }
});

describe('the counts of a flow', () => {
  test('are in flow.json, flow.svg and flow.md alike', async () => {
    const place = join(folder, 'one');
    const exams = [exam('optm1', '1.1'), exam('optm1', '1.2', { study_role: 'assessment' }), exam('optm2', '1.3')];
    const snapshot = await writeSnapshot(place, tablesOfExams(exams));
    await make(snapshot, specOf(), join(place, 'cohort'));
    const flow = readJson<Flow>(place, 'cohort', 'flow.json');
    assert.deepEqual(flow.start, { women: 2, exams: 3, breasts: 6, images: 12, boxes: 0 });
    assert.deepEqual(flow.steps[0]!.dropped, { women: 0, exams: 1, breasts: 2, images: 4, boxes: 0 });
    assert.deepEqual(flow.cohort, { women: 2, exams: 2, breasts: 4, images: 8, boxes: 0 });
    const text = (name: string) => readFileSync(join(place, 'cohort', name), 'utf8');
    assert.match(text('flow.svg'), />1 exam excluded</);
    assert.match(text('flow.md'), /1 exam excluded/);
    assert.match(text('flow.md'), /\| 1\. Screening \| 0 \| 0 \| 2 \| 1 \| 0 \| 2 \| 2 \| 0 \| 4 \| 4 \| 0 \| 8 \|/);
  }); // prettier-ignore
});
