import { countsOf } from '../snapshot/gate/check.js';
import { NOTHING_MADE, RECORD_VERSION, recordDeath, writeRecord } from '../snapshot/run-record.js';
import { useSnapshot, type Used, type UseSettings } from '../snapshot/use.js';
import { programOf } from './recorder.js';

/** `omidb-etl use`: turns `current` to another snapshot, on record (see useSnapshot). */
export function useOnRecord(out: string, runId: string, settings: UseSettings): Promise<Used> {
  return useSnapshot(out, runId, settings, ({ manifest }) => {
    // With the lock in hand, whatever is marked as under way is not.
    recordDeath(out);
    const { total, by_kind, by_severity, since, new: fresh, resolved } = manifest.mismatches;
    writeRecord(out, {
      format_version: RECORD_VERSION,
      status: 'used',
      exit_code: 0,
      run_id: runId,
      started: settings.now.toISOString(),
      finished: new Date().toISOString(),
      seconds: null,
      roots: null,
      ...programOf({}),
      ...NOTHING_MADE,
      counts: countsOf(manifest),
      mismatches: { total, by_kind, by_severity, since, new: fresh, resolved },
      snapshot: `snapshots/${runId}`,
      current: runId,
    });
  });
}
