import { piecesOf, type FrozenRange, type Share } from './frozen-plan.js';

/** Something that one task does whole. */
interface Unit extends Share {
  readonly clients: number;
}

/**
 * Divides ranges among tasks: whole ranges where there are as many as tasks, or more; else pieces of them. Each task gets
 * neighbours, the one that has most clients has as few as can be, and none has nothing where there is something for each.
 * @param ranges those that are to be read, in order
 * @param count how many tasks there are
 */
export function shareOut(ranges: readonly FrozenRange[], count: number): (readonly Share[])[] {
  const units = ranges.length >= count ? ranges.map(wholeOf) : ranges.flatMap(eachPieceOf);
  const groups = inGroups(units, leastRoom(units, count), count);
  return Array.from({ length: count }, (_, i) => joinNeighbours(groups[i] ?? []));
}

function wholeOf(range: FrozenRange): Unit {
  return { range: range.range, first: 0, end: piecesOf(range).length, clients: range.clients.length };
}

function eachPieceOf(range: FrozenRange): Unit[] {
  return piecesOf(range).map((clients, i) => ({
    range: range.range,
    first: i,
    end: i + 1,
    clients: clients.length,
  }));
}

/** The least number of clients with which so many groups are enough. */
function leastRoom(units: readonly Unit[], groups: number): number {
  let enough = units.reduce((sum, { clients }) => sum + clients, 0);
  let tooFew = Math.max(0, ...units.map(({ clients }) => clients)) - 1;
  while (enough - tooFew > 1) {
    const room = Math.floor((enough + tooFew) / 2);
    if (inGroups(units, room).length <= groups) enough = room;
    else tooFew = room;
  }
  return enough;
}

/**
 * Neighbours together, at most so many clients in a group; no unit has more.
 * @param wanted more groups are made until there are so many, as long as there are units for them
 */
function inGroups(units: readonly Unit[], room: number, wanted = 1): (readonly Unit[])[] {
  const groups: Unit[][] = [];
  let left = 0;
  units.forEach((unit, i) => {
    const isOneEach = units.length - i <= wanted - groups.length;
    if (groups.length === 0 || unit.clients > left || isOneEach) {
      groups.push([]);
      left = room;
    }
    groups.at(-1)!.push(unit);
    left -= unit.clients;
  });
  return groups;
}

/** Pieces of a range that follow each other are one share. */
function joinNeighbours(units: readonly Unit[]): Share[] {
  const shares: { range: string; first: number; end: number }[] = [];
  for (const { range, first, end } of units) {
    const last = shares.at(-1);
    if (last?.range === range) last.end = end;
    else shares.push({ range, first, end });
  }
  return shares;
}
