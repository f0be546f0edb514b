import { GrowingBuffer } from '../base/buffers.js';
import { DicomHeaderReader, type DicomHeader } from '../dicom/dicom-header.js';
import { JsonHeaderReader, type JsonHeader } from '../dicom/json-header.js';
import type { TagSelection } from '../dicom/tag-selection.js';
import {
  JsonError,
  MAX_JSON_BYTES,
  parseJsonObject,
  type JsonObject,
  type ParsedJson,
} from '../omi-db/json.js';
import { ClientBudget } from './budgets.js';
import type { Source } from '../source/source.js';
import type { Report } from '../../schemas/mismatch-kinds.js';
import { noReadCounts, type ReadCounts } from './read-counts.js';
import { reportOddElements, reportOddities, sentence, type Where } from './oddities.js';
import type { ClientPlan, ImagePlan, PlannedFile } from './discover.js';

/**
 * Extract: reads one client's files. Records are as in the source; what cannot be read is reported and null here.
 */

export interface ClientRecord {
  readonly plan: ClientPlan;
  readonly imagedb: JsonFile | null;
  readonly nbss: JsonFile | null;
  readonly studies: readonly StudyRecord[];
  /** True of a client over the limits: nothing of her was read, and what she has is not known. */
  readonly tooLarge: boolean;
}

export interface JsonFile {
  readonly path: string;
  readonly object: JsonObject;
  /** The text of the file: its order of keys is not that of the object (see KeyOrder). */
  readonly text: string;
}

export interface StudyRecord {
  readonly uid: string;
  readonly inData: boolean;
  readonly inImages: boolean;
  readonly images: readonly ImageRecord[];
}

export interface ImageRecord {
  readonly plan: ImagePlan;
  /** The header as JSON; null when there is none or it is unreadable. */
  readonly json: JsonHeader | null;
  readonly jsonBytes: number | null;
  /** The content of a second JSON file (`X.dcm.json` beside `X.json`), kept whole when it says anything else. */
  readonly secondJson: JsonObject | null;
  readonly dicom: DicomHeader | null;
}

/** Reads clients; one per worker thread, because it owns the buffers that are used again for every file. */
export class ClientReader {
  private counts = noReadCounts();
  private budget = new ClientBudget();
  private readonly dicomReader: DicomHeaderReader;
  private readonly jsonReader: JsonHeaderReader;
  private readonly buffer = new GrowingBuffer(256 * 1024);

  constructor(
    private readonly source: Source,
    selection: TagSelection,
  ) {
    this.jsonReader = new JsonHeaderReader(selection);
    this.dicomReader = new DicomHeaderReader(selection);
  }

  /**
   * Reads everything of a client. `headers: false` leaves out the image headers, both JSON and DICOM.
   * @throws TooLargeFault when there is more than one client may have
   */
  read(plan: ClientPlan, headers: boolean, report: Report): ClientRecord {
    this.budget = new ClientBudget();
    return {
      plan,
      tooLarge: false,
      imagedb: this.clientFile(plan, plan.imagedb, report),
      nbss: this.clientFile(plan, plan.nbss, report),
      studies: plan.studies.map((study) => ({
        ...study,
        images: study.images.map((image) =>
          headers ? this.image(plan.clientId, study.uid, image, report) : unreadImage(image),
        ),
      })),
    };
  }

  /** Bytes that were read of the last client. */
  get clientBytes(): number {
    return this.budget.bytes;
  }

  /** What was read since the last call. */
  takeCounts(): ReadCounts {
    const { counts } = this;
    this.counts = noReadCounts();
    return { ...counts, unread: this.source.takeFailures() };
  }

  private clientFile(plan: ClientPlan, file: PlannedFile | null, report: Report): JsonFile | null {
    if (file === null) return null;
    const parsed = this.json(file, { client_id: plan.clientId }, report);
    return parsed === null ? null : { path: file.path, object: parsed.object, text: parsed.text };
  }

  private image(clientId: string, study: string, plan: ImagePlan, report: Report): ImageRecord {
    const where = { client_id: clientId, study_instance_uid: study, sop_instance_uid: plan.uid };
    const read =
      plan.secondJson === null
        ? this.oneHeader(plan, where, report)
        : this.twoHeaders(plan, plan.secondJson, where, report);
    const dicom = plan.dicom === null ? null : this.dicom(plan.dicom, where, report);
    const { json, jsonBytes, secondJson } = read;
    return { plan: read.plan, json, jsonBytes, secondJson, dicom };
  }

