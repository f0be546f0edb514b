import { dayOf, workday } from './dates.js';
import { isInterval, makeEpisode, type Episode, type Kind } from './episode.js';
import { otherSide, type Side } from './lesion.js';
import type { Random } from './random.js';

export interface Course {
  readonly birthDay: number;
  readonly classification: 'N' | 'B' | 'M' | 'CI';
  readonly episodes: readonly Episode[];
}

/** How the episodes of a client end, the last one first: the ones before it were normal. */
const LAST_KINDS: readonly Kind[] = [
  'normal', 'malignant', 'normal', 'assessed', 'normal', 'interval', 'technical', 'normal', 'benign', 'malignant_bilateral',
  'normal', 'normal', 'biopsied', 'normal', 'malignant', 'normal', 'benign_surgery', 'recalled', 'technical', 'normal',
  'suspicious', 'interval_reported', 'normal',
]; // prettier-ignore

const DAYS_PER_YEAR = 365.25;

/**
 * The screening history of the sample's `index`-th client: routine screens every three years (every year at higher
 * risk), of which the last may have led to assessment, biopsy and surgery, or was followed by an interval cancer. Some
 * women with cancer had a benign lesion in their other breast at the screen before.
 */
export function makeCourse(index: number, random: Random): Course {
  const last = LAST_KINDS[index % LAST_KINDS.length]!;
  const higherRisk = index % 31 === 15;
  const firstAge = higherRisk ? random.int(41, 48) : random.int(50, 64);
  // Screening went digital about then.
  const firstOpened = workday(dayOf(random.int(2006, 2013), random.int(1, 12), random.int(1, 28)));
  const birthDay = firstOpened - Math.round((firstAge + random.float()) * DAYS_PER_YEAR);
  let opened = firstOpened;
  const interval = isInterval(last);
  const count = interval ? random.int(2, 3) : random.pick([1, 1, 1, 2, 2, 2, 3, 3]);
  const firstId = random.int(10_000, 90_000);
  const side = random.pick<Side>(['L', 'R']);
  const benignBefore = CLASSIFICATION[last] === 'M' && random.chance(0.4);
  const episodes: Episode[] = [];
  for (let i = 0; i < count; i++) {
    const isLast = i === count - 1;
    const kind = isLast ? last : benignBefore && i === count - 2 ? 'benign' : 'normal';
    if (isInterval(kind)) opened = workday(opened - random.int(300, 700));
    const ageYears = Math.floor((opened - birthDay) / DAYS_PER_YEAR);
    episodes.push(
      makeEpisode({
        id: String(firstId + 7 * i),
        kind,
        type: isInterval(kind) ? 'CI' : episodeType(i, higherRisk, random),
        opened,
        ageYears,
        side: isLast ? side : otherSide(side),
        phantom: index % 23 === 9 && i === 0,
        random,
      }),
    );
    opened = workday(opened + (higherRisk ? 365 : 3 * 365) + random.int(-30, 60));
  }
  return { birthDay, classification: CLASSIFICATION[last], episodes };
}

const CLASSIFICATION: Record<Kind, Course['classification']> = {
  normal: 'N',
  technical: 'N',
  assessed: 'N',
  biopsied: 'N',
  benign: 'B',
  benign_surgery: 'B',
  malignant: 'M',
  malignant_bilateral: 'M',
  interval: 'CI',
  interval_reported: 'CI',
  recalled: 'N',
  suspicious: 'N',
};

function episodeType(number: number, higherRisk: boolean, random: Random): string {
  if (higherRisk) return 'H';
  if (number === 0) return random.pick(['F', 'F', 'F', 'S', 'G']);
  return random.pick(['R', 'R', 'R', 'R', 'N']);
}
