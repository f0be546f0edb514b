import type { Side } from './lesion.js';
import type { Visit } from './episode.js';
import type { Random } from './random.js';
import type { Vendor } from './vendors.js';
import type { Modifier, View } from './views.js';

/** What kind of object an exposure gives. */
export type Technique = 'ffdm' | 'tomosynthesis' | 'synthetic_2d' | 'projection' | 'specimen' | 'phantom';

/** One exposure, or what was calculated from one. */
export interface Shot {
  readonly side: Side;
  readonly view: View;
  readonly technique: Technique;
  readonly modifiers: readonly Modifier[];
  readonly frames: number;
  /** Only a part of the breast: large ones are taken in pieces. */
  readonly partial: boolean;
}

/** What of the woman decides which views are taken. */
export interface Anatomy {
  readonly implants: boolean;
  readonly large: boolean;
}

export interface Session {
  readonly visit: Visit;
  readonly vendor: Vendor;
  readonly anatomy: Anatomy;
  /** Taken with tomosynthesis too: only where multi-frame objects can be written as holes. */
  readonly tomosynthesis: boolean;
  readonly random: Random;
}

const SINGLE = { technique: 'ffdm', modifiers: [], frames: 1, partial: false } as const;

/** The exposures of a visit, in the order they are taken. */
export function shots(session: Session): Shot[] {
  const { visit, random } = session;
  switch (visit.purpose) {
    case 'phantom':
      return [{ ...SINGLE, side: 'L', view: 'CC', technique: 'phantom' }];
    case 'specimen':
      return visit.sides.flatMap((side) => specimens(side, random));
    case 'assessment':
      return visit.sides.flatMap((side) => assessmentShots(side, session));
    case 'repeat':
      return standard(visit.sides, session).slice(0, random.int(1, 2));
    case 'screen':
    case 'follow_up':
      return screenShots(session);
  }
}

/** Both views of each breast, pushed back behind the implant once more where there are implants (Eklund views). */
function standard(sides: readonly Side[], { anatomy }: Pick<Session, 'anatomy'>): Shot[] {
  const views = sides.flatMap((side): Shot[] => [
    { ...SINGLE, side, view: 'CC' },
    { ...SINGLE, side, view: 'MLO' },
  ]);
  if (!anatomy.implants) return views;
  return [...views, ...views.map((view): Shot => ({ ...view, modifiers: ['ID'] }))];
}

function screenShots(session: Session): Shot[] {
  const { visit, anatomy, random } = session;
  const taken = standard(visit.sides, session);
  // Moved, or not all of the breast on it: taken again, and both are kept.
  if (random.chance(0.07)) taken.push(random.pick(taken));
  if (anatomy.large)
    taken.push(...visit.sides.map((side): Shot => ({ ...SINGLE, side, view: 'CC', partial: true })));
  else if (random.chance(0.03)) taken.push({ ...SINGLE, side: random.pick(visit.sides), view: 'XCCL' });
  if (session.tomosynthesis)
    for (const { side, view } of standard(visit.sides, { anatomy: { implants: false, large: false } }))
      taken.push(...tomosynthesis(side, view, session));
  return taken;
}

function assessmentShots(side: Side, session: Session): Shot[] {
  const { random } = session;
  const lateral = random.pick<View>(['ML', 'ML', 'ML', 'LM']);
  if (session.tomosynthesis)
    return [{ ...SINGLE, side, view: lateral }, ...tomosynthesis(side, 'MLO', session)];
  const modifiers = random.pick<readonly Modifier[]>([['M', 'S'], ['M', 'S'], ['S'], ['M']]);
  return [
    { ...SINGLE, side, view: lateral },
    { ...SINGLE, side, view: random.pick<View>(['CC', 'CC', 'MLO']), modifiers },
  ];
}

/** The slices, and what the maker stores besides. */
function tomosynthesis(side: Side, view: View, { vendor, random }: Session): Shot[] {
  const technique = vendor.besideTomosynthesis;
  return [
    { ...SINGLE, side, view, technique: 'tomosynthesis', frames: random.int(38, 72) },
    { ...SINGLE, side, view, technique, frames: technique === 'projection' ? 25 : 1 },
  ];
}

/** What the surgeon took out, X-rayed to see that the lesion is in it; often from two sides. */
function specimens(side: Side, random: Random): Shot[] {
  const shot: Shot = { ...SINGLE, side, view: 'SPECIMEN', technique: 'specimen' };
  return random.chance(0.5) ? [shot] : [shot, shot];
}
