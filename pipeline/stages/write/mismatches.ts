import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Severity } from '../../../schemas/mismatch-kind.js';
import type { MismatchKind } from '../../../schemas/mismatch-kinds.js';
import { mismatches } from '../../../schemas/tables/mismatches.js';
import { NewFile } from '../../storage/new-file.js';
import type { RowFile } from './format.js';
import { formatNamed, partPath, type FormatName, type Formats } from './formats.js';
import type { MismatchRow } from './mismatch-row.js';
import type { WrittenPart } from './part.js';
import type { PartReceipt } from './part-file.js';

export interface MismatchCounts {
  readonly total: number;
  readonly by_kind: Partial<Record<MismatchKind, number>>;
  readonly by_severity: Record<Severity, number>;
}

export interface WrittenMismatches {
  readonly counts: MismatchCounts;
  readonly table: WrittenPart;
  /** `mismatches.jsonl`. */
  readonly lines: PartReceipt;
}

const JSONL = 'mismatches.jsonl';

/** The file of the table in one format. */
interface TableFile {
  readonly format: FormatName;
  readonly path: string;
  readonly rows: RowFile;
}

/** Streams mismatches, in the order given, to `mismatches.jsonl` and to the table `mismatches`; their hashes to a file. */
export class MismatchWriter {
  private readonly byKind: Partial<Record<MismatchKind, number>> = {};
  private readonly bySeverity: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  private total = 0;

  private constructor(
    private readonly lines: NewFile,
    private readonly hashes: NewFile,
    private readonly tableFiles: readonly TableFile[],
  ) {}

  /** @param hashes file that gets the sha256 of each line, a line each */
  static async open(snapshot: string, hashes: string, formats: Formats): Promise<MismatchWriter> {
    const tableFiles: TableFile[] = [];
    for (const format of formats) {
      const path = partPath(format, mismatches.name, mismatches.name);
      const rows = await formatNamed(format).openRows(join(snapshot, path), mismatches);
      tableFiles.push({ format, path, rows });
    }
    return new MismatchWriter(new NewFile(join(snapshot, JSONL)), new NewFile(hashes), tableFiles);
  }

  async append(row: MismatchRow): Promise<void> {
    const kind = row.kind as MismatchKind;
    this.total++;
    this.byKind[kind] = (this.byKind[kind] ?? 0) + 1;
    this.bySeverity[row.severity as Severity]++;
    const line = JSON.stringify(row);
    this.lines.write(Buffer.from(`${line}\n`));
    this.hashes.write(Buffer.from(`${createHash('sha256').update(line).digest('hex')}\n`));
    for (const { rows } of this.tableFiles) await rows.append(row);
  }

  /** Gives all files up. */
  abandon(): void {
    this.lines.abandon();
    this.hashes.abandon();
    for (const { rows } of this.tableFiles) rows.abandon();
  }

  async close(): Promise<WrittenMismatches> {
    const rows = this.total;
    const table: Partial<Record<FormatName, PartReceipt>> = {};
    for (const file of this.tableFiles)
      table[file.format] = { path: file.path, rows, ...(await file.rows.finish()) };
    this.hashes.finishUnsynced();
    return {
      counts: { total: rows, by_kind: this.byKind, by_severity: this.bySeverity },
      table: table as WrittenPart,
      lines: { path: JSONL, rows, ...this.lines.finishUnsynced() },
    };
  }
}
