import { isCancer, type Lesion, type Nature, type Side } from './lesion.js';
import type { Random } from './random.js';
import { code, day, measure, yesNo, type Value } from './values.js';

/** One procedure on the lesions of an episode. */
export interface Step {
  readonly day: number;
  readonly lesions: readonly Lesion[];
  readonly random: Random;
}

export type Fields = Record<string, Value>;

const SIDE_OPINION: Record<Nature, string> = {
  normal: 'ON',
  benign: 'OB',
  suspicious: 'OS',
  in_situ: 'OM',
  invasive: 'OM',
};

/** What the whole procedure says of a side: the worst of its lesions; a side without lesions has no opinion. */
function sideOpinion(side: Side, lesions: readonly Lesion[], map: (nature: Nature) => string): Value {
  const natures = lesions.filter((lesion) => lesion.side === side).map(({ nature }) => nature);
  const worst = natures.find(isCancer) ?? natures.find((nature) => nature !== 'normal') ?? natures[0];
  return worst === undefined ? null : code('SIDE', map(worst));
}

/** A block of a procedure: lesions by side and number, and what is said of the block as a whole. */
export function block(
  step: Step,
  outcome: string,
  fields: (lesion: Lesion) => Fields,
  opinion: (nature: Nature) => string = (nature) => SIDE_OPINION[nature],
): Fields {
  const sides: Record<Side, Fields> = { L: {}, R: {} };
  for (const lesion of step.lesions)
    sides[lesion.side][String(lesion.number)] = { DatePerformed: day(step.day), ...fields(lesion) };
  return {
    L: sides.L,
    R: sides.R,
    dateperformed: day(step.day),
    diagnosticsetoutcome: code('ACT', outcome),
    left_opinion: sideOpinion('L', step.lesions, opinion),
    right_opinion: sideOpinion('R', step.lesions, opinion),
  };
}

/** Radiological grade that goes with a lesion, 1 (normal) to 5 (malignant): imaging is less sure than histology. */
function grade(nature: Nature, random: Random): number {
  if (nature === 'normal') return random.pick([1, 2, 3]);
  if (nature === 'benign') return random.pick([2, 3, 3]);
  if (nature === 'suspicious') return 4;
  return random.pick([4, 5, 5]);
}

interface Screen extends Step {
  readonly ageYears: number;
  /** Code of list RFF: S1 first screen of the episode, TP technical repeat. */
  readonly reason: string;
}

/** SCREENING, and each entry of OTHERSCREENING. */
export function screeningBlock(screen: Screen): Fields {
  const recalled = screen.lesions.length > 0;
  return {
    L: screenedSide('L', screen),
    R: screenedSide('R', screen),
    diagnosticsetoutcome: code('ACT', recalled ? 'RC' : 'RR'),
    left_opinion: code('SIDE', screen.lesions.some(({ side }) => side === 'L') ? 'OS' : 'ON'),
    right_opinion: code('SIDE', screen.lesions.some(({ side }) => side === 'R') ? 'OS' : 'ON'),
  };
}

function screenedSide(side: Side, { day: taken, lesions, random, ageYears, reason }: Screen): Fields {
  const lesion = lesions.find((candidate) => candidate.side === side);
  const mass = lesion !== undefined && ['MA', 'MC'].includes(lesion.description);
  const calcification = lesion !== undefined && ['CA', 'MC'].includes(lesion.description);
  return {
    DateTaken: day(taken),
    Opinion: code('OPINION', lesion === undefined ? 'RN' : random.pick(['RS', 'RU', 'RM'])),
    EquipmentMakeModel: random.pick(['Hologic Selenia Dimensions', 'GE Senographe Essential']),
    EquipmentUsed: random.pick(['HD1', 'GE2', 'SI1']),
    AgeAtScreening: measure(ageYears),
    FilmReaders: `${random.pick(['AB', 'CD'])} ${random.pick(['EF', 'GH'])}`,
    Reason: code('RFF', reason),
    SizeMm: mass ? measure(lesion.sizeMm) : null,
    Mass: code('PRE', mass ? 'Y' : 'N'),
    Microcalcification: code('PRE', calcification ? 'Y' : 'N'),
    MicrocalcWithMass: yesNo(mass && calcification),
    ViewsProcedures: code('VIEW', 'C', 'O'),
  };
}

