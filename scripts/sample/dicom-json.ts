import type { Dataset, Element } from './dicom-writer.js';
import type { Json, JsonObject } from './values.js';

/** Binary up to this size stands in the JSON itself, larger is only pointed to. */
const INLINE_LIMIT = 64;

/**
 * A dataset in the DICOM JSON model (PS3.18 annex F).
 * @param dataset elements, the file-meta group among them if wanted
 * @param bulkData start of the URIs that stand for what is not inline
 */
export function dicomJson(dataset: Dataset, bulkData: string): JsonObject {
  const ordered = [...dataset].sort((a, b) => a.tag - b.tag);
  return Object.fromEntries(
    ordered.map((element) => [
      tagText(element.tag),
      elementJson(element, `${bulkData}/${tagText(element.tag)}`),
    ]),
  );
}

/** A tag as the JSON's keys write it: eight hex digits, upper case. */
export function tagText(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(8, '0');
}

function elementJson(element: Element, uri: string): JsonObject {
  const { vr, value } = element;
  // PS3.18 F.2.5: no Value where the element is empty.
  if (value.length === 0) return { vr };
  if (Buffer.isBuffer(value))
    return value.length <= INLINE_LIMIT
      ? { vr, InlineBinary: evenLength(value).toString('base64') }
      : { vr, BulkDataURI: uri };
  return { vr, Value: values(element, uri) };
}

function values(element: Element, uri: string): Json[] {
  switch (element.vr) {
    case 'SQ':
      return element.value.map((item, i) => dicomJson(item, `${uri}/${i}`));
    case 'PN':
      return element.value.map((Alphabetic) => ({ Alphabetic }));
    case 'OB':
    case 'OW':
    case 'UN':
      return [];
    default:
      // An empty value between others is null (PS3.18 F.2.5).
      return element.value.map((value) => (value === '' ? null : value));
  }
}

function evenLength(bytes: Buffer): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
}
