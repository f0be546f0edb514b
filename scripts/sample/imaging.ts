import type { Episode, Lesion, Side, Visit } from './course.js';
import type { Random } from './random.js';
import { VENDORS, type Geometry, type Vendor } from './vendors.js';
import type { TransferSyntax } from './dicom-writer.js';
import type { JsonObject } from './values.js';

export type View = 'CC' | 'MLO' | 'ML';
export type Intent = 'FOR PRESENTATION' | 'FOR PROCESSING';

/** An image as the imaging department made it, before any file is written. */
export interface Image {
  readonly sop: string;
  readonly side: Side;
  readonly view: View;
  readonly intent: Intent;
  /** Tomosynthesis: more than one frame. */
  readonly frames: number;
  readonly magnified: boolean;
  readonly number: number;
  readonly geometry: Geometry;
  /** SOPInstanceUID of the raw image that this one was processed from. */
  readonly source: string | null;
  readonly marks: JsonObject | null;
}

export interface Series {
  readonly uid: string;
  readonly number: number;
  readonly images: readonly Image[];
}

export interface Study {
  readonly uid: string;
  readonly day: number;
  readonly purpose: Visit['purpose'];
  readonly episode: Episode;
  readonly vendor: Vendor;
  readonly syntax: TransferSyntax;
  readonly series: readonly Series[];
}

/** Transfer syntaxes by client, most of them plain; the rare ones once in twenty. */
const SYNTAXES: readonly TransferSyntax[] = [
  'explicit', 'implicit', 'jpegLossless', 'explicit', 'explicit', 'jpeg2000', 'explicit', 'bigEndian', 'explicit', 'implicit',
  'explicit', 'deflated', 'explicit', 'jpegLossless', 'explicit', 'explicit', 'implicit', 'explicit', 'jpegLossless', 'explicit',
]; // prettier-ignore

/** Detector of the studies in rare transfer syntaxes: small, because a deflated file cannot be sparse. */
const SMALL: Geometry = { rows: 384, columns: 256, spacing: 0.4 };

/** The studies of a client: one for each visit of each episode. */
export function makeStudies(index: number, episodes: readonly Episode[], random: Random): Study[] {
  const syntax = SYNTAXES[index % SYNTAXES.length]!;
  // Both intents are archived at some sites only.
  const pairs = index % 5 === 1;
  let markId = 1000 + index * 10;
  const visits = episodes.flatMap((episode) => episode.visits.map((visit) => ({ episode, visit })));
  return visits.map(({ episode, visit }, number) => {
    const vendor = VENDORS[(index + number) % VENDORS.length]!;
    const plain = syntax !== 'deflated' && syntax !== 'bigEndian';
    const tomosynthesis = plain && vendor.tomosynthesis && index % 6 === 2 && visit.purpose === 'assessment';
    const plan: Plan = {
      vendor,
      plain,
      pairs,
      tomosynthesis,
      episode,
      visit,
      random,
      nextMark: () => ++markId,
    };
    const images = makeImages(plan);
    const series = groupSeries(images, vendor, random);
    return { uid: random.uid(), day: visit.day, purpose: visit.purpose, episode, vendor, syntax, series };
  });
}

interface Plan {
  readonly vendor: Vendor;
  readonly plain: boolean;
  readonly pairs: boolean;
  readonly tomosynthesis: boolean;
  readonly episode: Episode;
  readonly visit: Visit;
  readonly random: Random;
  readonly nextMark: () => number;
}

interface Shot {
  readonly side: Side;
  readonly view: View;
  readonly magnified: boolean;
  readonly frames: number;
}

function shots({ visit, tomosynthesis, random }: Plan): Shot[] {
  const plain = { magnified: false, frames: 1 };
  const standard = visit.sides.flatMap((side): Shot[] => [
    { side, view: 'CC', ...plain },
    { side, view: 'MLO', ...plain },
  ]);
  if (visit.purpose === 'screen') return standard;
  if (visit.purpose === 'repeat') return standard.slice(0, random.int(1, 2));
  return visit.sides.flatMap((side): Shot[] => {
    const extra: Shot[] = [{ side, view: 'ML', ...plain }];
    if (tomosynthesis) extra.push({ side, view: 'MLO', magnified: false, frames: random.int(38, 72) });
    else extra.push({ side, view: 'CC', magnified: true, frames: 1 });
    return extra;
  });
}

function makeImages(plan: Plan): Image[] {
  const { vendor, plain, pairs, random } = plan;
  const images: Image[] = [];
  for (const shot of shots(plan)) {
    const large = plan.episode.ageYears % 3 === 0;
    const geometry = !plain
      ? SMALL
      : shot.frames > 1
        ? vendor.tomosynthesisGeometry
        : large
          ? vendor.large
          : vendor.small;
    const raw = pairs && shot.frames === 1 ? random.uid() : null;
    if (raw !== null)
      images.push({
        ...shot,
        sop: raw,
        intent: 'FOR PROCESSING',
        number: images.length + 1,
        geometry,
        source: null,
        marks: null,
      });
    const marks = makeMarks(plan, shot, geometry);
    const number = images.length + 1;
    images.push({
      ...shot,
      sop: random.uid(),
      intent: 'FOR PRESENTATION',
      number,
      geometry,
      source: raw,
      marks,
    });
  }
  return images;
}

/** Some vendors put each image into a series of its own, others the images of one intent together. */
function groupSeries(images: readonly Image[], vendor: Vendor, random: Random): Series[] {
  const groups = new Map<string, Image[]>();
  for (const image of images) {
    const key = vendor.seriesPerImage ? image.sop : `${image.intent} ${image.frames > 1}`;
    groups.set(key, [...(groups.get(key) ?? []), image]);
  }
  return [...groups.values()].map((group, i) => ({ uid: random.uid(), number: i + 1, images: group }));
}

/** Marks of the lesions of that breast, or null where nothing was drawn. */
function makeMarks(plan: Plan, shot: Shot, geometry: Geometry): JsonObject | null {
  const { episode, random } = plan;
  const lesions = episode.lesions.filter(({ side, nature }) => side === shot.side && nature !== 'normal');
  if (lesions.length === 0) return random.pick([null, null, {}]);
  if (random.chance(0.2)) return {};
  // Two lesions of a breast are sometimes drawn as one box.
  const boxes = lesions.length === 2 && random.chance(0.5) ? [lesions] : lesions.map((lesion) => [lesion]);
  const marks: JsonObject = {};
  for (const box of boxes) {
    const id = plan.nextMark();
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
