import type { Choice } from './choose.js';
import type { CheckedSpec, Explained } from './cohort-db.js';
import { cohortSql } from './cohort-table.js';
import { linesOf, loseSql, lostTable, type FlowLine } from './lines.js';
import { candidatesSql, matchedSql } from './match.js';
import { assignedSql, earlierGroupsSql, heldSql, strataSql } from './split.js';

/** The statements that choose the rows of a cohort, in their order, for a reader: views first, then each step (chooseRows). */
export function explainChoice({ spec, unit, views }: CheckedSpec, { seed, earlier }: Choice): Explained[] {
  const lines = linesOf(spec, unit, earlier !== null);
  const ofLine = (line: FlowLine) => ({
    title: `step ${line.number}: ${line.name}`,
    sql: loseSql(line, unit),
  });
  const before = lines.filter(({ kind }) => kind !== 'earlier_split' && kind !== 'match');
  return [
    ...views,
    { title: 'rows that do not stay', sql: lostTable(unit) },
    ...before.map(ofLine),
    { title: 'women who are held out', sql: heldSql(spec, unit) },
    ...lines.slice(before.length).flatMap((line) =>
      line.kind === 'match'
        ? [
            { title: 'who may be matched', sql: candidatesSql(spec, unit, seed) },
            {
              title: 'the pairs of case and control, found in the order of stratum and id',
              sql: matchedSql(unit),
            },
            ofLine(line),
          ]
        : [{ title: 'splits that were given earlier', sql: earlierGroupsSql(spec) }, ofLine(line)],
    ),
    earlier === null
      ? { title: 'splits', sql: assignedSql(spec, unit, seed) }
      : { title: 'splits: those who are new are shared out by stratum', sql: strataSql(spec, unit, seed) },
    { title: 'the cohort', sql: cohortSql(spec, unit) },
  ];
}
