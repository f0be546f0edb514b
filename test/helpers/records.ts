import type { DicomHeader } from '../../pipeline/dicom/dicom-header.js';
import type { JsonHeader } from '../../pipeline/dicom/json-header.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import type { ClientModel } from '../../pipeline/model/client-model.js';
import { interpret } from '../../pipeline/model/interpret.js';
import { SelectedTags } from '../../pipeline/model/selected-tags.js';
import type { OutcomeMonths } from '../../pipeline/semantics/outcome.js';
import { NO_MONTHS } from './months.js';
import type { PlannedFile } from '../../pipeline/stages/discover.js';
import type { ClientRecord, ImageRecord, JsonFile, StudyRecord } from '../../pipeline/stages/extract.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { shippedTags } from './flat-database.js';

/** Records of a client made by hand, for what comes after reading. */

export const CLIENT = 'optm1';

interface HandMade {
  /** Content of the files, as objects or as JSON text; left out where there is no such file. */
  readonly imagedb?: unknown;
  readonly nbss?: unknown;
  readonly studies?: readonly StudyRecord[];
  readonly plan?: Partial<ClientRecord['plan']>;
}

/** A client of whom both trees have a folder, with these files and studies. */
export function clientRecord({ imagedb, nbss, studies = [], plan = {} }: HandMade): ClientRecord {
  const planned = (name: string, content: unknown): PlannedFile | null =>
    content === undefined ? null : { tree: 'data', path: `${CLIENT}/${name}_${CLIENT}.json` };
  const files = { imagedb: planned('imagedb', imagedb), nbss: planned('nbss', nbss) };
  return {
    tooLarge: false,
    plan: {
      clientId: CLIENT,
      inData: true,
      inImages: true,
      ...files,
      studies: studies.map((study) => ({ ...study, images: study.images.map((image) => image.plan) })),
      unreadable: [],
      ...plan,
    },
    imagedb: jsonFile(files.imagedb, imagedb),
    nbss: jsonFile(files.nbss, nbss),
    studies,
  };
}

function jsonFile(file: PlannedFile | null, content: unknown): JsonFile | null {
  if (file === null) return null;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { path: file.path, object: JSON.parse(text) as JsonFile['object'], text };
}

/** A folder of a study in both trees, unless told otherwise. */
export function studyRecord(
  uid: string,
  images: readonly ImageRecord[] = [],
  where: Partial<StudyRecord> = {},
): StudyRecord {
  return { uid, inData: true, inImages: true, images, ...where };
}

interface Headers {
  readonly json?: JsonHeader | null;
  readonly dicom?: DicomHeader | null;
  /** Files that are there but could not be read. */
  readonly unread?: readonly ('json' | 'dicom')[];
  readonly secondJson?: ImageRecord['secondJson'];
  readonly hasSecondJson?: boolean;
}

/** An image of a study with these headers; left out where there is no such file. */
export function imageRecord(study: string, uid: string, headers: Headers = {}): ImageRecord {
  const { json, dicom, unread = [], secondJson = null, hasSecondJson = secondJson !== null } = headers;
  const file = (tree: 'data' | 'images', ending: string, isThere: boolean): PlannedFile | null =>
    isThere ? { tree, path: `${CLIENT}/${study}/${uid}${ending}` } : null;
  return {
    plan: {
      uid,
      json: file('data', '.json', json !== undefined || unread.includes('json')),
      secondJson: file('data', '.dcm.json', hasSecondJson),
      dicom: file('images', '.dcm', dicom !== undefined || unread.includes('dicom')),
    },
    json: json ?? null,
    jsonBytes: json == null ? null : 100,
    secondJson,
    dicom: dicom ?? null,
  };
}

const selection = shippedTags();
const tags = new SelectedTags(selection);

/** A JSON header of some elements: `GGGGEEEE` to VR and values. */
export function jsonHeader(elements: Readonly<Record<string, readonly [vr: string, ...values: unknown[]]>>) {
  const object = Object.fromEntries(
    Object.entries(elements).map(([key, [vr, ...Value]]) => [key, { vr, Value }]),
  );
  return new JsonHeaderReader(selection).read(object);
}

/** A complete DICOM header with the values of a JSON header. */
export function dicomHeader(
  elements: Parameters<typeof jsonHeader>[0],
  facts: { state?: 'complete' | 'no_pixel_data'; missingBytes?: number } = {},
): DicomHeader {
  const { state = 'complete', missingBytes = 0 } = facts;
  const { values } = jsonHeader(elements);
  return {
    state,
    values,
    odd: [],
    cut: null,
    fileBytes: 1000,
    bytesRead: 500,
    pixelDataOffset: 400,
    pixelValues: { offset: 412, bytes: 588 },
    missingBytes,
  };
}

/** The model of a client, and what was reported while she was interpreted. */
export function modelOf(
  record: ClientRecord,
  months: OutcomeMonths = NO_MONTHS,
): { readonly client: ClientModel; readonly mismatches: readonly Mismatch[] } {
  const mismatches: Mismatch[] = [];
  const client = interpret(record, { tags, months }, (mismatch) => mismatches.push(mismatch));
  return { client, mismatches };
}
