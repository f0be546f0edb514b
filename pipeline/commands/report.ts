import { dirname, join, relative, resolve } from 'node:path';
import { UsageFault } from '../base/fault.js';
import { withScratchDb } from '../engine/scratch-db.js';
import { earlierManifests } from '../report/earlier.js';
import { PAGE_START } from '../report/page/page.js';
import { makeReport } from '../report/report.js';
import { findSnapshot } from '../snapshot/published.js';
import { mustReadManifest } from '../snapshot/read-manifest.js';
import { exists, kindOf, realPath } from '../storage/names.js';
import { writeFileWhole } from '../storage/new-file.js';
import { readPiece } from '../storage/work-file.js';
import { EXIT } from '../run/exit.js';
import { parseOptions } from './option.js';
import { print } from './print.js';
import { REPORT_OPTIONS, type ReportArguments } from './report-options.js';
import { stopSignal } from './stop.js';

/** `omidb-etl report`: a page about a published snapshot, any time later. @returns the exit code */
export async function reportCommand(argv: ReportArguments): Promise<number> {
  const { out, to, 'with-ids': withIds, 'min-count': minCount } = parseOptions(REPORT_OPTIONS, argv);
  const snapshot = findSnapshot(resolve(out), argv.run);
  const manifest = mustReadManifest(snapshot);
  const file = resolve(to ?? `report-${manifest.run_id}.html`);
  assertMayWrite(file, snapshot);
  // Where the snapshot lies are the others, whatever --out says.
  const earlier = earlierManifests(join(snapshot, '..', '..'), manifest.run_id);
  const page = await withScratchDb(
    (db) => makeReport(db, { snapshot, manifest, earlier, withIds, minCount }),
    stopSignal(),
  );
  writeFileWhole(file, Buffer.from(page));
  await print(`${file}\n`);
  return EXIT.published;
}

/**
 * A page of another time is replaced, nothing else; and nothing is added to a snapshot, which its checksums guard.
 * @throws UsageFault
 */
function assertMayWrite(file: string, snapshot: string): void {
  const kind = kindOf(file);
  if (kind !== null && !(kind === 'file' && isReport(file)))
    throw new UsageFault(`${file} is there and is no report: give another --to`);
  const folder = dirname(file);
  if (exists(folder) && !relative(snapshot, realPath(folder)).startsWith('..'))
    throw new UsageFault(`${file} would lie in the snapshot, which nothing is added to: give another --to`);
}

function isReport(file: string): boolean {
  const start = Buffer.alloc(Buffer.byteLength(PAGE_START));
  return readPiece(file, 0, start) === start.length && start.toString() === PAGE_START;
}
