import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { DicomHeaderReader, type DicomHeader } from '../../pipeline/dicom/dicom-header.js';
import { JsonHeaderReader } from '../../pipeline/dicom/json-header.js';
import { JsonError, parseJsonObject, type ParsedJson } from '../../pipeline/omi-db/json.js';
import { interpret } from '../../pipeline/model/interpret.js';
import { SelectedTags } from '../../pipeline/model/selected-tags.js';
import { NO_MONTHS } from '../helpers/months.js';
import type { ClientRecord } from '../../pipeline/stages/extract.js';
import { reconcile } from '../../pipeline/stages/reconcile/client.js';
import { clientBuilders } from '../../pipeline/stages/write/client-builders.js';
import { mismatchRow } from '../../pipeline/stages/write/mismatch-row.js';
import { appendRows } from '../../pipeline/tables/index.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { clientTables } from '../../schemas/tables/index.js';
import { shippedTags } from '../helpers/flat-database.js';
import { namedRows } from '../helpers/rows.js';

/** The files of one client with one image, as bytes. */
export interface Input {
  readonly imagedb: Buffer;
  readonly nbss: Buffer;
  readonly header: Buffer;
  readonly dicom: Buffer;
}

const STUDY = '1.2.3';
const IMAGE = '1.2.3.4';
const ROOTS = { data: '/data', images: '/images', nbss: null };
const ROWS_TO_FLUSH = 5000;

const selection = shippedTags();
const reader = new DicomHeaderReader(selection);
const tagColumns = selection.tags.map(({ column }) => column);
const tables = clientTables(tagColumns);
const settings = { tags: new SelectedTags(selection), months: NO_MONTHS };

/** What a worker thread does with the files of a client, with the checks of what comes out. */
export class Target {
  private builders = clientBuilders(tagColumns);
  private rows = 0;

  /** @param file where DICOM files are put to be read */
  constructor(private readonly file: string) {}

  /** @throws what the pipeline should not have thrown, or an AssertionError about what it made */
  try(input: Input): void {
    const mismatches: Mismatch[] = [];
    const report = (mismatch: Mismatch) => mismatches.push(mismatch);
    const record = this.record(input);
    const client = interpret(record, settings, report);
    reconcile(client, ROOTS, report);
    const byTable = namedRows(client);
    appendRows(client, this.builders);
    for (const { name, key } of tables) {
      const rows = byTable[name]!;
      for (const row of rows) assertText(row, name);
      this.rows += rows.length;
      const keys = new Set(rows.map((row) => JSON.stringify(key.map((column) => row[column]))));
      assert.equal(keys.size, rows.length, `a key of ${name} stands twice`);
    }
    for (const mismatch of mismatches)
      assertText(JSON.parse(JSON.stringify(mismatchRow(mismatch))) as object, 'mismatches');
    if (this.rows > ROWS_TO_FLUSH) this.flush();
  }

  flush(): void {
    for (const builder of Object.values(this.builders)) builder.finish();
    this.builders = clientBuilders(tagColumns);
    this.rows = 0;
  }

  /** What was read of the inputs that did not change since the last call. */
  private readonly known = new WeakMap<Buffer, unknown>();

  private once<T>(bytes: Buffer, read: (bytes: Buffer) => T): T {
    if (!this.known.has(bytes)) this.known.set(bytes, read(bytes));
    return this.known.get(bytes) as T;
  }

  private record({ imagedb, nbss, header, dicom }: Input): ClientRecord {
    const json = this.once(header, parse);
    const jsonHeader = json === null ? null : new JsonHeaderReader(selection).read(json.object);
    const files = { tree: 'data', path: 'x' } as const;
    const plan = { uid: IMAGE, json: files, secondJson: null, dicom: files };
    const image = {
      plan,
      json: jsonHeader,
      jsonBytes: 1,
      secondJson: null,
      dicom: this.once(dicom, (bytes) => this.dicom(bytes)),
    };
    const study = { uid: STUDY, inData: true, inImages: true };
    return {
      plan: {
        clientId: 'optm1',
        inData: true,
        inImages: true,
        imagedb: files,
        nbss: files,
        studies: [{ ...study, images: [plan] }],
        unreadable: [],
      },
      tooLarge: false,
      imagedb: asFile(this.once(imagedb, parse)),
      nbss: asFile(this.once(nbss, parse)),
      studies: [{ ...study, images: [image] }],
    };
  }

  private dicom(bytes: Buffer): DicomHeader {
    writeFileSync(this.file, bytes);
    return reader.read(openLocalFile(this.file));
  }
}

/** A JsonError is the one documented error. */
function parse(bytes: Buffer): ParsedJson | null {
  try {
    return parseJsonObject(bytes);
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

const asFile = (parsed: ParsedJson | null) =>
  parsed && { path: 'x', object: parsed.object, text: parsed.text };

const HALF_CHARACTER = /\p{Surrogate}/u;

/** Every text has to have an UTF-8. */
function assertText(row: object, table: string): void {
  for (const [column, cell] of Object.entries(row) as [string, unknown][])
    for (const part of Array.isArray(cell) ? (cell as unknown[]) : [cell])
      if (typeof part === 'string') assert.doesNotMatch(part, HALF_CHARACTER, `${table}.${column}`);
}
