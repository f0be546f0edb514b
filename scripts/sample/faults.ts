import { MISMATCH_KINDS } from '../../schemas/mismatch-kinds.js';
import type { ClientPlan, StudyPlan } from './client.js';
import type { FaultKind, Injection, Row, TruthRow } from './fault.js';
import { CLIENT_INJECTIONS } from './faults-client.js';
import { HEADER_INJECTIONS } from './faults-header.js';
import { IMAGE_INJECTIONS } from './faults-image.js';
import { RECORD_INJECTIONS } from './faults-record.js';
import { STUDY_INJECTIONS } from './faults-study.js';
import { VALUE_INJECTIONS } from './faults-value.js';
import { random, type Random } from './random.js';

/** Every way to damage a database, the ones that few studies are fit for first. */
export const ALL_INJECTIONS: readonly Injection[] = [
  ...STUDY_INJECTIONS,
  ...RECORD_INJECTIONS,
  ...VALUE_INJECTIONS,
  ...HEADER_INJECTIONS,
  ...IMAGE_INJECTIONS,
  ...CLIENT_INJECTIONS,
];

/** Those that today's program has a kind of mismatch for. */
const INJECTIONS = ALL_INJECTIONS.filter(
  ({ kind, needs = kind }) => kind in MISMATCH_KINDS && needs in MISMATCH_KINDS,
);

export const FAULT_KINDS: readonly FaultKind[] = [...new Set(INJECTIONS.map(({ kind }) => kind))];

/**
 * Spreads faults over the clients as these are made: each kind once, then its other ways, then all of them again, so
 * that larger databases have more. Every second client stays sound and the others get one or two faults where there
 * are clients enough; each fault has an episode of its own, so that none hides another.
 */
export class FaultInjector {
  readonly counts = new Map<FaultKind, number>();
  private pending: Injection[] = [];
  private readonly chosen: readonly Injection[];
  /** Every client is a candidate for faults, or every second. */
  private readonly step: 1 | 2;
  private readonly perClient: number;
  private earlier: ClientPlan | null = null;

  constructor(
    private readonly seed: number,
    kinds: readonly FaultKind[],
    clients: number,
    injections: readonly Injection[] = INJECTIONS,
  ) {
    this.chosen = byTurns(injections.filter(({ kind }) => kinds.includes(kind)));
    this.step = clients < 2 * this.chosen.length ? 1 : 2;
    // Not every candidate is fit for every fault: twice as many places as faults.
    this.perClient = Math.ceil((2 * this.chosen.length * this.step) / Math.max(1, clients));
  }

  /** Damages a client, or leaves it as it is; the rows that the pipeline should report for it. */
  apply(client: ClientPlan): TruthRow[] {
    const rows: TruthRow[] = [];
    if (client.index % this.step === this.step - 1) {
      if (this.pending.length === 0) this.pending = [...this.chosen];
      this.damage(client, rows);
    }
    if (rows.length === 0 && client.studies.length > 0) this.earlier = client;
    return rows;
  }

  private damage(client: ClientPlan, rows: TruthRow[]): void {
    const source = random(this.seed, 'fault', client.index);
    let free = [...client.studies];
    for (const injection of this.inOrder(client)) {
      if (rows.length >= this.perClient) return;
      if (injection.scope === 'client' && rows.length > 0) continue;
      const hit = this.tryStudies(injection, client, free, source);
      if (hit === null) continue;
      const { kind, scope } = injection;
      rows.push({ kind, client_id: client.id, ...hit.row });
      this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
      this.pending = this.pending.filter((other) => other !== injection);
      free = free.filter(({ study }) => study.episode !== hit.study.study.episode);
      if (scope === 'client') return;
    }
  }

  /** Some clients are kept for the faults that need one of their own, or the others would use up all. */
  private inOrder({ index }: ClientPlan): Injection[] {
    if (index % 3 !== 0) return [...this.pending];
    const whole = this.pending.filter(({ scope }) => scope === 'client');
    return [...whole, ...this.pending.filter(({ scope }) => scope === 'study')];
  }

  /** Tries a fault on one free study after the other, from a random one on. */
  private tryStudies(
    injection: Injection,
    client: ClientPlan,
    free: readonly StudyPlan[],
    source: Random,
  ): { row: Row; study: StudyPlan } | null {
    const first = source.int(0, Math.max(0, free.length - 1));
    for (const study of [...free.slice(first), ...free.slice(0, first)]) {
      const others = free.filter((other) => other !== study);
      const row = injection.inject({ client, study, others, earlier: this.earlier, random: source });
      if (row !== null) return { row, study };
    }
    return null;
  }
}

/** The first way of each kind, then the second ways, and so on. */
function byTurns(injections: readonly Injection[]): Injection[] {
  const turn = (injection: Injection): number =>
    injections.filter(({ kind }) => kind === injection.kind).indexOf(injection);
  return [...injections].sort((a, b) => turn(a) - turn(b));
}