  private oneHeader(plan: ImagePlan, where: Where, report: Report): JsonViews {
    const file = plan.json;
    const found =
      file === null
        ? null
        : this.withBytes(file, where, report, (bytes) => {
            const known = this.jsonReader.readBytes(bytes);
            const header = known ?? this.jsonReader.read(parse(bytes, file, where, report).object);
            return { header, bytes: bytes.length };
          });
    return { plan, json: found?.header ?? null, jsonBytes: found?.bytes ?? null, secondJson: null };
  }

  private twoHeaders(plan: ImagePlan, secondFile: PlannedFile, where: Where, report: Report): JsonViews {
    const parsed = plan.json === null ? null : this.json(plan.json, where, report);
    const second = this.json(secondFile, where, report);
    // The second spelling stands in where the first cannot be read: they change places.
    const swap = parsed === null && second !== null;
    const used = parsed ?? second;
    return {
      plan: swap ? { ...plan, json: plan.secondJson, secondJson: plan.json } : plan,
      json: used === null ? null : this.jsonReader.read(used.object),
      jsonBytes: used?.bytes ?? null,
      secondJson: parsed !== null && second !== null && parsed.text !== second.text ? second.object : null,
    };
  }

  private dicom(file: PlannedFile, where: Where, report: Report): DicomHeader | null {
    if (file.isOutside === true) return null;
    try {
      const header = this.dicomReader.read(this.source.open(file.tree, file.path));
      this.countDicom(header);
      if (header.state === 'unreadable') {
        report({ kind: 'dicom_unreadable', ...where, path: file.path, detail: sentence(header.reason) });
      } else reportOddElements(header, file.path, where, report);
      return header;
    } catch (error) {
      const detail = `The DICOM file cannot be read: ${this.source.explain(error, file.tree)}.`;
      report({ kind: 'dicom_unreadable', ...where, path: file.path, detail });
      return null;
    }
  }

  private countDicom({ fileBytes, bytesRead }: DicomHeader): void {
    this.budget.spend(bytesRead);
    this.counts.dicomFiles++;
    this.counts.dicomBytesOnDisk += fileBytes;
    this.counts.dicomBytesRead += bytesRead;
    this.counts.dicomBytesReadMax = Math.max(this.counts.dicomBytesReadMax, bytesRead);
  }

  private json(file: PlannedFile, where: Where, report: Report): (ParsedJson & { bytes: number }) | null {
    return this.withBytes(file, where, report, (bytes) => ({
      ...parse(bytes, file, where, report),
      bytes: bytes.length,
    }));
  }

  /** What is made of a JSON file's bytes; null after reporting why they cannot be read. */
  private withBytes<T>(file: PlannedFile, where: Where, report: Report, use: (bytes: Buffer) => T): T | null {
    if (file.isOutside === true) return null;
    try {
      return use(this.bytes(file));
    } catch (error) {
      const reason = error instanceof JsonError ? error.message : this.source.explain(error, file.tree);
      report({ kind: 'json_unreadable', ...where, path: file.path, detail: sentence(reason) });
      return null;
    }
  }

  /** A file's bytes, in the reader's own buffer: valid until the next file is read. */
  private bytes({ tree, path }: PlannedFile): Buffer {
    const file = this.source.open(tree, path);
    const { size } = file;
    try {
      if (size > MAX_JSON_BYTES)
        throw new JsonError(`the file has ${size} bytes, more than the limit of ${MAX_JSON_BYTES}`);
      this.budget.spend(size);
      const buffer = this.buffer.room(size);
      const length = file.read(buffer, 0, size, 0);
      this.counts.jsonFiles++;
      this.counts.jsonBytes += length;
      return buffer.subarray(0, length);
    } finally {
      file.close();
    }
  }
}

/** What an image's JSON files say. */
type JsonViews = Omit<ImageRecord, 'dicom'>;

function parse(bytes: Buffer, file: PlannedFile, where: Where, report: Report): ParsedJson {
  const parsed = parseJsonObject(bytes);
  reportOddities(parsed, file.path, where, report);
  return parsed;
}

function unreadImage(plan: ImagePlan): ImageRecord {
  return { plan, json: null, jsonBytes: null, secondJson: null, dicom: null };
}
