import type { Count, Ledger } from '../counts.js';
import type { AskedTable, SnapshotTables } from '../snapshot-tables.js';
import { FACTS } from './facts.js';
import { makerOfImages } from './makers.js';

/** How a measure is spread, by manufacturer. */
export interface Distribution {
  readonly measure: Measure;
  readonly makers: readonly MakerDistribution[];
}

export interface MakerDistribution {
  readonly maker: string;
  /** All that have a value. */
  readonly measured: Count;
  /** Values that lie in no bin. */
  readonly outside: Count;
  /** In the order of the bins. */
  readonly bins: readonly Count[];
  readonly median: number | null;
}

export interface Measure {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** What is counted, in the plural. */
  readonly counted: string;
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/** A measure, and where its values are. */
interface Asked extends Measure {
  /** Of the facts, or of `images`. */
  readonly source: 'facts' | 'images';
  readonly value: string;
  /** What is counted once, with all of its columns. */
  readonly once: string;
  /** Column of the snapshot that the value is from. */
  readonly needs: readonly [table: AskedTable, column: string];
}

const MEASURES: readonly Asked[] = [
  {
    name: 'age', title: 'Age of the woman at the exam', unit: 'years', counted: 'exams',
    from: 30, to: 95, width: 5,
    source: 'facts', value: 'age', once: 'exam, age', needs: ['image_summary', 'patient_age_years'],
  },
  {
    name: 'thickness', title: 'Thickness of the compressed breast', unit: 'mm', counted: 'images',
    from: 0, to: 120, width: 5,
    source: 'facts', value: 'thickness', once: '*', needs: ['image_summary', 'body_part_thickness'],
  },
  {
    name: 'dose', title: 'Mean glandular dose', unit: 'mGy', counted: 'images',
    from: 0, to: 6, width: 0.25,
    // DICOM has it in dGy.
    source: 'images', value: 'organ_dose * 100', once: '*', needs: ['images', 'organ_dose'],
  },
  {
    name: 'days', title: 'Years from the exam to the first recorded cancer of that breast', unit: 'years', counted: 'breasts of exams',
    from: -2, to: 10, width: 0.5,
    source: 'facts', value: 'days_to_cancer / 365.25', once: 'exam, breast, days_to_cancer', needs: ['image_summary', 'breast_days_to_cancer'],
  },
]; // prettier-ignore

/** Of each measure that the snapshot has. */
export async function distributions(tables: SnapshotTables, ledger: Ledger): Promise<Distribution[]> {
  const found: Distribution[] = [];
  for (const asked of MEASURES)
    if (tables.has(...asked.needs)) found.push(await distribution(tables, ledger, asked));
  return found;
}

async function distribution(tables: SnapshotTables, ledger: Ledger, asked: Asked): Promise<Distribution> {
  const { from, to, width, source, value, once } = asked;
  const maker = source === 'facts' ? 'maker' : makerOfImages(tables);
  const table = source === 'facts' ? FACTS : 'images';
  const rows = await tables.rows(
    `WITH measured AS (SELECT ${maker} AS maker, ${value} AS value${once === '*' ? '' : `, ${once}`} FROM ${table}),
      counted AS (SELECT ${once === '*' ? '' : 'DISTINCT'} * FROM measured WHERE value IS NOT NULL),
      binned AS (SELECT maker, CASE WHEN value >= ${from} AND value < ${to}
        THEN floor((value - ${from}) / ${width})::INTEGER END AS bin, count(*) AS n FROM counted GROUP BY ALL),
      medians AS (SELECT maker, median(value)::DOUBLE AS median FROM counted GROUP BY ALL)
    SELECT maker, bin, n, median FROM binned JOIN medians USING (maker) ORDER BY ALL`,
  );
  const makers = [...new Set(rows.map((row) => String(row['maker'])))].map((name) => {
    const own = rows.filter((row) => row['maker'] === name);
    const byBin = new Map(own.map(({ bin, n }) => [bin as number | null, Number(n)]));
    return makerDistribution(name, byBin, Number(own[0]!['median']), asked, ledger);
  });
  return { measure: asked, makers: makers.toSorted((a, b) => b.measured.n - a.measured.n) };
}

function makerDistribution(
  maker: string,
  byBin: ReadonlyMap<number | null, number>,
  median: number,
  { name, from, to, width }: Measure,
  ledger: Ledger,
): MakerDistribution {
  const id = `${name}|maker=${maker}`;
  const total = [...byBin.values()].reduce((sum, n) => sum + n, 0);
  const measured = ledger.count(id, total);
  const outside = ledger.count(`${id}|outside`, byBin.get(null) ?? 0);
  const bins = Array.from({ length: Math.round((to - from) / width) }, (_, bin) =>
    ledger.count(`${id}|bin=${bin}`, byBin.get(bin) ?? 0),
  );
  ledger.sum(measured, [outside, ...bins]);
  return { maker, measured, outside, bins, median: Number.isFinite(median) ? median : null };
}
