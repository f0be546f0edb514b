import type { MismatchKind } from '../../schemas/mismatch-kinds.js';
import type { ClientPlan, StudyPlan } from './client.js';
import { CLIENT_INJECTIONS } from './faults-client.js';
import { IMAGE_INJECTIONS } from './faults-image.js';
import { STUDY_INJECTIONS } from './faults-study.js';
import { VALUE_INJECTIONS } from './faults-value.js';
import { random, type Random } from './random.js';

/** What can be wrong with a database; `image_root_absent` is a matter of the run. */
export type FaultKind = Exclude<MismatchKind, 'image_root_absent'>;

/** A line of truth.jsonl: a mismatch that the pipeline should find, and how it was caused. */
export interface TruthRow {
  readonly kind: FaultKind;
  readonly client_id: string;
  readonly study_instance_uid: string | null;
  readonly series_instance_uid: string | null;
  readonly sop_instance_uid: string | null;
  /** Relative to the root it lies under: data/ for JSON and folders of data, images/ for the rest. */
  readonly path: string | null;
  readonly how: string;
}

/** What a fault may change. */
export interface Target {
  readonly client: ClientPlan;
  /** A study of the client that no fault has touched yet. */
  readonly study: StudyPlan;
  /** The client's other untouched studies. */
  readonly others: readonly StudyPlan[];
  /** The last client before this one that has studies and no fault. */
  readonly earlier: ClientPlan | null;
  readonly random: Random;
}

/** Does the damage; null when this target is not fit for it (then nothing was changed). */
export type Inject = (target: Target) => Row | null;
export type Row = Omit<TruthRow, 'kind' | 'client_id'>;

export interface Injection {
  readonly kind: FaultKind;
  /** `client`: hides or touches so much that nothing else may be wrong with the client. */
  readonly scope: 'client' | 'study';
  readonly inject: Inject;
}

/** Every way to damage a database, the ones that need a client of their own first. */
export const INJECTIONS: readonly Injection[] = [
  ...CLIENT_INJECTIONS,
  ...STUDY_INJECTIONS,
  ...IMAGE_INJECTIONS,
  ...VALUE_INJECTIONS,
];

export const FAULT_KINDS: readonly FaultKind[] = [...new Set(INJECTIONS.map(({ kind }) => kind))];

/** Share of the clients that stay without a fault where there is room. */
const SOUND_SHARE = 0.5;

/**
 * Spreads faults over the clients as these are made: each kind once, then all of them again, so that larger databases
 * have more. One fault to a client and study where there are clients enough, so that no fault hides another.
 */
export class FaultInjector {
  readonly counts = new Map<FaultKind, number>();
  private pending: Injection[] = [];
  private readonly chosen: readonly Injection[];
  private readonly perClient: number;
  private earlier: ClientPlan | null = null;

  constructor(
    private readonly seed: number,
    kinds: readonly FaultKind[],
    clients: number,
  ) {
    this.chosen = INJECTIONS.filter(({ kind }) => kinds.includes(kind));
    this.perClient = Math.max(1, Math.ceil(this.chosen.length / Math.max(1, clients * (1 - SOUND_SHARE))));
  }

  /** Damages a client, or leaves it as it is; the rows that the pipeline should report for it. */
  apply(client: ClientPlan): TruthRow[] {
    const rows: TruthRow[] = [];
    // With room enough every second client stays sound.
    if (this.perClient > 1 || client.index % 2 === 1) {
      if (this.pending.length === 0) this.pending = [...this.chosen];
      this.damage(client, rows);
    }
    if (rows.length === 0 && client.studies.length > 0) this.earlier = client;
    return rows;
  }

  private damage(client: ClientPlan, rows: TruthRow[]): void {
    const source = random(this.seed, 'fault', client.index);
    let free = [...client.studies];
    for (const injection of [...this.pending]) {
      if (rows.length >= this.perClient) return;
      if (injection.scope === 'client' && rows.length > 0) continue;
      const hit = this.tryStudies(injection, client, free, source);
      if (hit === null) continue;
      const { kind, scope } = injection;
      rows.push({ kind, client_id: client.id, ...hit.row });
      this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
      this.pending = this.pending.filter((other) => other !== injection);
      free = free.filter((study) => study !== hit.study);
      if (scope === 'client') return;
    }
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
