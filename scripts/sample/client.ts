import { makeCourse, type Course } from './course.js';
import { dicomJson } from './dicom-json.js';
import type { Dataset } from './dicom-writer.js';
import { fileMeta, type Pixels } from './part10.js';
import { makeHeader, sopClass, type CharacterSet } from './header.js';
import { imagedbJson, type ImagedbStyle } from './imagedb-json.js';
import { makeStudies, type Image, type Series, type Study } from './imaging.js';
import { clientId } from './names.js';
import { nbssJson, type NbssStyle } from './nbss-json.js';
import { random, type Random } from './random.js';
import type { JsonObject } from './values.js';

/** A JSON file to be written. Everything here may be changed by a fault before it is. */
export interface JsonFile {
  /** Names it is written under: none, one, or (a fault) two. */
  names: string[];
  content: JsonObject;
  /** Written instead of the content where not null. */
  raw: string | Buffer | null;
}

export interface DicomFile {
  /** File name without its folder. */
  name: string;
  meta: Dataset;
  implicitMeta: boolean;
  dataset: Dataset;
  pixels: Pixels | null;
  /** Written instead of a DICOM file where not null. */
  raw: Buffer | null;
  /** Leaves the file off after so many bytes of its header, or so many bytes before its end. */
  cut: { readonly headerBytes: number } | { readonly missingBytes: number } | null;
}

export interface ImagePlan {
  readonly image: Image;
  readonly series: Series;
  json: JsonFile;
  /** Null: no such file. */
  dicom: DicomFile | null;
}

export interface StudyPlan {
  readonly study: Study;
  inData: boolean;
  inImages: boolean;
  images: ImagePlan[];
}

/** A file or folder that is not of the layout; `path` is relative to its root. */
export interface ExtraFile {
  readonly root: 'data' | 'images';
  readonly path: string;
  readonly text: string;
}

/** All that will be written for a client. */
export interface ClientPlan {
  readonly index: number;
  readonly id: string;
  readonly course: Course;
  readonly characterSet: CharacterSet;
  readonly imagedb: JsonFile;
  readonly nbss: JsonFile;
  studies: StudyPlan[];
  inData: boolean;
  inImages: boolean;
  readonly extras: ExtraFile[];
}

/** The `index`-th client (from 0) of the database of a seed, without faults. It depends on nothing else. */
export function makeClient(seed: number, index: number): ClientPlan {
  const id = clientId(index);
  const source = random(seed, 'client', index);
  const course = withoutEpisodes(index)
    ? { birthDay: 0, classification: 'N' as const, episodes: [] }
    : makeCourse(index, source);
  const studies = makeStudies(index, course.episodes, source);
  const byEpisode = new Map(
    course.episodes.map((episode) => [
      episode.id,
      studies.filter((study) => study.episode === episode).map(({ uid }) => uid),
    ]),
  );
  const names =
    index % 4 === 1 ? ['IMAGEDB_', 'NBSS_'] : index % 4 === 2 ? ['imagedb_', 'NBSS_'] : ['imagedb_', 'nbss_'];
  const characterSet = characterSetOf(index);
  const pages = { index, id, course, characterSet };
  return {
    ...pages,
    imagedb: jsonFile(`${names[0]!}${id}.json`, imagedbJson(id, index, studies, imagedbStyle(index))),
    nbss: jsonFile(`${names[1]!}${id}.json`, nbssJson(id, course, byEpisode, nbssStyle(index))),
    studies: studies.map((study) => planStudy(study, pages, source)),
    inData: true,
    inImages: true,
    extras: [],
  };
}

/** A woman who was never screened: files, but neither episode nor study. */
function withoutEpisodes(index: number): boolean {
  return index % 37 === 20;
}

function characterSetOf(index: number): CharacterSet {
  if (index % 9 === 4) return 'ISO_IR 100';
  return index % 11 === 6 ? 'ISO_IR 192' : '';
}

// The manners of writing are spread with periods that do not share a factor, so that their combinations occur too.

function imagedbStyle(index: number): ImagedbStyle {
  return {
    dates: index % 2 === 0 ? 'dashed' : 'compact',
    emptyKey: index % 7 === 3,
    noStudies: index % 2 === 0 ? 'null' : 'missing',
    lesionsKey: index % 3 === 0,
  };
}

function nbssStyle(index: number): NbssStyle {
  return {
    dates: index % 4 < 2 ? 'dashed' : 'compact',
    codes: (['code', 'label', 'printed'] as const)[index % 3]!,
    numbers: index % 5 < 3 ? 'string' : 'number',
    empty: index % 7 < 4 ? null : '',
    studyList: (['array', 'text', 'null', 'mixed'] as const)[Math.floor(index / 2) % 4]!,
    otherSpellings: index % 3 === 1,
    lesionOutcome: index % 4 === 2,
    bareOpinion: index % 4 === 1,
    openedYear: (['text', 'number', 'empty'] as const)[Math.floor(index / 3) % 3]!,
  };
}

function jsonFile(name: string, content: JsonObject): JsonFile {
  return { names: [name], content, raw: null };
}

function planStudy(
  study: Study,
  client: Pick<ClientPlan, 'index' | 'id' | 'course' | 'characterSet'>,
  source: Random,
): StudyPlan {
  const images = study.series.flatMap((series) =>
    series.images.map((image) => planImage(study, series, image, client, source)),
  );
  return { study, inData: true, inImages: true, images };
}

function planImage(
  study: Study,
  series: Series,
  image: Image,
  { index, id, course, characterSet }: Pick<ClientPlan, 'index' | 'id' | 'course' | 'characterSet'>,
  source: Random,
): ImagePlan {
  const huge = index % 15 === 8 && image.number === 1;
  const context = { clientId: id, birthDay: course.birthDay, characterSet, huge, random: source };
  const dataset = makeHeader(study, series, image, context);
  const meta = fileMeta(sopClass(image), image.sop, study.syntax);
  const suffix = index % 3 === 1 ? '.dcm.json' : '.json';
  return {
    image,
    series,
    json: jsonFile(`${image.sop}${suffix}`, headerJson(meta, dataset, image.sop)),
    dicom: {
      name: `${image.sop}.dcm`,
      meta,
      implicitMeta: false,
      dataset,
      pixels: pixels(study, image),
      raw: null,
      cut: null,
    },
  };
}

/** The header file of an image: its dataset and file meta, bulk data pointed to. */
export function headerJson(meta: Dataset, dataset: Dataset, sop: string): JsonObject {
  const content = dicomJson([...meta, ...dataset], `bulkdata/${sop}`);
  // JSON is UTF-8, whatever the file was in (PS3.18 F.2.1).
  if ('00080005' in content) content['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
  content['7FE00010'] = { vr: 'OW', BulkDataURI: `bulkdata/${sop}/7FE00010` };
  return content;
}

function pixels(study: Study, image: Image): Pixels {
  const { rows, columns } = image.field.geometry;
  const plain = rows * columns * 2;
  const compressed = study.syntax === 'jpegLossless' || study.syntax === 'jpeg2000';
  // Mammograms compress to about a third without loss.
  return { frameBytes: compressed ? 2 * Math.round(plain / 6) : plain, frames: image.frames };
}
