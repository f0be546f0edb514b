import type { Episode, Visit } from './episode.js';
import { displayField, rawField, type FieldOfView } from './detector.js';
import type { TransferSyntax } from './part10.js';
import { makeMarks } from './marks.js';
import type { Random } from './random.js';
import { shots, type Anatomy, type Shot } from './shots.js';
import type { JsonObject } from './values.js';
import { VENDORS, type Geometry, type Vendor } from './vendors.js';

export type Intent = 'FOR PRESENTATION' | 'FOR PROCESSING';

export interface Exposure {
  /** Milliseconds of the day. */
  readonly at: number;
  /** Its beam and dose are chosen by this. */
  readonly seed: number;
}

/** An image as the imaging department made it, before any file is written. */
export interface Image extends Shot {
  readonly sop: string;
  readonly intent: Intent;
  readonly implants: boolean;
  readonly number: number;
  readonly field: FieldOfView;
  /** What the images of one exposure have in common. */
  readonly exposure: Exposure;
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
  /** Milliseconds of the day. */
  readonly startedAt: number;
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

const MINUTE = 60_000;

/** The studies of a client: one for each visit of each episode. */
export function makeStudies(index: number, episodes: readonly Episode[], random: Random): Study[] {
  const syntax = SYNTAXES[index % SYNTAXES.length]!;
  const small = syntax === 'deflated' || syntax === 'bigEndian';
  // Periods without a common factor, so that rare things meet; both intents are archived at some sites only.
  const anatomy = { implants: index % 43 === 6, large: index % 29 === 3 };
  const shared = { small, anatomy, pairs: index % 5 === 1, random, nextMark: counter(1000 + index * 10) };
  const visits = episodes.flatMap((episode) => episode.visits.map((visit) => ({ episode, visit })));
  return visits.map(({ episode, visit }, number) => {
    const vendor = VENDORS[(index + number) % VENDORS.length]!;
    const withSlices =
      visit.purpose === 'assessment' ? index % 6 === 2 : visit.purpose === 'screen' && index % 19 === 5;
    const tomosynthesis = !small && vendor.tomosynthesis && withSlices;
    const startedAt = random.int(9 * 60, 16 * 60) * MINUTE;
    const images = makeImages({ ...shared, vendor, tomosynthesis, episode, visit, startedAt });
    const series = groupSeries(images, vendor, random);
    const { day, purpose } = visit;
    return { uid: random.uid(), day, startedAt, purpose, episode, vendor, syntax, series };
  });
}

function counter(before: number): () => number {
  let last = before;
  return () => ++last;
}

interface Plan {
  readonly vendor: Vendor;
  readonly small: boolean;
  readonly anatomy: Anatomy;
  readonly pairs: boolean;
  readonly tomosynthesis: boolean;
  readonly episode: Episode;
  readonly visit: Visit;
  readonly startedAt: number;
  readonly random: Random;
  readonly nextMark: () => number;
}

function makeImages(plan: Plan): Image[] {
  const images: Image[] = [];
  const { random } = plan;
  let exposure: Exposure = { at: plan.startedAt, seed: 0 };
  for (const shot of shots(plan)) {
    // A calculated image has the exposure of what it was calculated from.
    if (shot.technique !== 'synthetic_2d')
      exposure = { at: exposure.at + random.int(40_000, 4 * MINUTE), seed: random.int(0, 0x7fffffff) };
    images.push(...imagesOf(plan, shot, exposure, images.length + 1));
  }
  return images;
}

/** The image of an exposure; at some sites the raw one before it. */
function imagesOf(plan: Plan, shot: Shot, exposure: Exposure, number: number): Image[] {
  const { vendor, random, pairs, anatomy } = plan;
  const detector = detectorOf(plan, shot);
  const facts = { ...shot, implants: anatomy.implants && shot.technique !== 'phantom', exposure };
  const raw: Image = {
    ...facts,
    sop: random.uid(),
    intent: 'FOR PROCESSING',
    number,
    field: rawField(vendor, shot.side, shot.view, detector),
    source: null,
    marks: null,
  };
  // Projections are what the slices are calculated from; radiologists are not shown them.
  if (shot.technique === 'projection') return [raw];
  const paired = pairs && shot.technique === 'ffdm';
  const field = displayField(vendor, shot.side, shot.view, detector);
  const shown: Image = {
    ...facts,
    sop: random.uid(),
    intent: 'FOR PRESENTATION',
    number: paired ? number + 1 : number,
    field,
    source: paired && vendor.namesSource ? raw.sop : null,
    marks: ['specimen', 'phantom'].includes(shot.technique)
      ? null
      : makeMarks(plan, shot.side, field.geometry),
  };
  return paired ? [raw, shown] : [shown];
}

function detectorOf({ vendor, small, episode }: Plan, { technique }: Shot): Geometry {
  if (small) return SMALL;
  if (technique === 'tomosynthesis' || technique === 'projection') return vendor.tomosynthesisGeometry;
  return episode.ageYears % 3 === 0 && technique !== 'specimen' ? vendor.large : vendor.small;
}

/** Some vendors put each image into a series of its own, others the images of one kind and intent together. */
function groupSeries(images: readonly Image[], vendor: Vendor, random: Random): Series[] {
  const groups = new Map<string, Image[]>();
  for (const image of images) {
    const key = vendor.seriesPerImage ? image.sop : `${image.intent} ${image.technique}`;
    groups.set(key, [...(groups.get(key) ?? []), image]);
  }
  return [...groups.values()].map((group, i) => ({ uid: random.uid(), number: i + 1, images: group }));
}
