import { elements } from './attributes.js';
import { headerJson, type ImagePlan } from './client.js';
import { dicomJson } from './dicom-json.js';
import { fileMeta } from './part10.js';
import {
  changeHeaders,
  dicomPath,
  firstMark,
  imagedbSeries,
  imagedbStudy,
  jsonPath,
  onImage,
  row,
  studyPath,
} from './faults-common.js';
import type { Injection, Row, Target } from './fault.js';
import { sopClass } from './header.js';

/** Faults of image files, their presence and their headers. */
export const IMAGE_INJECTIONS: readonly Injection[] = [
  onImage('image_json_missing', ({ client, study }, image) => {
    image.json.names = [];
    return row('the header file was left out', dicomPath(client, study, image), study, image);
  }),
  onImage('dicom_missing', ({ client, study }, image) => {
    image.dicom = null;
    return row('the .dcm file was left out', jsonPath(client, study, image), study, image);
  }),
  onImage('image_not_in_imagedb', ({ client, study }, image) => {
    const series = imagedbSeries(client, study, image);
    Reflect.deleteProperty(series, image.image.sop);
    if (Object.keys(series).length === 0)
      Reflect.deleteProperty(imagedbStudy(client, study), image.series.uid);
    return row('the image was left out of the imagedb file', dicomPath(client, study, image), study, image);
  }),
  onImage('image_not_on_disk', ({ client, study }, image) => {
    image.json.names = [];
    image.dicom = null;
    return row(
      'both files were left out, the imagedb file lists the image',
      studyPath(client, study),
      study,
      image,
    );
  }),
  onImage('image_json_duplicate', ({ client, study }, image) => {
    const path = `${studyPath(client, study)}/${image.image.sop}.dcm.json`;
    image.json.names = [`${image.image.sop}.json`, `${image.image.sop}.dcm.json`];
    return row('the header file stands under both names', path, study, image);
  }),
  onImage('json_unreadable', ({ client, study }, image) => {
    image.json.raw = JSON.stringify(image.json.content).slice(0, 2000);
    return row('the header file ends after 2000 bytes', jsonPath(client, study, image), study, image);
  }),
  onImage('image_uid_duplicate', duplicateUid),
  onImage('image_uid_duplicate', shareImage),
  onImage('dicom_unreadable', ({ client, study }, image) => {
    image.dicom!.raw = Buffer.from('<html>404 not found</html>\n'.repeat(40));
    return row('the .dcm file is a web page', dicomPath(client, study, image), study, image);
  }),
  onImage('dicom_unreadable', ({ client, study, random }, image) => {
    // Elements have even lengths: an odd cut is within one.
    image.dicom!.cut = { headerBytes: 2 * random.int(350, 1250) + 1 };
    return row('the .dcm file ends within its header', dicomPath(client, study, image), study, image);
  }),
  onImage('dicom_unreadable', ({ client, study }, image) => {
    image.dicom!.raw = Buffer.alloc(0);
    return row('the .dcm file is empty', dicomPath(client, study, image), study, image);
  }),
  onImage('dicom_truncated', truncate),
  onImage('sop_instance_uid_conflict', ({ client, study, random }, image) => {
    const other = random.uid();
    changeHeaders(image, { SOPInstanceUID: other });
    changeMeta(image, study.study.syntax, other);
    return row('both headers name another image', dicomPath(client, study, image), study, image);
  }),
  onImage('study_instance_uid_conflict', ({ client, study, random }, image) => {
    changeHeaders(image, { StudyInstanceUID: random.uid() });
    return row('both headers name another study', dicomPath(client, study, image), study, image);
  }),
  onImage('series_instance_uid_conflict', ({ client, study, random }, image) => {
    changeHeaders(image, { SeriesInstanceUID: random.uid() });
    return row('both headers name another series', dicomPath(client, study, image), study, image);
  }),
  onImage('text_undecodable', undecodable),
  onImage('tag_conflict', ({ client, study, random }, image) => {
    const [keyword, value] = random.pick([
      ['KVP', 99],
      ['BodyPartThickness', 7],
      ['ManufacturerModelName', 'Another model'],
      ['ViewPosition', 'XCCL'],
    ] as const);
    Object.assign(image.json.content, dicomJson(elements({ [keyword]: value }), ''));
    return row(`${keyword} differs between the two headers`, dicomPath(client, study, image), study, image);
  }),
];

