import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UsageFault } from '../../pipeline/base/fault.js';
import { checkGate, type Counts } from '../../pipeline/snapshot/gate/check.js';
import { findGoneClients } from '../../pipeline/snapshot/gate/gone.js';
import { COUNTED, DEFAULT_LIMITS, gateLimits } from '../../pipeline/snapshot/gate/limits.js';
import { refusalSentence } from '../../pipeline/snapshot/gate/sentence.js';
import { MISMATCH_KINDS, type MismatchKind } from '../../schemas/mismatch-kinds.js';

/** The gate by its numbers; test/history/gate.test.ts has it in runs. */

const ROWS = { clients: 0, studies: 0, images: 0 };
const NO_MISMATCHES = { by_kind: {}, by_severity: { error: 0, warning: 0, info: 0 } };

/** What is over its limit, and by how much, when the counts change so. */
function fell(limits: ReturnType<typeof gateLimits>, before: Counts, now: Counts): Record<string, number> {
  const held = (counts: Counts) => ({ counts, mismatches: NO_MISMATCHES });
  const results = checkGate(limits, held(before), held(now), ROWS);
  return Object.fromEntries(results.filter(({ over }) => over > 0).map(({ what, over }) => [what, over]));
}

/** The same of mismatches: all of one kind, `images` images and a tenth of that clients. */
function rose(limits: ReturnType<typeof gateLimits>, kind: MismatchKind, before: number, now: number) {
  const held = (found: number) => {
    const severity = { ...NO_MISMATCHES.by_severity, [MISMATCH_KINDS[kind].severity]: found };
    return { counts: {}, mismatches: { by_kind: { [kind]: found }, by_severity: severity } };
  };
  const rows = { clients: 100, studies: 300, images: 1000 };
  const results = checkGate(limits, held(before), held(now), rows);
  return Object.fromEntries(results.filter(({ over }) => over > 0).map(({ what, over }) => [what, over]));
}

describe('what may fall', () => {
  // By hand: 2 % of 10,000 clients are 200, 2 % of 199 are 3.98; 5 % of 100 are 5; and 3 may always.
  const table: readonly (readonly [string, Counts, Counts, Record<string, number>])[] = [
    ['nothing changed', { clients: 50 }, { clients: 50 }, {}],
    ['more than before', { clients: 50, images: 400 }, { clients: 60, images: 900 }, {}],
    ['three withdrawals of a small copy', { clients: 10 }, { clients: 7 }, {}],
    ['four of them', { clients: 10 }, { clients: 6 }, { clients: 1 }],
    ['2 % of the clients', { clients: 10_000 }, { clients: 9_800 }, {}],
    ['one client more than 2 %', { clients: 10_000 }, { clients: 9_799 }, { clients: 1 }],
    ['a percentage counts whole clients only', { clients: 199 }, { clients: 195 }, { clients: 1 }],
    ['three quarters gone', { clients: 60, images: 600 }, { clients: 15, images: 150 }, { clients: 42, images: 420 }],
    ['5 % of the others', { studies: 100, images: 100, dicom_files: 100, boxes: 100 }, { studies: 95, images: 95, dicom_files: 95, boxes: 95 }, {}],
    ['one more of each', { studies: 100, images: 100, dicom_files: 100, boxes: 100 }, { studies: 94, images: 94, dicom_files: 94, boxes: 94 }, { studies: 1, images: 1, dicom_files: 1, boxes: 1 }],
    ['a snapshot of 0.1.0 knew no boxes', { clients: 5 }, { clients: 5, boxes: 0 }, {}],
    ['nothing to compare with', {}, { clients: 0 }, {}],
    ['all gone', { boxes: 4 }, { boxes: 0 }, { boxes: 1 }],
  ]; // prettier-ignore
  for (const [what, before, now, expected] of table)
    test(`by default: ${what}`, () => {
      assert.deepEqual(fell(gateLimits([], []), before, now), expected);
    });

  test('a limit that is given replaces the default of its name, without three to spare', () => {
    const limits = gateLimits(['clients=1', 'images=10%'], []);
    const before = { clients: 50, studies: 100, images: 100 };
    assert.deepEqual(fell(limits, before, { clients: 49, studies: 95, images: 90 }), {});
    assert.deepEqual(fell(limits, before, { clients: 48, studies: 94, images: 89 }), { clients: 1, studies: 1, images: 1 }); // prettier-ignore
    assert.deepEqual(fell(gateLimits(['boxes=0%'], []), { boxes: 100 }, { boxes: 99 }), { boxes: 1 });
    // Of two for the same the last counts, as of every option.
    assert.deepEqual(fell(gateLimits(['clients=1', 'clients=9'], []), { clients: 50 }, { clients: 41 }), {});
  });

  test('none takes the defaults away, of mismatches too, and leaves what is given beside it', () => {
    assert.deepEqual(gateLimits(['none'], []), { drops: {}, rises: {} });
    assert.deepEqual(Object.keys(gateLimits(['none', 'boxes=3'], ['error=1%']).drops), ['boxes']);
    assert.deepEqual(Object.keys(gateLimits(['none', 'boxes=3'], ['error=1%']).rises), ['error']);
  });

  for (const text of ['', 'clients', 'clients=', 'clients=-1', 'clients=1.5', 'clients=2%%', 'episodes=3', 'None', 'toString=3', 'dicom_missing=3'])
    test(`${JSON.stringify(text)} is no limit`, () => {
      assert.throws(() => gateLimits([text], []), UsageFault);
    }); // prettier-ignore
});