/** ASSESSMENT: further mammograms and ultrasound. */
export function assessmentBlock(step: Step): Fields {
  const { random } = step;
  const outcome = step.lesions.every(({ nature }) => nature === 'normal') ? 'RR' : 'WB';
  const side = (nature: Nature): string =>
    isCancer(nature) ? random.pick(['OM', 'OS']) : SIDE_OPINION[nature];
  return block(
    step,
    outcome,
    ({ nature, description, sizeMm }) => {
      const level = grade(nature, random);
      const mass = ['MA', 'MC'].includes(description);
      return {
        Opinion: code('OPINION', `I${level}`),
        Mammo: 'Y',
        MammoOpinion: code('OPINION', `R${level}`),
        MammoMass: code('MASSM', mass ? random.pick(['I', 'S', 'W']) : 'N'),
        MammoCalcification: code(
          'CALCM',
          ['CA', 'MC'].includes(description) ? random.pick(['C', 'G', 'P']) : 'N',
        ),
        MammoAttributes:
          description === 'DS'
            ? code('MAMFT', 'AD')
            : description === 'AS'
              ? code('MAMFT', 'AS', 'ST')
              : null,
        MammoSizeMm: measure(sizeMm),
        Uss: 'Y',
        UssOpinion: code('OPINION', `U${Math.max(1, level - random.int(0, 1))}`),
        UssMass: code('MASSU', mass ? random.pick(['E', 'I', 'W']) : 'N'),
        UssSizeMm: mass ? measure(sizeMm + 1) : null,
        WorstLesion: yesNo(nature !== 'normal'),
      };
    },
    side,
  );
}

/** CLINICAL: the examination by hand. */
export function clinicalBlock(step: Step): Fields {
  const { random } = step;
  return block(step, 'WB', ({ nature, sizeMm }) => ({
    Opinion: code('OPINION', `P${nature === 'normal' ? 1 : Math.max(1, grade(nature, random) - random.int(0, 2))}`),
    DiscreteMass: yesNo(sizeMm > 20),
    SizeMm: sizeMm > 20 ? measure(sizeMm) : null,
    SkinChanges: 'N',
    NippleChanges: 'N',
    NippleDischarge: code('NIPDIS', 'N'),
    Nodularity: yesNo(random.chance(0.2)),
  }), () => random.pick(['ON', 'OU'])); // prettier-ignore
}

/** INTERVALCANCER: the symptomatic work-up of a cancer found between two screens. */
export function intervalCancerBlock(step: Step): Fields {
  const { random } = step;
  return block(step, 'WB', ({ sizeMm }) => ({
    Opinion: code('OPINION', random.pick(['I4', 'I5'])),
    Mammo: 'Y',
    MammoOpinion: code('OPINION', random.pick(['R4', 'R5'])),
    MammoMass: code('MASSM', random.pick(['I', 'S'])),
    MammoSizeMm: measure(sizeMm),
    UssOpinion: code('OPINION', random.pick(['U4', 'U5'])),
    UssSizeMm: measure(sizeMm),
  })); // prettier-ignore
}

/** LESION: what the lesions of the episode are, by side and number. */
export function lesionBlock(lesions: readonly Lesion[], random: Random): Fields {
  const sides: Record<Side, Fields> = { L: {}, R: {} };
  for (const { side, number, description, position } of lesions)
    sides[side][String(number)] = {
      LesionDescription: code('LESDES', description),
      LesionPosition: position,
      LesionNotes: random.pick<Value>([null, 'Synthetic note: seen on both views']),
      CystAspirated: 'N',
      SiteIndicator: code('LESSITE', 'S'),
    };
  return { L: sides.L, R: sides.R };
}
