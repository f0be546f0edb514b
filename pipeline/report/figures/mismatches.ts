import type { Severity } from '../../../schemas/mismatch-kind.js';
import { MISMATCH_KINDS, type MismatchKind } from '../../../schemas/mismatch-kinds.js';
import type { Manifest } from '../../snapshot/manifest.js';
import type { Count, Ledger } from '../counts.js';
import type { ReportInput } from '../input.js';
import type { SnapshotTables } from '../snapshot-tables.js';

export interface MismatchLine {
  readonly kind: string;
  readonly severity: Severity;
  readonly meaning: string;
  readonly count: Count;
  readonly women: Count;
  /** How many there were in the snapshot before; null where that is not kept. */
  readonly before: number | null;
  /** Ids of the first one; null without --with-ids. */
  readonly example: string | null;
}

/** Kinds of mismatch that a snapshot has, errors first, the most frequent first. */
export async function mismatchLines(
  tables: SnapshotTables,
  ledger: Ledger,
  input: ReportInput,
): Promise<MismatchLine[]> {
  if (!tables.has('mismatches')) return [];
  const ids = ['client_id', 'study_instance_uid', 'sop_instance_uid'].map((id) => `coalesce(${id}, '')`);
  const rows = await tables.rows(
    `SELECT kind, severity, count(*) AS found, count(DISTINCT client_id) AS women,
       ${input.withIds ? `min(concat_ws(' ', ${ids.join(', ')}))` : 'NULL'} AS example
     FROM mismatches GROUP BY kind, severity
     ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, found DESC, kind`,
  );
  const meanings = await meaningsOf(tables);
  const before = mismatchesBefore(input);
  const lines = rows.map((row): MismatchLine => {
    const kind = String(row['kind']);
    return {
      kind,
      severity: row['severity'] as Severity,
      meaning: meanings.get(kind) ?? '',
      count: ledger.count(`mismatches|kind=${kind}`, Number(row['found'])),
      women: ledger.count(`women|mismatch=${kind}`, Number(row['women'])),
      before: before === null ? null : (before[kind as MismatchKind] ?? 0),
      example: typeof row['example'] === 'string' ? row['example'].trim() : null,
    };
  });
  addUp(lines, ledger, input.manifest);
  return lines;
}

/** The page shows the sum of each severity too. */
function addUp(lines: readonly MismatchLine[], ledger: Ledger, { mismatches }: Manifest): void {
  for (const severity of ['error', 'warning', 'info'] as const)
    ledger.sum(
      ledger.count(`mismatches|severity=${severity}`, mismatches.by_severity[severity]),
      lines.filter((line) => line.severity === severity).map(({ count }) => count),
    );
}

/** By kind, of the snapshot before, where it is kept and small counts are not hidden: a difference may be one woman. */
function mismatchesBefore({ manifest, earlier, minCount }: ReportInput) {
  const before = earlier.find(({ run_id: id }) => id === manifest.mismatches.since);
  return before === undefined || minCount > 1 ? null : before.mismatches.by_kind;
}

/** As the snapshot itself explains its kinds, else as this version does. */
async function meaningsOf(tables: SnapshotTables): Promise<Map<string, string>> {
  const known = Object.entries(MISMATCH_KINDS).map(([kind, { description }]) => [kind, description] as const);
  if (!tables.has('codes', 'list', 'code', 'text')) return new Map(known);
  const rows = await tables.rows("SELECT code, text FROM codes WHERE list = 'omidb:mismatch_kind'");
  const own = rows.map(({ code, text }) => [String(code), String(text)] as const);
  return new Map([...known, ...own]);
}