describe('what may rise', () => {
  // Of 1000 images 5 % are 50 and 1 % are 10; 1 % of 100 clients is 1, so that 3 may.
  const table: readonly (readonly [MismatchKind, number, number, Record<string, number>])[] = [
    ['dicom_missing', 7, 57, {}],
    ['dicom_missing', 7, 58, { error: 1 }],
    ['dicom_missing', 58, 7, {}],
    ['tag_conflict', 0, 900, {}],
    ['dicom_truncated', 2, 12, {}],
    ['dicom_truncated', 2, 13, { dicom_truncated: 1 }],
    ['dicom_unreadable', 0, 11, { dicom_unreadable: 1 }],
    ['json_unreadable', 0, 3, {}],
    ['json_unreadable', 0, 4, { json_unreadable: 1 }],
    ['copy_unfinished', 2, 2, {}],
    ['copy_unfinished', 0, 1, { copy_unfinished: 1 }],
  ];
  for (const [kind, before, now, expected] of table)
    test(`by default: ${kind} from ${before} to ${now}`, () => {
      assert.deepEqual(rose(gateLimits([], []), kind, before, now), expected);
    });

  test('a limit of a kind is one of its clients, studies or images, and comes beside the defaults', () => {
    const limits = gateLimits([], ['tag_conflict=1%', 'study_not_on_disk=2%', 'nbss_missing=1']);
    assert.deepEqual(rose(limits, 'tag_conflict', 5, 15), {});
    assert.deepEqual(rose(limits, 'tag_conflict', 5, 16), { tag_conflict: 1 });
    assert.deepEqual(rose(limits, 'study_not_on_disk', 0, 7), { study_not_on_disk: 1 });
    assert.deepEqual(rose(limits, 'nbss_missing', 3, 5), { nbss_missing: 1 });
    assert.deepEqual(rose(limits, 'json_unreadable', 0, 4), { json_unreadable: 1 });
    assert.deepEqual(rose(gateLimits([], ['error=0']), 'dicom_missing', 3, 4), { error: 1 });
  });

  test('none takes the defaults of mismatches away', () => {
    assert.deepEqual(gateLimits([], ['none']), { drops: DEFAULT_LIMITS.drops, rises: {} });
  });

  test('of a copy without images errors are measured by its clients', () => {
    const held = (error: number) => ({ counts: {}, mismatches: { by_kind: {}, by_severity: { error, warning: 0, info: 0 } } }); // prettier-ignore
    const rows = { clients: 200, studies: 100, images: 0 };
    const over = (now: number) => checkGate(gateLimits([], []), held(0), held(now), rows).find(({ what }) => what === 'error')!.over; // prettier-ignore
    assert.deepEqual([over(10), over(11)], [0, 1]);
  });

  test('mismatches of other clients are not compared', () => {
    const held = { counts: {}, mismatches: null };
    const now = { counts: {}, mismatches: { by_kind: { dicom_missing: 99 }, by_severity: { error: 99, warning: 0, info: 0 } } }; // prettier-ignore
    assert.deepEqual(checkGate(gateLimits([], ['error=0']), held, now, ROWS), []);
  });

  for (const text of ['', 'error', 'error=', 'warning=3', 'dicom_lost=3', 'toString=3', 'error=1e3', 'clients=3'])
    test(`${JSON.stringify(text)} is no limit`, () => {
      assert.throws(() => gateLimits([], [text]), UsageFault);
    }); // prettier-ignore
});

describe('clients that are gone', () => {
  test('are those that no tree has, in natural order, whatever the run takes', () => {
    const gone = findGoneClients(['optm10', 'optm2', 'demd7', 'optm1'], new Set(['optm1', 'optm3']));
    assert.deepEqual(gone.map(({ client_id: id }) => id), ['demd7', 'optm2', 'optm10']); // prettier-ignore
    for (const { kind, detail } of gone) {
      assert.equal(kind, 'client_gone');
      assert.doesNotMatch(detail, /optm|demd/, 'detail quotes no value');
    }
  });
});

test('the sentence says what fell and rose, from how many to how many, with examples, and how to accept it', () => {
  const result = { limit: '2%, at least 3', allowed: 3, over: 9 };
  const results = [
    { what: 'clients', direction: 'fall', before: 20, now: 8, ...result },
    { what: 'images', direction: 'fall', before: 20, now: 20, ...result, over: 0 },
    { what: 'error', direction: 'rise', before: 1, now: 13, ...result },
  ] as const;
  const examples = { clients: ['optm3', 'optm7'], error: [] };
  const text = refusalSentence({ report: { against: 'A', results }, examples }, 'RUN', '/out');
  assert.match(text, /^clients fell from 20 to 8 \(3 at most: 2%, at least 3; e\.g\. optm3, optm7\); mismatches \(error\) rose from 1 to 13 \(3 at most: 2%, at least 3\): nothing was published/); // prettier-ignore
  assert.match(text, /omidb-etl use RUN --out \/out\b.*--max-drop clients=12 --gate error=12$/);
  assert.doesNotMatch(text, /images/);
  assert.ok(COUNTED.includes('images'));
});
