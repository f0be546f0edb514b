import type { Episode } from './episode.js';
import type { Lesion, Side } from './lesion.js';
import type { Random } from './random.js';
import type { JsonObject } from './values.js';
import type { Geometry } from './vendors.js';

interface Drawing {
  readonly episode: Episode;
  readonly nextMark: () => number;
  readonly random: Random;
}

/** Marks of the lesions of that breast, or null where nothing was drawn. */
export function makeMarks(
  { episode, nextMark, random }: Drawing,
  side: Side,
  geometry: Geometry,
): JsonObject | null {
  const lesions = episode.lesions.filter((lesion) => lesion.side === side && lesion.nature !== 'normal');
  if (lesions.length === 0) return random.pick([null, null, {}]);
  if (random.chance(0.2)) return {};
  // Two lesions of a breast are sometimes drawn as one box.
  const boxes = lesions.length === 2 && random.chance(0.5) ? [lesions] : lesions.map((lesion) => [lesion]);
  const marks: JsonObject = {};
  for (const box of boxes) {
    const id = nextMark();
    marks[String(id)] = makeMark(id, box, geometry, random);
  }
  return marks;
}

function makeMark(id: number, lesions: readonly Lesion[], geometry: Geometry, random: Random): JsonObject {
  const { description, nature, sizeMm } = lesions[0]!;
  const side = Math.max(8, Math.min(Math.round(sizeMm / geometry.spacing), geometry.columns / 2));
  const width = Math.round(side * random.decimal(0.8, 1.2, 2));
  const height = Math.round(side * random.decimal(0.8, 1.2, 2));
  const x = random.int(1, geometry.columns - width - 2);
  const y = random.int(1, geometry.rows - height - 2);
  const mass = ['MA', 'MC'].includes(description);
  const calcified = ['CA', 'MC'].includes(description);
  const linked = lesions.map(({ number }) => number).join(',');
  return {
    MarkID: id,
    X1: String(x),
    Y1: String(y),
    X2: String(x + width),
    Y2: String(y + height),
    Width: String(width),
    Height: String(height),
    LesionID: String(id - 900),
    LinkedNBSSLesionNumber: random.chance(0.08) ? 'UNLINKED' : linked,
    Conspicuity: random.pick(['Obvious', 'Subtle', 'Very_subtle', 'Occult', 'not_recalled']),
    MassClassification: mass
      ? random.pick(['ill_defined', 'spiculated', 'well_defined', 'other', 'unknown'])
      : null,
    BenignClassification:
      calcified && nature === 'benign'
        ? random.pick(['rod-like', 'round_and_punctate', 'lucent-centred'])
        : null,
    Mass: mass ? 1 : null,
    ArchitecturalDistortion: description === 'DS' ? 'ArchitecturalDistortion' : null,
    FocalAsymmetry: description === 'AS' ? 'FocalAsymmetry' : null,
    SuspiciousCalcifications: calcified && nature !== 'benign' ? 'SuspiciousCalcifications' : null,
    Skin: null,
    Vascular: null,
    WithCalcification: description === 'MC' ? 'WithCalcification' : null,
  };
}
