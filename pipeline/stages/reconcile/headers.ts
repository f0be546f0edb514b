import type { Cell } from '../../../schemas/column.js';
import { saySame, type HeaderValues, type InvalidValue } from '../../dicom/header-values.js';
import { isWholeHeader } from '../../dicom/merged-header.js';
import type { ImageModel, StudyModel } from '../../model/client-model.js';
import type { ReconcileContext } from './context.js';
import { isImageLateralityConflict } from './sides.js';

/** What an image's two headers say, against each other and against where the image lies. */
export function checkHeaders(study: StudyModel, image: ImageModel, context: ReconcileContext): void {
  const { onDisk } = image;
  if (onDisk === null) return;
  const dicom = onDisk.dicom === null || onDisk.dicom.state === 'unreadable' ? null : onDisk.dicom;
  const json = onDisk.json?.values ?? null;
  if (dicom !== null) checkPixels(study, image, dicom, context);
  const views: HeaderView[] = [];
  if (dicom !== null) views.push({ name: 'DICOM', path: onDisk.plan.dicom!.path, values: dicom.values });
  if (json !== null) views.push({ name: 'JSON', path: onDisk.plan.json!.path, values: json });
  checkMissingUid(study, image, views, dicom?.state === 'ended_early', context);
  checkIdentity(study, image, views, context);
  checkInvalid(study, image, views, context);
  if (dicom !== null && json !== null) checkTags(study, image, dicom, json, context);
}

interface HeaderView {
  readonly name: 'DICOM' | 'JSON';
  readonly path: string;
  readonly values: HeaderValues;
}

type ReadableDicom = Extract<NonNullable<NonNullable<ImageModel['onDisk']>['dicom']>, { values: unknown }>;

function checkPixels(
  study: StudyModel,
  image: ImageModel,
  dicom: ReadableDicom,
  context: ReconcileContext,
): void {
  const path = image.onDisk!.plan.dicom!.path;
  if (dicom.state === 'no_pixel_data' && !isWholeHeader(dicom)) {
    const detail = 'The file ends without pixel data: its header may have ended early too.';
    context.ofImage('dicom_truncated', study, image, { path, detail, found: `${dicom.fileBytes} bytes` });
  } else if (dicom.missingBytes > 0) {
    const detail = 'The header is complete, but the file ends before its pixel data does.';
    const expected = `at least ${dicom.fileBytes + dicom.missingBytes} bytes`;
    context.ofImage('dicom_truncated', study, image, {
      path,
      detail,
      expected,
      found: `${dicom.fileBytes} bytes`,
    });
  }
}

/** A header that does not say whose it is (SOPInstanceUID is Type 1, PS3.3 C.12.1). One that ended early may have lost it. */
function checkMissingUid(
  study: StudyModel,
  image: ImageModel,
  views: readonly HeaderView[],
  endedEarly: boolean,
  context: ReconcileContext,
): void {
  const lacking = views.filter(
    ({ name, values }) => values.identity.sopInstanceUid === null && !(endedEarly && name === 'DICOM'),
  );
  if (lacking.length === 0) return;
  const detail = `The ${lacking.map(({ name }) => name).join(' and the ')} header has no SOPInstanceUID; the image goes by the name of its file.`;
  context.ofImage('sop_instance_uid_missing', study, image, {
    path: lacking[0]!.path,
    detail,
    expected: image.uid,
  });
}

/** UIDs of headers, and what each is held against. */
const IDENTITY_CHECKS = [
  {
    kind: 'sop_instance_uid_conflict',
    uid: 'sopInstanceUid',
    name: 'SOPInstanceUID',
    where: 'the name of the file',
  },
  {
    kind: 'study_instance_uid_conflict',
    uid: 'studyInstanceUid',
    name: 'StudyInstanceUID',
    where: 'the name of the folder',
  },
  {
    kind: 'series_instance_uid_conflict',
    uid: 'seriesInstanceUid',
    name: 'SeriesInstanceUID',
    where: 'the series in imagedb',
  },
] as const;

/** UIDs of the headers against the names that the files lie under. Two headers with one wrong UID are one cause. */
function checkIdentity(
  study: StudyModel,
  image: ImageModel,
  views: readonly HeaderView[],
  context: ReconcileContext,
): void {
  const places = {
    sopInstanceUid: image.uid,
    studyInstanceUid: study.uid,
    seriesInstanceUid: image.listed[0]?.seriesUid,
  };
  for (const check of IDENTITY_CHECKS) {
    const expected = places[check.uid];
    if (expected !== undefined && !allSay(expected, check.uid, views))
      reportIdentity(check, expected, study, image, views, context);
  }
}