/** Latin-1 bytes in a header that says it is UTF-8; its JSON was made by a reader that put U+FFFD for them. */
function undecodable({ client, study }: Target, image: ImagePlan): Row | null {
  // The texts of these clients are written as UTF-8.
  if (client.characterSet === 'ISO_IR 192') return null;
  changeHeaders(image, { SpecificCharacterSet: 'ISO_IR 192', SeriesDescription: 'Thoraxn\u00e4he' });
  Object.assign(image.json.content, dicomJson(elements({ SeriesDescription: 'Thoraxn\ufffdhe' }), ''));
  return row(
    'SeriesDescription is Latin-1 in a header that says UTF-8',
    dicomPath(client, study, image),
    study,
    image,
  );
}

/** File meta and its copy in the JSON follow the dataset, or they would be a second fault. */
function changeMeta(image: ImagePlan, syntax: Parameters<typeof fileMeta>[2], sop: string): void {
  const meta = fileMeta(sopClass(image.image), sop, syntax);
  image.dicom!.meta = meta;
  Object.assign(image.json.content, dicomJson(meta, ''));
}

/** Only where the pixel data states its length, and the header is not in one stream with it. */
function truncate({ client, study }: Target, image: ImagePlan): Row | null {
  const { syntax } = study.study;
  const pixels = image.dicom!.pixels;
  if (pixels === null || !['explicit', 'implicit', 'bigEndian'].includes(syntax)) return null;
  image.dicom!.cut = { missingBytes: Math.floor(pixels.frameBytes / 3) };
  return row('the last third of the pixel data is missing', dicomPath(client, study, image), study, image);
}

/** The later of the two places, in natural order of the clients, is the one that the row is about. */
function duplicateUid(target: Target, image: ImagePlan): Row | null {
  const taken = earlierImage(target);
  if (taken === null) return null;
  takeUid(target, image, taken.image.sop);
  return sharedRow(target, image, taken, 'has the same SOPInstanceUID');
}

/** The same mammogram under two women: all of its header but what says where it belongs. */
function shareImage(target: Target, image: ImagePlan): Row | null {
  const { client, study, earlier } = target;
  const taken = earlierImage(target);
  // Her own marks would be of another picture, and her texts are encoded as all of hers are.
  if (taken === null || firstMark(client, study) !== null || earlier?.characterSet !== client.characterSet)
    return null;
  const { syntax } = study.study;
  if (earlier.studies[0]!.study.syntax !== syntax) return null;
  const meta = fileMeta(sopClass(taken.image), image.image.sop, syntax);
  const { dataset, pixels } = taken.dicom!;
  image.dicom = { ...image.dicom!, meta, dataset, pixels };
  image.json.content = headerJson(meta, dataset, taken.image.sop);
  changeHeaders(image, {
    StudyInstanceUID: study.study.uid,
    SeriesInstanceUID: image.series.uid,
    PatientID: client.id,
    PatientName: client.id,
  });
  takeUid(target, image, taken.image.sop, sopClass(taken.image));
  return sharedRow(target, image, taken, 'is the same image');
}

/** An image of the last sound client before this one. */
function earlierImage({ client, earlier }: Target): ImagePlan | null {
  if (earlier === null || !isBefore(earlier.id, client.id)) return null;
  return earlier.studies[0]?.images[0] ?? null;
}

/** Gives an image another SOPInstanceUID, everywhere. */
function takeUid(
  { client, study }: Target,
  image: ImagePlan,
  taken: string,
  classUid = sopClass(image.image),
): void {
  const series = imagedbSeries(client, study, image);
  const old = image.image.sop;
  series[taken] = series[old] ?? null;
  Reflect.deleteProperty(series, old);
  image.json.names = image.json.names.map((name) => name.replace(old, taken));
  changeHeaders(image, { SOPInstanceUID: taken });
  const meta = fileMeta(classUid, taken, study.study.syntax);
  Object.assign(image.json.content, dicomJson(meta, ''));
  image.dicom = { ...image.dicom!, meta, name: `${taken}.dcm` };
}

function sharedRow(
  { client, study, earlier }: Target,
  image: ImagePlan,
  taken: ImagePlan,
  what: string,
): Row {
  const path = dicomPath(client, study, image);
  const where = row(`an image of ${earlier!.id} ${what}`, path, study, image);
  return { ...where, sop_instance_uid: taken.image.sop };
}

function isBefore(a: string, b: string): boolean {
  return a.slice(0, 4) === b.slice(0, 4) && Number(a.slice(4)) < Number(b.slice(4));
}
