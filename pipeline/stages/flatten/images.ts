import type { AnyRow } from '../../../schemas/column.js';
import { sameCell } from '../../dicom/header-values.js';
import { imagesTable } from '../../../schemas/tables/images.js';
import type { TagSelection } from '../../dicom/tag-selection.js';
import type { JsonElement } from '../../dicom/json-element.js';
import { isElementKey } from '../../dicom/json-values.js';
import { emptyExtra, extraText, isEmptyExtra, keepUnder, type Extra } from '../../omi-db/extra.js';
import type { ImageRecord } from '../extract.js';
import type { JoinedImage, JoinedStudy } from '../join.js';
import type { ImagedbContext } from './imagedb-context.js';

/** The row of an image in `images`: where its files lie, and the selected tags of the header that was chosen. */
export function imageRow(
  study: JoinedStudy,
  image: JoinedImage,
  selection: TagSelection,
  context: ImagedbContext,
): AnyRow {
  const { header } = image;
  const row = { ...emptyRow(selection) };
  Object.assign(row, {
    client_id: context.clientId,
    study_instance_uid: study.uid,
    sop_instance_uid: image.uid,
    series_instance_uid: image.seriesUid,
    in_imagedb: image.listed.length > 0,
    tags_from: header?.from ?? null,
    ...fileCells(image.onDisk),
    mark_count: image.listed.reduce((sum, place) => sum + place.marks.length, 0),
    extra: imageExtra(image, selection, context),
  });
  if (header !== null) {
    const { cells } = header.values;
    for (let i = 0; i < cells.length; i++) row[selection.tags[i]!.column.name] = cells[i]!;
  }
  return row;
}

const emptyRows = new WeakMap<TagSelection, AnyRow>();

/** Made in one go, not key by key: V8 copies such an object far faster. */
function emptyRow(selection: TagSelection): AnyRow {
  const known = emptyRows.get(selection);
  if (known !== undefined) return known;
  const { columns } = imagesTable(selection.tags.map(({ column }) => column));
  const row = Object.fromEntries(columns.map(({ name }) => [name, null]));
  emptyRows.set(selection, row);
  return row;
}

/** Where an image's files lie, and their sizes. */
function fileCells(onDisk: ImageRecord | null): AnyRow {
  if (onDisk === null) return { has_json: false, has_dicom: false };
  const { plan, jsonBytes, dicom } = onDisk;
  return {
    has_json: plan.json !== null,
    has_dicom: plan.dicom !== null,
    json_path: plan.json?.path ?? null,
    dicom_path: plan.dicom?.path ?? null,
    json_bytes: jsonBytes,
    dicom_bytes: dicom?.fileBytes ?? null,
    pixel_data_offset: dicom === null || dicom.state === 'unreadable' ? null : dicom.pixelDataOffset,
  };
}

/**
 * What no column holds: elements of the JSON header, keys beside the marks in imagedb, and the content of a second JSON
 * file. Elements have keys of eight hex digits, the second file the key `<uid>.dcm.json`.
 */
function imageExtra(image: JoinedImage, selection: TagSelection, context: ImagedbContext): string | null {
  const left = image.onDisk?.json?.left ?? [];
  for (const { key } of left) {
    if (!isElementKey(key)) context.noteUnknownIn(image.onDisk!.plan.json!.path, 'images', key);
  }
  const overruled = overruledElements(image);
  // Nothing but elements that are left over, for nearly every image: their texts were made when they were met first.
  if (overruled.length === 0 && hasNothingBeside(image))
    return left.length === 0 ? null : `{${left.map(({ text }) => text).join(',')}}`;
  const extra = emptyExtra();
  for (const { key, element } of [...left, ...overruled]) extra[key] = element;
  keepFurtherValues(image, selection, extra);
  keepBeside(image, context, extra);
  return extraText(extra);
}

/** What imagedb and a second JSON file have of the image beside marks and elements. */
function keepBeside({ uid, listed, onDisk }: JoinedImage, context: ImagedbContext, extra: Extra): void {
  for (const place of listed) {
    context.noteUnknown('images', place.extra);
    for (const key of Object.keys(place.extra)) keepUnder(extra, key, place.extra[key]);
  }
  const second = onDisk?.secondJson ?? null;
  if (second !== null) keepUnder(extra, `${uid}.dcm.json`, second);
}

function hasNothingBeside({ header, listed, onDisk }: JoinedImage): boolean {
  const hasFurtherValues = header?.from === 'dicom' && header.values.multiple.length > 0;
  return (
    !hasFurtherValues &&
    listed.every((place) => isEmptyExtra(place.extra)) &&
    (onDisk?.secondJson ?? null) === null
  );
}

/** Values of the DICOM header beyond the first, of columns that hold one; of the JSON header they are in its elements. */
function keepFurtherValues({ header }: JoinedImage, { tags }: TagSelection, extra: Extra): void {
  if (header?.from !== 'dicom') return;
  for (const { index, values } of header.values.multiple) extra[`dicom.${tags[index]!.column.name}`] = values;
}

/** Where the DICOM header gave the columns: the elements of the JSON header that say something else. */
function overruledElements({ onDisk, header }: JoinedImage): readonly JsonElement[] {
  const json = onDisk?.json ?? null;
  if (json === null || header?.from !== 'dicom') return [];
  const { cells } = header.values;
  return json.held.filter(
    ({ heldBy }) => !sameCell(cells[heldBy!] ?? null, json.values.cells[heldBy!] ?? null),
  );
}