type IdentityCheck = (typeof IDENTITY_CHECKS)[number];

/** A loop without a function of its own: it is asked three times for each image. */
function allSay(expected: string, uid: IdentityCheck['uid'], views: readonly HeaderView[]): boolean {
  for (const { values } of views) if (values.identity[uid] !== expected) return false;
  return true;
}

function reportIdentity(
  { kind, uid, name, where }: IdentityCheck,
  expected: string,
  study: StudyModel,
  image: ImageModel,
  views: readonly HeaderView[],
  context: ReconcileContext,
): void {
  const wrong = views.filter(
    ({ values }) => values.identity[uid] !== null && values.identity[uid] !== expected,
  );
  for (const found of new Set(wrong.map(({ values }) => values.identity[uid]))) {
    const holders = wrong.filter(({ values }) => values.identity[uid] === found);
    const headers = holders.map((view) => view.name).join(' and the ');
    const detail = `${name} in the ${headers} header is not ${where}.`;
    context.ofImage(kind, study, image, { path: holders[0]!.path, detail, expected, found });
  }
}

/** Values that no VR allows. The same one in both headers is one cause. */
function checkInvalid(
  study: StudyModel,
  image: ImageModel,
  views: readonly HeaderView[],
  context: ReconcileContext,
): void {
  if (!views.some(hasInvalid)) return;
  const seen = new Set<string>();
  for (const { name, path, values } of views) {
    for (const invalid of values.invalid) {
      // Frames of two breasts are a laterality_conflict: one cause.
      if (invalid.kind === 'frames_differ' && isLateralityOfFrames(invalid.index, image, context)) continue;
      const cause = `${invalid.index} ${invalid.raw}`;
      if (seen.has(cause)) continue;
      seen.add(cause);
      const details = { path, detail: `${invalid.reason}, in the ${name} header.`, found: invalid.raw };
      context.ofImage(invalid.kind, study, image, details);
    }
  }
}

const hasInvalid = ({ values }: HeaderView): boolean => values.invalid.length > 0;

function isLateralityOfFrames(index: number, { look }: ImageModel, { client }: ReconcileContext): boolean {
  const { column } = client.tags.selection.tags[index]!;
  return column.name === 'image_laterality' && look.laterality.conflict?.[0].source === 'FrameLaterality';
}

const IDENTITY_KEYWORDS = new Set(['SOPInstanceUID', 'StudyInstanceUID', 'SeriesInstanceUID']);

/** Tags that are compared by the checks of UIDs above, or of sides, not a second time as tags. */
function isCheckedElsewhere(keyword: string, image: ImageModel): boolean {
  if (keyword === 'ImageLaterality') return isImageLateralityConflict(image);
  return IDENTITY_KEYWORDS.has(keyword);
}

function checkTags(
  study: StudyModel,
  image: ImageModel,
  header: ReadableDicom,
  json: HeaderValues,
  context: ReconcileContext,
): void {
  const { tags } = context.client.tags.selection;
  const dicom = header.values;
  const isWhole = isWholeHeader(header);
  for (let i = 0; i < tags.length; i++) {
    const inDicom = dicom.cells[i] ?? null;
    const inJson = json.cells[i] ?? null;
    // What a header that ended early lacks is no conflict.
    if (inJson === null || (inDicom === null && !isWhole) || saySame(tags[i]!, inDicom, inJson)) continue;
    const { keyword, path, column } = tags[i]!;
    if (isReported(dicom.invalid, i) || isReported(json.invalid, i)) continue;
    if (path.length === 1 && isCheckedElsewhere(keyword, image)) continue;
    const what = `${keyword} (column ${column.name})`;
    const detail = conflictText(what, inDicom === null, isWhole);
    const details = {
      path: image.onDisk!.plan.dicom!.path,
      detail,
      expected: cellText(inJson),
      found: cellText(inDicom),
    };
    context.ofImage('tag_conflict', study, image, details);
  }
}

/** Which of two headers says what, and whose value is used. */
function conflictText(what: string, isOnlyInJson: boolean, isWhole: boolean): string {
  if (isOnlyInJson) return `${what} has a value in the JSON, which is used, and none in the DICOM header.`;
  return isWhole
    ? `${what} differs between the DICOM header, whose value is used, and the JSON.`
    : `${what} differs between the DICOM header, which ended early, and the JSON, whose value is used.`;
}

function isReported(invalid: readonly InvalidValue[], index: number): boolean {
  return invalid.some((value) => value.index === index && value.kind !== 'value_respelled');
}

function cellText(cell: Cell): string | null {
  if (cell === null) return null;
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}
