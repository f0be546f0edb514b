import { join, resolve } from 'node:path';
import { UsageFault } from '../base/fault.js';
import { readCohortFile } from '../cohort/cohort-file.js';
import { readEarlierSplits } from '../cohort/earlier-splits.js';
import { parseExports } from '../cohort/export/exports.js';
import { flowSummary } from '../cohort/figure/flow-text.js';
import { explainCohort, makeCohort, type CohortRequest } from '../cohort/make-cohort.js';
import { parseSpec, shippedNames, shippedSpec } from '../cohort/read-spec.js';
import { openSource, snapshotOf } from '../cohort/source-tables.js';
import type { CohortSpec } from '../cohort/spec.js';
import { softwareVersion } from '../run/version.js';
import { findSnapshot } from '../snapshot/published.js';
import { readUserFile } from '../storage/user-file.js';
import { COHORT_OPTIONS, type CohortArguments } from './cohort-options.js';
import { EXIT } from '../run/exit.js';
import { parseOptions } from './option.js';
import { assertPlaceForOutput } from './output-place.js';
import { plainTable, wrapForScreen } from './plain-table.js';
import { print } from './print.js';
import { stopSignal } from './stop.js';
import { screenWidth } from './terminal.js';

/** `omidb-etl cohort`: a training set from a published snapshot. @returns the exit code */
export async function cohortCommand(argv: CohortArguments): Promise<number> {
  if (argv.list) await print(list());
  else if (argv.cohort === undefined)
    throw new UsageFault('say which cohort: omidb-etl cohort --list names those that there are');
  else {
    const request = await requestOf(argv, argv.cohort);
    await (argv.explain ? explain(request) : make(request, argv.to));
  }
  return EXIT.published;
}

function list(): string {
  const specs = shippedNames().map((name) => shippedSpec(name));
  const text = (description: string | undefined) => wrapForScreen(description ?? '', screenWidth(), '  ');
  return specs.map(({ name, unit, description }) => `${name} (${unit})\n${text(description)}\n`).join('\n');
}

async function explain(request: CohortRequest): Promise<void> {
  const statements = await explainCohort(request, stopSignal());
  await print(statements.map(({ title, sql }) => `-- ${title}\n${sql};\n`).join('\n'));
}

async function make(request: CohortRequest, to: string | undefined): Promise<void> {
  const folder = resolve(to ?? join('cohorts', request.spec.name));
  const roots = Object.values(request.source.manifest.inputs.roots) as (string | null)[];
  assertPlaceForOutput(folder, roots.filter((root) => root !== null), '--to'); // prettier-ignore
  const { flow, exports } = await makeCohort(request, folder, stopSignal());
  const [head, ...rows] = flowSummary(flow, request.spec.label.name);
  const leftOut = exports.flatMap(({ name, left_out: reasons }) =>
    Object.entries(reasons).map(([reason, count]) => `${name}: ${count} rows left out, ${reason}\n`),
  );
  await print(`${plainTable(head!, rows, head!.slice(1))}\n\n${leftOut.join('')}wrote ${folder}\n`);
}

/** What was asked for, by a name, a spec or the cohort.json of a cohort. */
async function requestOf(argv: CohortArguments, cohort: string): Promise<CohortRequest> {
  const { seed, 'min-count': minCount } = parseOptions(COHORT_OPTIONS, argv);
  const out = resolve(argv.out);
  const software = { name: 'omidb-etl', version: softwareVersion() };
  if (cohort.endsWith('.json')) {
    const file = readCohortFile(resolve(cohort));
    refuseChanges(argv, cohort);
    return {
      spec: file.spec,
      source: openSource(snapshotOf(file, out, argv.snapshot)),
      tables: file.snapshot.tables,
      seed: file.seed,
      earlier: file.earlier_splits,
      minCount: file.min_count,
      exports: file.exports,
      software,
    };
  }
  const spec = specOf(cohort);
  const keep = argv.keepSplits;
  return {
    spec,
    source: openSource(findSnapshot(out, argv.snapshot ?? 'current')),
    tables: null,
    seed,
    earlier: keep === undefined ? null : await readEarlierSplits(resolve(keep), spec),
    minCount: minCount ?? 5,
    exports: argv.export === undefined ? [] : parseExports(argv.export, spec),
    software,
  };
}

function specOf(cohort: string): CohortSpec {
  if (!/\.ya?ml$/.test(cohort)) return shippedSpec(cohort);
  return parseSpec(readUserFile(resolve(cohort), 'the spec'), cohort);
}

/** A cohort.json says all of itself. */
function refuseChanges(argv: CohortArguments, cohort: string): void {
  const given = ['seed', 'keep-splits', 'min-count', 'export'].find((name) => argv[name] !== undefined);
  if (given !== undefined)
    throw new UsageFault(
      `--${given} cannot be given with ${cohort}, which makes the same cohort again: give its spec for another one`,
    );
}
