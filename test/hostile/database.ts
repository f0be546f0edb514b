import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AnyRow } from '../../schemas/column.js';
import { folderOfProcess } from '../helpers/cli.js';
import { EXPLICIT, header, MODALITY, part10, text } from '../helpers/dicom-bytes.js';
import { flattenDatabase } from '../helpers/flat-database.js';

/** A database made by hand in a folder of its own: two clients of which each file pairs up, to be spoilt by a test. */

export const STUDY = '1.2.1';
export const SERIES = '1.2.1.1';
export const IMAGE = '1.2.1.1.1';

const scratch = folderOfProcess();
let count = 0;

export class Database {
  readonly folder = join(scratch, `db${++count}`);
  readonly out = join(scratch, `out${count}`);

  constructor() {
    for (const number of [1, 2]) this.addClient(number);
  }

  /** Path below the database's folder, e.g. of `data/optm1/nbss_optm1.json`. */
  at(path: string): string {
    return join(this.folder, path);
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), content);
  }

  /** Replaces the client's own file; `json` is JSON text or a value. */
  imagedb(json: string | Buffer | object): void {
    this.write('data/optm1/imagedb_optm1.json', asText(json));
  }

  nbss(json: string | Buffer | object): void {
    this.write('data/optm1/nbss_optm1.json', asText(json));
  }

  imageJson(json: string | Buffer | object): void {
    this.write(`data/optm1/${STUDY}/${IMAGE}.json`, asText(json));
  }

  dicom(bytes: Buffer): void {
    this.write(`images/optm1/${STUDY}/${IMAGE}.dcm`, bytes);
  }

  private addClient(number: number): void {
    const id = `optm${number}`;
    const study = `1.2.${number}`;
    this.write(`data/${id}/imagedb_${id}.json`, asText(goodImagedb(number)));
    this.write(`data/${id}/nbss_${id}.json`, asText(goodNbss(number)));
    this.write(`data/${id}/${study}/${study}.1.1.json`, asText(goodHeader(number)));
    this.write(`images/${id}/${study}/${study}.1.1.dcm`, goodDicom(number));
  }
}

const asText = (json: string | Buffer | object) =>
  typeof json === 'string' || Buffer.isBuffer(json) ? json : JSON.stringify(json);

export function goodImagedb(number = 1) {
  const mark = { X1: '1', Y1: '1', X2: '3', Y2: '4', LinkedNBSSLesionNumber: 'UNLINKED' };
  const image = { [`1.2.${number}.1.1`]: { '1': mark } };
  const study = { StudyDate: '2010-05-01', EpisodeID: '7', [`1.2.${number}.1`]: image };
  return { ClientID: `optm${number}`, STUDIES: { [`1.2.${number}`]: study } };
}

export function goodNbss(number = 1) {
  return {
    ClientID: `optm${number}`,
    Classification: 'N',
    '7': { SCREENING: { L: { DateTaken: '2010-05-01' } } },
  };
}

export function goodHeader(number = 1): Record<string, unknown> {
  const study = `1.2.${number}`;
  return {
    '00080018': { vr: 'UI', Value: [`${study}.1.1`] },
    '00080060': { vr: 'CS', Value: ['MG'] },
    '0020000D': { vr: 'UI', Value: [study] },
    '0020000E': { vr: 'UI', Value: [`${study}.1`] },
  };
}

/** Elements of a mammogram up to its pixels. */
export function goodElements(number = 1): Buffer[] {
  const study = `1.2.${number}`;
  const uids = [text(0x0020000d, 'UI', `${study}\0`), text(0x0020000e, 'UI', `${study}.1\0`)];
  return [text(0x00080018, 'UI', `${study}.1.1\0`), MODALITY, ...uids];
}

export function goodDicom(number = 1): Buffer {
  return part10(EXPLICIT, ...goodElements(number), header(0x7fe00010, 4, 'OW'), Buffer.alloc(4));
}

/** What a run makes of a database. */
export class Findings {
  private constructor(
    private readonly rows: ReadonlyMap<string, readonly AnyRow[]>,
    readonly mismatches: readonly Readonly<Record<string, unknown>>[],
  ) {}

  /** Reads a database as a worker thread does, column builders included, which refuse wrong types. */
  static of(database: Database, followLinks = false): Findings {
    const roots = { data: database.at('data'), images: database.at('images'), nbss: null };
    const { rows, mismatches } = flattenDatabase(roots, undefined, undefined, followLinks);
    return new Findings(
      rows,
      mismatches.map((row) => ({ ...row })),
    );
  }

  table(name: string, client = 'optm1'): readonly AnyRow[] {
    return (this.rows.get(name) ?? []).filter((row) => row['client_id'] === client);
  }

  /** The mismatches as `kind path`, sorted: of one client and of the database as a whole. */
  kinds(): string[] {
    return this.mismatches
      .filter((row) => row['client_id'] !== 'optm2')
      .map((row) => `${String(row['kind'])} ${String(row['path'])}`)
      .sort();
  }

  /** How many rows a client has in the tables that each good client has one row in, and how many mismatches. */
  summary(client: string): string {
    const tables = ['clients', 'episodes', 'studies', 'images', 'marks'];
    const counts = tables.map((name) => `${this.table(name, client).length} ${name}`);
    const mismatches = this.mismatches.filter((row) => row['client_id'] === client).length;
    return [...counts, `${mismatches} mismatches`].join(', ');
  }
}

/** What `Findings.summary` says of a client to which nothing was done. */
export const UNTOUCHED = '1 clients, 1 episodes, 1 studies, 1 images, 1 marks, 0 mismatches';
