import type { Count, Ledger } from '../counts.js';
import type { SnapshotTables } from '../snapshot-tables.js';
import { FACTS } from './facts.js';

/** Exams of each site in each month, or in longer periods where months would be too many to draw. */
export interface Coverage {
  readonly period: Period;
  /** First days, in order, without gaps: ISO dates. */
  readonly periods: readonly string[];
  readonly sites: readonly SiteCoverage[];
  /** Exams without a date, or with one that cannot be right. */
  readonly undated: Count;
}

export interface SiteCoverage {
  readonly site: string;
  readonly total: Count;
  readonly undated: Count;
  /** For each period; null where there is none. */
  readonly exams: readonly (Count | null)[];
}

export type Period = 'month' | 'quarter' | 'year';

const MONTHS: Readonly<Record<Period, number>> = { month: 1, quarter: 3, year: 12 };

/** So many cells can be told apart on a page. */
const MOST_CELLS = 4000;

/** No digital mammogram is older. */
const FIRST_YEAR = 1990;

/** @param finished ISO time of the run: an exam of a later year has a wrong date */
export async function coverage(tables: SnapshotTables, ledger: Ledger, finished: string): Promise<Coverage> {
  const last = Number(finished.slice(0, 4));
  const month = `CASE WHEN year(study_date) BETWEEN ${FIRST_YEAR} AND ${last}
    THEN year(study_date) * 12 + month(study_date) - 1 END`;
  const rows = await tables.rows(
    `SELECT site, ${month} AS month, count(DISTINCT exam) AS exams FROM ${FACTS} GROUP BY ALL ORDER BY ALL`,
  );
  const cells = rows.map((row): Cell => ({
    site: String(row['site']),
    month: row['month'] === null ? null : Number(row['month']),
    exams: Number(row['exams']),
  }));
  return laidOut(cells, ledger);
}

interface Cell {
  readonly site: string;
  /** Months since the year 0. */
  readonly month: number | null;
  readonly exams: number;
}

function laidOut(cells: readonly Cell[], ledger: Ledger): Coverage {
  const months = cells.flatMap(({ month }) => month ?? []);
  const names = [...new Set(cells.map(({ site }) => site))];
  const { period, starts } = periodsFor(months, names.length);
  const sites = names.map((site) => siteCoverage(site, cells, period, starts, ledger));
  const undated = ledger.count('exams|undated', sumOf(sites.map((site) => site.undated)));
  addUp(sites, starts, undated, ledger);
  return { period, periods: starts.map(isoDay), sites, undated };
}

function sumOf(counts: readonly Count[]): number {
  return counts.reduce((sum, { n }) => sum + n, 0);
}

function isoDay(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

/** Sites and years stand in table 1 too. */
function addUp(
  sites: readonly SiteCoverage[],
  starts: readonly number[],
  undated: Count,
  ledger: Ledger,
): void {
  for (const { total, undated: none, exams } of sites)
    ledger.sum(total, [none, ...exams.filter((count) => count !== null)]);
  ledger.sum(
    undated,
    sites.map((site) => site.undated),
  );
  const years = [...new Set(starts.map((start) => Math.floor(start / 12)))].flatMap((year) => {
    const isOfYear = (_: unknown, i: number) => Math.floor(starts[i]! / 12) === year;
    const parts = sites.flatMap(({ exams }) => exams.filter(isOfYear).filter((count) => count !== null));
    if (parts.length === 0) return [];
    const whole = ledger.count(`exams|year=${year}`, sumOf(parts));
    ledger.sum(whole, parts);
    return [whole];
  });
  ledger.sum(ledger.count('exams', sumOf(sites.map(({ total }) => total))), [...years, undated]);
}

function periodsFor(months: readonly number[], sites: number): { period: Period; starts: number[] } {
  if (months.length === 0) return { period: 'month', starts: [] };
  const [first, last] = [Math.min(...months), Math.max(...months)];
  const fits = (period: Period) => ((last - first) / MONTHS[period] + 1) * sites <= MOST_CELLS;
  const period = (['month', 'quarter'] as const).find(fits) ?? 'year';
  const step = MONTHS[period];
  const start = Math.floor(first / step) * step;
  const starts = Array.from({ length: Math.floor((last - start) / step) + 1 }, (_, i) => start + i * step);
  return { period, starts };
}

function siteCoverage(
  site: string,
  cells: readonly Cell[],
  period: Period,
  starts: readonly number[],
  ledger: Ledger,
): SiteCoverage {
  const byPeriod = new Map<number | null, number>();
  for (const { month, exams } of cells.filter((cell) => cell.site === site)) {
    const start = month === null ? null : Math.floor(month / MONTHS[period]) * MONTHS[period];
    byPeriod.set(start, (byPeriod.get(start) ?? 0) + exams);
  }
  const countOf = (start: number | null) =>
    ledger.count(`exams|site=${site}|${period}=${start ?? 'none'}`, byPeriod.get(start) ?? 0);
  const total = [...byPeriod.values()].reduce((sum, exams) => sum + exams, 0);
  return {
    site,
    total: ledger.count(`exams|site=${site}`, total),
    undated: countOf(null),
    exams: starts.map((start) => (byPeriod.has(start) ? countOf(start) : null)),
  };
}
