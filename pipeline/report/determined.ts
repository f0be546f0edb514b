import type { Sum } from './counts.js';

/** Which hidden counts follow from all sums together, by elimination: those of a row of which nothing else is left. */

/** Elimination is exact in whole numbers modulo a prime, whose products a double still holds. */
const PRIME = 67_108_859;

/** Hidden counts (by id) that have one value only, when all others are known. */
export function determined(sums: readonly Sum[], hidden: ReadonlySet<string>): string[] {
  return blocks(sums, hidden).flatMap(({ ids, rows }) => {
    eliminate(rows);
    return rows.flatMap((row) => {
      const left = row.flatMap((factor, column) => (factor === 0 ? [] : [column]));
      return left.length === 1 ? [ids[left[0]!]!] : [];
    });
  });
}

/** Sums that share hidden counts, as a matrix: a row for each sum, a column for each hidden count. */
interface Block {
  readonly ids: readonly string[];
  readonly rows: number[][];
}

function blocks(sums: readonly Sum[], hidden: ReadonlySet<string>): Block[] {
  const ofSums = sums.map((sum) => hiddenFactors(sum, hidden)).filter((factors) => factors.size > 0);
  return connected(ofSums).map((group) => {
    const ids = [...new Set(group.flatMap((factors) => [...factors.keys()]))];
    return { ids, rows: group.map((factors) => ids.map((id) => factors.get(id) ?? 0)) };
  });
}

/** 1 for each hidden part, -1 for a hidden whole. */
function hiddenFactors({ whole, parts }: Sum, hidden: ReadonlySet<string>): Map<string, number> {
  const factors = new Map(parts.filter(({ id }) => hidden.has(id)).map(({ id }) => [id, 1]));
  if (hidden.has(whole.id)) factors.set(whole.id, PRIME - 1);
  return factors;
}

/** Groups of sums that are linked by hidden counts. */
function connected(sums: readonly Map<string, number>[]): Map<string, number>[][] {
  const sumsOf = new Map<string, number[]>();
  for (const [index, factors] of sums.entries())
    for (const id of factors.keys()) sumsOf.set(id, [...(sumsOf.get(id) ?? []), index]);
  const seen = new Set<number>();
  return sums.flatMap((_, first) => {
    if (seen.has(first)) return [];
    const group = [first];
    seen.add(first);
    for (const index of group)
      for (const id of sums[index]!.keys())
        for (const other of sumsOf.get(id)!)
          if (!seen.has(other)) {
            seen.add(other);
            group.push(other);
          }
    return [group.map((index) => sums[index]!)];
  });
}

/** Gauss and Jordan, in place. */
function eliminate(rows: number[][]): void {
  const columns = rows[0]?.length ?? 0;
  let done = 0;
  for (let column = 0; column < columns && done < rows.length; column++) {
    const pivot = rows.findIndex((row, index) => index >= done && row[column] !== 0);
    if (pivot === -1) continue;
    [rows[done], rows[pivot]] = [rows[pivot]!, rows[done]!];
    const top = rows[done]!;
    scale(top, inverse(top[column]!));
    for (const row of rows) if (row !== top && row[column] !== 0) subtract(row, top, row[column]!);
    done++;
  }
}

function scale(row: number[], factor: number): void {
  for (let i = 0; i < row.length; i++) row[i] = (row[i]! * factor) % PRIME;
}

function subtract(row: number[], top: readonly number[], factor: number): void {
  for (let i = 0; i < row.length; i++)
    if (top[i] !== 0) row[i] = (row[i]! + (PRIME - factor) * top[i]!) % PRIME;
}

/** By Fermat: x to the power of PRIME - 2. */
function inverse(value: number): number {
  let result = 1;
  let base = value;
  for (let power = PRIME - 2; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = (result * base) % PRIME;
    base = (base * base) % PRIME;
  }
  return result;
}
